"""People: users, memberships, sessions, tokens; who may do what (`roles`), and who may fetch which row (`access`)."""
