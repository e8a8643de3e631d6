"""Every public listing as the scorer sees it on a day. Pure."""

from datetime import date
from typing import Any

from matching.scoring import facts
from matching.scoring.facts import Offer
from matching.search.documents import Document


def seen(document: Document, day: date) -> dict[str, Any]:
    """What counts of a listing beside its release: {"certificate_valid", "capacity_per_quarter", "alliance"}.

    Of a bundle also "lent", the records of its least proven part.
    """
    return {
        "certificate_valid": day <= document.certificate_expires_on,
        "capacity_per_quarter": document.vendor_capacity,
        "alliance": document.alliance,
        **({"lent": [dict(record) for record in document.lent]} if document.lent else {}),
    }


def offer_of(document: Document, day: date) -> Offer:
    """The listing with its vendor's facts as they stand on that day."""
    return facts.offer_from_content(document.content, listing=document.id, **seen(document, day))
