"""From documents to what the server stores of them, and back."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from matching.scoring import axes
from matching.scoring.facts import Industry, Offer
from matching.search.documents import Document
from matching.search.elastic import packing
from matching.search.elastic.schema import DIVISIONS
from matching.search.embedded import columns, stored
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.columns import UNKNOWN_AMOUNT
from matching.search.embedded.segment import offer_on

#: Weeks and won that stand for "not known": behind every one that is known.
NO_WEEKS = 1_000_000
NO_COST = 9e17
#: A token of more UTF-16 units is stored by its digest, because the server would cut it.
_LONGEST = 255
#: Tags of listings without plans and of those to which the policy term applies.
NO_PLAN, ALLIANCE = "n", "a"
#: Tag of a listing that claims all manufacturing.
ALL_MANUFACTURING = "IC"


def token(text: str) -> str:
    """Return a token as the server keeps it."""
    if len(text) <= _LONGEST // 2 or len(text.encode("utf-16-le", "replace")) <= 2 * _LONGEST:
        return text
    return "\ue000" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def bodies(documents: Sequence[Document], revision: int) -> Iterator[dict[str, Any]]:
    """Yield what is stored of each document.

    Raises:
        ValueError, KeyError: a document's content is none that can be scored.
    """
    vocabulary = Vocabulary()
    offers = [offer_on(document, date.min) for document in documents]
    made = columns.build(documents, offers, vocabulary)
    lines, listed = stored.lines(documents), packing.listed(documents, made, vocabulary)
    for document, offer, line, facts in zip(documents, offers, lines, listed, strict=True):
        yield {
            **_text(document),
            **_facets(document),
            **_orders(document),
            **_axes(offer, facts),
            "tag": sorted(_tags(offer)),
            "plan": list(_plans(facts)),
            "pack": packing.packed(facts),
            "document": _without_tokens(line),
            "revision": revision,
        }


def document_of(source: dict[str, Any]) -> Document:
    """Return the document that was stored."""
    values = {
        **source["document"],
        **dict(zip(("words", "grams"), source["document"]["tokens"], strict=True)),
    }
    del values["tokens"]
    return stored.document_from(json.dumps(values).encode())


def tag_of_industry(other: Industry) -> list[str]:
    """Return the tags by which a claimed industry is found near a site's, see `axes.relation`."""
    revision, code = other
    if code == "C":
        return [ALL_MANUFACTURING]
    if len(code) == 2:
        return [f"D{code}"]
    return [f"S{code[:2]}", f"g{code[:3]}", f"G{revision}:{code[:3]}"]


def _text(document: Document) -> dict[str, Any]:
    words, grams = document.words.split(), document.grams.split()
    made: dict[str, Any] = {"body": " ".join(map(token, words)), "gram": " ".join(map(token, grams))}
    # A field without tokens is none: the statistics count listings that have it.
    if words:
        made["words"] = len(words)
    if grams:
        made["grams"] = len(grams)
    return made


def _facets(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "capability": sorted(document.capabilities),
        "industry": sorted(document.divisions),
        "kind": document.kind,
        "level": sorted(map(str, document.levels)),
        "price": document.price_band,
        "region": sorted(document.regions),
        "proof": document.best_evidence,
    }


def _orders(document: Document) -> dict[str, Any]:
    made: dict[str, Any] = {
        "last_day": document.certificate_expires_on.toordinal(),
        "approved": document.approved_on.toordinal(),
        "field_sites": document.field_sites,
        "test_reports": document.test_reports,
        "title": document.content["title"].casefold(),
    }
    if document.first_year_amount is not None:
        made["amount"] = document.first_year_amount
    return made


def _axes(offer: Offer, facts: list[Any]) -> dict[str, Any]:
    # Own evidence stands as what it adds to the value elsewhere; a division without a column raises that value.
    base, own = facts[6:8]
    highest = max([base, *(value for division, value in own.items() if division not in DIVISIONS)])
    more = {
        division: value - highest
        for division, value in own.items()
        if division in DIVISIONS and value > highest
    }
    return {
        "evidence": highest,
        "own": more,
        "weeks": NO_WEEKS if offer.install_weeks is None else offer.install_weeks,
        "capacity": min(offer.capacity_per_quarter or 0, 1_000_000),
    }


def _tags(offer: Offer) -> set[str]:
    shown, claimed = axes.prior_divisions(offer)
    tags = {f"l{offer.level_from}{offer.level_to}"}
    tags.update(tag for industry in offer.industries for tag in tag_of_industry(industry))
    tags.update(f"i{interface}" for interface in offer.interfaces)
    tags.update(f"s{division}" for division in shown)
    tags.update(f"d{division}" for division in claimed)
    tags.update([NO_PLAN] if not offer.plans else [])
    tags.update([ALLIANCE] if offer.alliance else [])
    return tags


def _plans(facts: list[Any]) -> Iterator[dict[str, Any]]:
    for amount, entries in facts[9]:
        yield {
            "entry": [f"{name}:{quality}" for name, quality in entries],
            "amount": amount,
            "cost": NO_COST if amount == UNKNOWN_AMOUNT else float(amount),
        }


def _without_tokens(line: bytes) -> dict[str, Any]:
    """Return a document's values with its tokens under one name, exactly as they were."""
    values: dict[str, Any] = json.loads(line)
    values["tokens"] = [values.pop("words"), values.pop("grams")]
    return values


def batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Yield documents in lists of at most `size`."""
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
