"""A small real market for tests of matching: listings published through the desk, an index that follows them."""

from datetime import date

from catalog import publishing
from catalog.files.folder import FolderStore
from matching import matchmaking
from matching.search import vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.sync import Follower
from tests import factories

ANALYSER = BigramAnalyser(vocabulary.synonyms())


def follower():
    """A process's empty engine with its duty to follow."""
    return Follower(EmbeddedEngine(ANALYSER), ANALYSER)


class Market:
    """One vendor, one validator, one manufacturer, and everything that tests do with them."""

    def __init__(self, session, folder):
        self.session, self.store = session, FolderStore(folder)
        self.vendor = factories.company(session, "vendor", name="가람비전")
        self.validator = factories.company(session, "validator")
        self.maker = factories.company(session, "manufacturer")
        self.follower = follower()

    def publish(self, title="웰드아이", *, now=factories.NOW, expires_on=date(2027, 11, 20), **changes):
        """A public listing; two of them are alike but for their titles and what is changed."""
        return factories.published(
            self.session,
            self.vendor,
            self.validator,
            self.store,
            now=now,
            expires_on=expires_on,
            title=title,
            **changes,
        )

    def republish(self, listing, change):
        """A new edition of a public listing after `change(listing)`."""
        publishing.reopen(self.session, listing)
        change(listing)
        factories.approved(self.session, listing, self.validator)

    def demand(self, site=None, **changes):
        """A demand, at a site of its own unless one is given."""
        return factories.demand(self.session, site or factories.site(self.session, self.maker), **changes)

    def match(self, demand, today=factories.TODAY):
        """The ranked list, over the catalogue as it stands."""
        self.session.flush()
        self.follower.catch_up(self.session)
        found = matchmaking.match(self.session, self.follower.engine, demand, today)
        self.session.flush()
        return found
