"""What the peers are given of listings: plain arrays, read by the scorer's functions, by nothing of the engine."""

from dataclasses import dataclass, field

import numpy as np

from matching.scoring import axes
from matching.scoring.facts import EvidenceFact, Need, Offer, offer_from_content
from matching.search.documents import PRICE_BANDS, VALIDATIONS

BANDS = [*(band.code for band in PRICE_BANDS), "on_request"]
UNKNOWN = -1
#: Values of one facet that a 64-bit integer can hold.
MOST = 62


class Places(dict):
    """Numbers for values in the order in which they are first asked for."""

    def __missing__(self, value):
        self[value] = len(self)
        return self[value]

    def bits(self, values):
        """Return a set of values as the bits of one integer."""
        return sum(1 << self[value] for value in values)


@dataclass
class Facts:
    """One value a listing, in the order of their ids, unless said otherwise.

    Attributes:
        row_of: id → place.
        places: for each coded column, value → number: sets (of industries, of divisions with a success, pairs of
            delivery) for `industry`, `shown`, `delivery`; single values for the bit sets.
        regions, interfaces, capabilities, divisions, levels: bit sets.
        evidence: 0–1 for a site in whose division nothing was measured.
        own: (division, listing, value there) of each listing with a success in a division.
        band, proof: places in `BANDS`, `VALIDATIONS`.
        plan_starts: (listings + 1,); plan_amount: (plans,) won, or `UNKNOWN`.
        plan_quality: (plans, capabilities) 0–5.
    """

    ids: list = field(default_factory=list)
    row_of: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    own: list = field(default_factory=list)
    plan_starts: np.ndarray = None
    plan_amount: np.ndarray = None
    plan_quality: np.ndarray = None

    def __getattr__(self, name):
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def size(self):
        return len(self.ids)

    def held(self, row):
        """Yield (facet, value) of everything that facets count of a listing."""
        for facet, column in SETS.items():
            mask = int(self.columns[column][row])
            for value, place in self.places[column].items():
                if mask >> place & 1:
                    yield facet, value
        yield "price", BANDS[self.band[row]]
        yield "validation", VALIDATIONS[self.proof[row]]


#: Facet → the column of bits that holds it.
SETS = {"capability": "capabilities", "industry": "divisions", "level": "levels", "region": "regions"}
_TYPES = {
    "last_day": np.int32, "level_from": np.uint8, "level_to": np.uint8, "regions": np.int64, "interfaces": np.int64,
    "capabilities": np.int64, "divisions": np.int64, "levels": np.int64, "industry": np.int32, "shown": np.int32,
    "delivery": np.int32, "evidence": np.float32, "alliance": np.uint8, "band": np.uint8, "proof": np.uint8,
}  # fmt: skip


def read(documents):
    """Return the facts of documents, which are in the order of their ids."""
    places = {
        name: Places() for name in ("industry", "shown", "delivery", "interfaces", "plans", *SETS.values())
    }
    rows, own, starts, amounts, qualities = [], [], [0], [], []
    for row, document in enumerate(documents):
        offer = _offer(document)
        rows.append(_row(document, offer, places))
        own.extend((division, row, value) for division, value in _own(offer))
        amounts.extend(
            UNKNOWN if plan.first_year_amount is None else plan.first_year_amount for plan in offer.plans
        )
        qualities.extend({places["plans"][c]: q for c, q in plan.quality.items()} for plan in offer.plans)
        starts.append(len(amounts))
    for name in ("interfaces", *SETS.values()):
        if len(places[name]) > MOST:
            raise ValueError(f"{name}: {len(places[name])} values, the bench holds {MOST}")
    quality = np.zeros((len(amounts), len(places["plans"])), np.uint8)
    for plan, entries in enumerate(qualities):
        quality[plan, list(entries)] = list(entries.values())
    return Facts(
        ids=[document.id for document in documents],
        row_of={document.id: row for row, document in enumerate(documents)},
        places=places,
        columns={
            name: np.array([row[at] for row in rows], of) for at, (name, of) in enumerate(_TYPES.items())
        },
        own=sorted(own),
        plan_starts=np.array(starts, np.int64),
        plan_amount=np.array(amounts, np.int64),
        plan_quality=quality,
    )


def _offer(document):
    return offer_from_content(
        document.content,
        listing=document.id,
        certificate_valid=True,
        capacity_per_quarter=document.vendor_capacity,
        alliance=document.alliance,
    )


def _row(document, offer, places):
    return (
        document.certificate_expires_on.toordinal(),
        offer.level_from,
        offer.level_to,
        places["regions"].bits(offer.regions),
        places["interfaces"].bits(offer.interfaces),
        places["capabilities"].bits(document.capabilities),
        places["divisions"].bits(document.divisions),
        places["levels"].bits(map(str, document.levels)),
        places["industry"][tuple(sorted(offer.industries))],
        places["shown"][tuple(sorted(axes.prior_divisions(offer)[0]))],
        places["delivery"][offer.install_weeks, offer.capacity_per_quarter],
        _evidence(offer.evidence, ""),
        offer.alliance,
        BANDS.index(document.price_band),
        VALIDATIONS.index(document.best_evidence),
    )


def _own(offer):
    divisions = {record.industry[1][:2] for record in offer.evidence if record.improved and record.industry}
    return [(division, _evidence(offer.evidence, division)) for division in divisions - {"C"}]


def _evidence(records: tuple[EvidenceFact, ...], division):
    need = Need((), None, None, ("11", division) if division else None, None, (), None, None)
    offer = Offer("", 1, 1, (), frozenset(), frozenset(), (), records, None, certificate_valid=True)
    return axes.evidence(need, offer).value
