"""What of its parts' records stands for a bundle: it is proven as far as its least proven part is. Pure."""

from typing import NamedTuple

from catalog.content import Backing, Records, field_sites
from matching.scoring import axes, facts
from matching.scoring.facts import Need, Offer

#: Strongest first; of a listing without either the documents were judged.
MEASURED = ("field", "test_report")
DOCUMENT = "document"
#: A site in whose division nothing was measured.
_NOWHERE = Need((), None, None, None, None, (), None, None)


class Proven(NamedTuple):
    """How far a listing is proven.

    Attributes:
        best: the strongest kind of measured record, "document" without one.
        field_sites, test_reports: how many of each.
    """

    best: str
    field_sites: int
    test_reports: int


def proven(evidence: Records, backing: Backing = ()) -> Proven:
    """Return what the records of a listing prove, or of a bundle what all its parts do at the least.

    Args:
        evidence: the listing's own records; those of a bundle are of the whole and stand beside each part's.
        backing: empty for what is no bundle.
    """
    each = [_proven((*records, *evidence)) for records in backing or ((),)]
    best = max((one.best for one in each), key=(*MEASURED, DOCUMENT).index)
    alike = [one for one in each if one.best == best]
    return Proven(
        best,
        min(one.field_sites for one in each),
        min(one.test_reports for one in (alike if best == "test_report" else each)),
    )


def lent(backing: Backing) -> Records:
    """Return the records that count in the fit: of the part that has the least value on the axis of evidence.

    The value is that for a site in whose division nothing was measured, so it does not depend on who asks.
    """
    return min(backing, key=_weight, default=())


def _weight(records: Records) -> tuple[float, int, int]:
    """Return the value on the axis, sites and reports; of equal ones the first counts, by the capabilities' names."""
    evidence = tuple(facts.evidence_of(record) for record in records)
    offer = Offer("", 1, 1, (), frozenset(), frozenset(), (), evidence, None, certificate_valid=True)
    shown = _proven(records)
    return axes.evidence(_NOWHERE, offer).value, shown.field_sites, shown.test_reports


def _proven(records: Records) -> Proven:
    kinds = [record["kind"] for record in records]
    best = next((kind for kind in MEASURED if kind in kinds), DOCUMENT)
    return Proven(best, field_sites(records), kinds.count("test_report"))
