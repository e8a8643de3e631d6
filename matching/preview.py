"""What another edition of the weights would do: the same demands, ranked with both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import keeping
from matching.models import Demand, MatchList
from matching.models.demand import OPEN
from matching.scoring import facts
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MatchQuery

DEMANDS = 10
TOP = 10


@dataclass(frozen=True, slots=True)
class Place:
    """One listing in both lists: ranks from 1, None when it is not among the top ten of that list."""

    listing: str
    title: str
    title_en: str
    before: int | None
    after: int | None

    @property
    def rises(self) -> bool:
        """Whether it stands higher with the new edition."""
        return self.after is not None and (self.before is None or self.after < self.before)

    @property
    def falls(self) -> bool:
        """Whether it stands lower with the new edition."""
        return self.before is not None and (self.after is None or self.after > self.before)


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one demand. It says nothing of whose it is but industry and company level."""

    industry: Mapping[str, str] | None
    level: int | None
    places: tuple[Place, ...]

    @property
    def moved(self) -> int:
        """How many listings change their place among the top ten, or enter or leave them."""
        return sum(place.rises or place.falls for place in self.places)

    @property
    def first_changes(self) -> bool:
        """Whether another listing becomes the first."""
        return any((place.before == 1) != (place.after == 1) for place in self.places)


def effects(session: Session, engine: Engine, old: Weights, new: Weights, today: date) -> list[Effect]:
    """Rank what is public today for the ten newest demands with a list, once with each edition.

    The demands are open ones; each is taken as its newest list kept it.
    """
    needs = [keeping.need_of_list(kept) for kept in _saved_needs(session)]
    asked = [MatchQuery(today, need, edition, limit=TOP) for need in needs for edition in (old, new)]
    tops = [{hit.id: rank for rank, hit in enumerate(hits, start=1)} for hits in engine.match_many(asked)]
    documents = engine.documents({listing for top in tops for listing in top})
    pairs = zip(needs, tops[::2], tops[1::2], strict=True)
    return [_effect(need, documents, before, after) for need, before, after in pairs]


def _saved_needs(session: Session) -> Sequence[dict[str, Any]]:
    newest = (
        select(func.max(MatchList.id))
        .join(Demand, Demand.id == MatchList.demand_id)
        .where(Demand.state == OPEN)
        .group_by(Demand.id)
    )
    rows = select(MatchList.need).where(MatchList.id.in_(newest)).order_by(MatchList.id.desc())
    return session.scalars(rows.limit(DEMANDS)).all()


def _effect(
    need: facts.Need, documents: Mapping[str, Document], before: Mapping[str, int], after: Mapping[str, int]
) -> Effect:
    """Compare the first ten of both editions: listing → rank."""
    listed = sorted(
        documents.keys() & {*before, *after},
        key=lambda listing: (after.get(listing, TOP + before.get(listing, 0)), listing),
    )
    return Effect(
        industry=None if need.industry is None else {"revision": need.industry[0], "code": need.industry[1]},
        level=need.level,
        places=tuple(
            Place(
                listing,
                documents[listing].content["title"],
                documents[listing].content["title_en"],
                before.get(listing),
                after.get(listing),
            )
            for listing in listed
        ),
    )
