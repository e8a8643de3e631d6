"""Where a listing would stand in the list of a demand, without making the list."""

from collections.abc import Mapping
from datetime import date

from matching import candidates
from matching.scoring import score
from matching.scoring.facts import Need, Offer
from matching.scoring.weights import Weights
from matching.search.engine import Engine


def offers_on(engine: Engine, day: date) -> dict[str, Offer]:
    """Every listing that is public on that day as the scorer sees it, by public id; read once for many demands."""
    return {
        document.id: candidates.offer_of(document, day)
        for document in engine.all()
        if document.is_visible_on(day)
    }


def place(need: Need, offers: Mapping[str, Offer], listing: str, edition: Weights) -> int | None:
    """The listing's place from 1, as `matchmaking.match` would rank it; None: it is left out, or not public."""
    own = offers.get(listing)
    if own is None or score.exclusion(need, own) is not None:
        return None
    key = score.order_key(score.score(need, own, edition), listing)
    return 1 + sum(
        score.order_key(score.score(need, other, edition), name) < key
        for name, other in offers.items()
        if name != listing and score.exclusion(need, other) is None
    )
