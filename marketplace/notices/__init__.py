"""What people are told: one table of events, a row in the bell for each person, mail as each of them prefers.

docs/notices.md says how; `notices.tell` is the only door in.
"""

from marketplace.notices.digest import init_app
from marketplace.notices.telling import operators, tell

__all__ = ["init_app", "operators", "tell"]
