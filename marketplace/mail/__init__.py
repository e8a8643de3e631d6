"""Mail: asked for through the outbox, delivered by the worker, once a key."""

from marketplace.mail.asking import TOPIC, ask
from marketplace.mail.folder import FolderMail
from marketplace.mail.post import Post, from_url
from marketplace.mail.smtp import SmtpMail

__all__ = ["TOPIC", "FolderMail", "Post", "SmtpMail", "ask", "from_url"]
