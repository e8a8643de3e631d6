"""Alliances: founded and described, members that come and go, charters that all of them accept, what they cover.

Every act holds the alliance's row until the commit and reads its members and charters afresh: of two acts at once the
second finds what the first did. docs/alliances.md tells the rules.
"""
