"""One state of one page, as the tests in the browser reach it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOWHERE = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Screen:
    """One state of one page.

    Attributes:
        endpoint: the page's.
        at: the path; "@name" is a path of the server's own; with `link`, the page on which that link stands.
        who: login of the person, "" for a visitor.
        server: "demo", "quiet" or "bundled".
        link: CSS selector of the link on `at` that leads to the screen, or of several on the way; `tail` goes behind
            the last one's address.
        form: CSS selector of the form to send; `typed` goes into its fields (by name) first.
        status: what the screen is answered with.
    """

    endpoint: str
    at: str
    who: str = ""
    server: str = "demo"
    link: str | tuple[str, ...] = ()
    tail: str = ""
    form: str = ""
    typed: Mapping[str, str | bytes] = field(default_factory=dict)
    status: int = 200

    def __str__(self):
        sent = f" {self.form}" if self.form else ""
        place = self.at.replace(NOWHERE, "no-such-id")[:60]
        return f"{self.endpoint} {self.who or 'visitor'}@{self.server} {place}{'+' * bool(self.link)}{sent}"

    @property
    def links(self):
        """The links on the way, one after the other."""
        return (self.link,) if isinstance(self.link, str) else self.link


def refused(endpoint, at, who, form="main form", server="quiet", **kwargs):
    """The screen of a form that is not accepted."""
    return Screen(endpoint, at, who, server, form=form, status=kwargs.pop("status", 422), **kwargs)
