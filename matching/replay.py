"""Compute a kept list again from the facts that it kept, and name everything that differs from what it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from catalog.canonical import fingerprint
from catalog.errors import NotFound
from catalog.models import Listing, Release
from matching import editions, keeping, ranking
from matching.models import Match, MatchList
from matching.scoring import explain, facts
from matching.scoring.facts import Need, Offer
from matching.scoring.weights import Weights

#: Releases read by one statement.
BATCH = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not come out as it was kept.

    Attributes:
        at: where: "facts", "need", "weights", "flips", "list", or the public id of a listing.
        field: what differs there, e.g. "score", "rank", "reasons", "release".
        stored, computed: both values; None where there is none.
    """

    at: str
    field: str
    stored: Any
    computed: Any


def replay(session: Session, kept: MatchList) -> list[Difference]:
    """Recompute the list from its own facts: need, releases, what counted beside them, weights. [] when all is same.

    Nothing of today counts: neither the catalogue's present state nor the weights in force nor today's partners.
    """
    found: list[Difference] = []
    digest = keeping.digest_of(kept)
    if digest != kept.facts_digest:
        found.append(Difference("facts", "digest", kept.facts_digest, digest))
    try:
        need = keeping.need_of_list(kept.need)
    except (KeyError, TypeError, ValueError, AttributeError):
        return [*found, Difference("need", "unreadable", kept.need, None)]
    weights = _weights(session, kept)
    if weights is None:
        return [*found, Difference("weights", "version", kept.weights, None)]
    offers, broken = _offers(session, kept)
    found += broken
    looked_at = len(kept.matches) + len(kept.excluded)
    if kept.beyond is None and kept.considered != looked_at:
        found.append(Difference("list", "considered", kept.considered, looked_at))
    again = ranking.rank(need, offers, weights, policy=kept.policy)
    found += _places(need, kept.matches, again)
    found += _left_out(kept.excluded, again)
    flips = keeping.plain(ranking.first_flips(need, again, weights, policy=kept.policy))
    if flips != kept.flips:
        found.append(Difference("flips", "flips", kept.flips, flips))
    return found


def _weights(session: Session, kept: MatchList) -> Weights | None:
    try:
        if kept.what_if is not None:
            return keeping.weights_of(kept.weights, kept.what_if)
        return editions.by_version(session, kept.weights)
    except (NotFound, KeyError, TypeError, ValueError):
        return None


def _offers(session: Session, kept: MatchList) -> tuple[list[Offer], list[Difference]]:
    """Every listing as it was seen then, and what cannot be read any more."""
    looked_at = {row.listing: (row.release, row.seen) for row in kept.matches}
    looked_at |= {row["listing"]: (row.get("release"), row.get("seen")) for row in kept.excluded}
    contents = _contents(session, [(listing, number) for listing, (number, _) in looked_at.items()])
    offers, broken = [], []
    for listing, (number, seen) in looked_at.items():
        release = contents.get((listing, number))
        if release is None or seen is None:
            broken.append(Difference(listing, "release" if release is None else "seen", number, None))
            continue
        content, known_hash = release
        if fingerprint(content) != known_hash:
            broken.append(Difference(listing, "release", known_hash, fingerprint(content)))
        try:
            offers.append(facts.offer_from_content(content, listing=listing, **seen))
        except (KeyError, TypeError, ValueError):
            broken.append(Difference(listing, "seen", seen, None))
    return offers, broken


def _contents(
    session: Session, wanted: Sequence[tuple[str, int | None]]
) -> dict[tuple[str, int | None], tuple[dict[str, Any], str]]:
    rows = select(Listing.public_id, Release.number, Release.content, Release.content_hash).join(
        Release, Release.listing_id == Listing.id
    )
    found: dict[tuple[str, int | None], tuple[dict[str, Any], str]] = {}
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for listing, number, content, known in session.execute(
            rows.where(tuple_(Listing.public_id, Release.number).in_(some))
        ):
            found[listing, number] = content, known
    return found


def _places(need: Need, kept: Sequence[Match], again: ranking.Ranking) -> Iterator[Difference]:
    computed = {place.offer.listing: place for place in again.placed}
    for match in kept:
        place = computed.pop(match.listing, None)
        if place is None:
            yield Difference(match.listing, "rank", match.rank, None)
            continue
        for field, stored, value in _compared(need, match, place):
            if stored != value:
                yield Difference(match.listing, field, stored, value)
    for listing, place in computed.items():
        yield Difference(listing, "rank", None, place.rank)


def _compared(need: Need, match: Match, place: ranking.Placed) -> Iterator[tuple[str, Any, Any]]:
    result = place.score
    yield "rank", match.rank, place.rank
    yield "rank_without_policy", match.rank_without_policy, place.rank_without_policy
    yield "score", match.fit, result.fit
    yield "policy", match.policy, result.policy_term
    yield "text", match.text, result.text_term
    for stored, part in zip_longest(match.parts, result.parts):
        axis = part.axis if part else stored.get("axis")
        yield f"axes/{axis}", stored, None if part is None else asdict(part)
    reasons = [keeping.plain(reason) for reason in explain.explain(need, place.offer, result)]
    yield "reasons", match.reasons, reasons
    for name, value in ranking.own_money(need, place).items():
        yield name, match.card.get(name), value


def _left_out(kept: Sequence[Mapping[str, Any]], again: ranking.Ranking) -> Iterator[Difference]:
    computed = {offer.listing: reason for offer, reason in again.excluded}
    for row in kept:
        reason = computed.pop(row["listing"], None)
        stored = {name: row.get(name) for name in ("code", "codes", "params")}
        value = (
            None
            if reason is None
            else {"code": reason.code, "codes": list(reason.codes), "params": keeping.plain(reason.params)}
        )
        if stored != value:
            yield Difference(row["listing"], "excluded", stored, value)
    for listing, reason in computed.items():
        yield Difference(listing, "excluded", None, reason.code)
