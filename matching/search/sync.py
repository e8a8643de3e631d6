"""Keep an index up to the catalogue. The database decides what is visible; the index is a copy of it."""

import secrets
import threading
import time
from pathlib import Path
from typing import Protocol

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from catalog import clock, counters
from catalog.bundle_states import BUNDLE
from catalog.bundles import knowing
from catalog.models import Certificate, Listing, Organization, Release
from catalog.validation import certificates
from matching.models import IndexState
from matching.search import vocabulary
from matching.search.analyser import Analyser
from matching.search.documents import Document, document_from_release
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import Engine

#: Counts how often a rebuild was asked for: every process that follows looks at it beside the revision.
REBUILD = "search.rebuild"
#: A random number that tells this catalogue from others, so that no index of another one is taken for its own.
NAME = "search.catalogue"
#: A process looks at the catalogue's revision at most this often.
CHECK_EVERY_SECONDS = 0.25

_GIVE_NAME = text("INSERT INTO counter (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")
_RENAME = text("UPDATE counter SET value = :value WHERE name = :name")


class Index(Protocol):
    """What a process has of an index, wherever that is."""

    #: How the engine is called in commands and in `IndexState`.
    name: str

    @property
    def seen(self) -> int:
        """The catalogue's revision when it was looked at last: a moment ago at the most while there are questions."""

    def current(self, session: Session) -> Engine:
        """An engine to read from, at most a moment behind the catalogue."""

    def fresh(self, session: Session) -> Engine:
        """An engine as far as the catalogue is now; for those who act on it."""

    def catch_up(self, session: Session) -> int:
        """Bring the index up to the catalogue; returns the revision reached."""

    def rebuild(self, session: Session) -> int:
        """Build it anew from the database; returns the revision reached."""

    def save(self, session: Session) -> bool:
        """Keep a snapshot if the index has moved since the last one; says whether one was written."""

    def trouble(self) -> str | None:
        """What is wrong with the index itself, "unreachable" or "unusable"; None for nothing."""


class Follower:
    """One process's engine with the duty to stay current: it replays the rows that are newer than its revision.

    Args:
        folder: where a snapshot of the index is kept; the first look at the catalogue opens it. None: there is none.
    """

    name = "embedded"

    def __init__(self, engine: EmbeddedEngine, analyser: Analyser, folder: Path | None = None) -> None:
        self.engine = engine
        self._analyser = analyser
        self._folder = folder
        self.seen = 0
        self._checked_at = float("-inf")
        self._replaying = threading.Lock()
        self._rebuilds: int | None = None
        self._saved: tuple[int, int] | None = None

    def current(self, session: Session) -> Engine:
        """The engine, at most CHECK_EVERY_SECONDS behind the catalogue."""
        if time.monotonic() - self._checked_at >= CHECK_EVERY_SECONDS:
            self.catch_up(session)
        return self.engine

    def catch_up(self, session: Session) -> int:
        """Replay everything that the engine has not seen; returns the revision reached."""
        with self._replaying:
            asked_at = time.monotonic()
            at = counters.several(session, (counters.CATALOG, REBUILD, NAME))
            revision, rebuilds = at[counters.CATALOG], at[REBUILD]
            if self._rebuilds is None:
                self._open(at[NAME], rebuilds, revision)
            elif rebuilds > self._rebuilds:
                self._replace_all(session, revision)
            if revision > self.engine.revision:
                upserts, deletes = self._changes(session, self.engine.revision)
                self.engine.apply(upserts, deletes, revision)
            self._rebuilds, self.seen = rebuilds, revision
            self._checked_at = asked_at
            return self.engine.revision

    def fresh(self, session: Session) -> Engine:
        """The engine as far as the catalogue is now; for those who act on it."""
        self.catch_up(session)
        return self.engine

    def rebuild(self, session: Session) -> int:
        """Build what `ask_rebuild` asked for; returns the revision reached."""
        return self.catch_up(session)

    def save(self, session: Session) -> bool:
        """Keep a snapshot if the index has moved since the last one; says whether one was written.

        Raises:
            OSError: the disk is full or cannot be written; the snapshot before stays in force.
        """
        self.catch_up(session)
        name = counters.current(session, NAME)
        at = self.engine.revision, self._rebuilds or 0
        if self._folder is None or not name or self._saved == at:
            return False
        self.engine.save(self._folder, catalogue=_stamp(name, at[1]))
        self._saved = at
        return True

    def trouble(self) -> None:
        """Nothing: the index is this process's own."""

    def _open(self, name: int, rebuilds: int, revision: int) -> None:
        """Begin with the snapshot, unless it is of another catalogue or from before a rebuild."""
        if self._folder is None or not name or self.engine.revision:
            return
        opened = EmbeddedEngine.open(
            self._analyser, self._folder, catalogue=_stamp(name, rebuilds), newest=revision
        )
        if opened.revision:
            self.engine, self._saved = opened, (opened.revision, rebuilds)

    def _replace_all(self, session: Session, revision: int) -> None:
        """Make every document anew from the database, in one step: searches never see a half-built index."""
        upserts, _ = self._changes(session, -1)
        kept = {document.id for document in upserts}
        gone = [document.id for document in self.engine.all() if document.id not in kept]
        self.engine.apply(upserts, gone, max(revision, self.engine.revision))

    def _changes(self, session: Session, after: int) -> tuple[list[Document], list[str]]:
        """What has changed since a revision: listings that are public now, and ids of those that are not."""
        rows = session.execute(
            select(
                Listing.public_id.label("listing_id"),
                Listing.kind,
                Organization.public_id.label("vendor_id"),
                Organization.name.label("vendor_name"),
                Organization.capacity_per_quarter.label("vendor_capacity"),
                Release.number,
                Release.content,
                Release.approved_at,
                Certificate.expires_on,
                Listing.broken_on,
            )
            .join(Organization, Organization.id == Listing.organization_id)
            .outerjoin(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
            .outerjoin(Certificate, Certificate.release_id == Release.id)
            .where(Listing.revision > after)
        ).all()
        bundles = [row.listing_id for row in rows if row.kind == BUNDLE and row.number is not None]
        backing = knowing.backing_of(session, bundles)
        upserts = [
            document_from_release(
                row.content,
                listing_id=row.listing_id,
                vendor_id=row.vendor_id,
                vendor_name=row.vendor_name,
                release_number=row.number,
                approved_on=clock.day_of(row.approved_at),
                certificate_expires_on=certificates.valid_until(row.expires_on, row.broken_on),
                analyser=self._analyser,
                label=vocabulary.label,
                vendor_capacity=row.vendor_capacity,
                backing=backing.get(row.listing_id, ()),
            )
            for row in rows
            if row.number is not None
        ]
        return upserts, [row.listing_id for row in rows if row.number is None]


def name_catalogue(session: Session, *, anew: bool = False) -> None:
    """Give this catalogue its name unless it has one.

    Args:
        anew: give it another: its rows went back in time, so no index that followed them is right any more.
    """
    values = {"name": NAME, "value": secrets.randbits(62)}
    session.execute(_GIVE_NAME, values)
    if anew:
        session.execute(_RENAME, values)


def _stamp(name: int, rebuilds: int) -> str:
    return f"{name}/{rebuilds}"


def ask_rebuild(session: Session) -> int:
    """Let every process build its index anew from the database once this transaction commits; returns how often
    that was asked for so far."""
    return counters.following(session, REBUILD)


def note_progress(session: Session, engine_name: str, revision: int) -> None:
    """Remember how far the index got; a late or repeated note never takes it back."""
    state = session.get(IndexState, engine_name, with_for_update=True)
    if state is None:
        session.add(IndexState(engine=engine_name, revision=revision))
    elif state.revision < revision:
        state.revision = revision
