"""Releases and documents as search tests need them: everything plain unless a test says otherwise."""

from datetime import date
from typing import Any

import numpy as np

from matching.search.analyser import Analyser, BigramAnalyser
from matching.search.documents import Document, document_from_release
from matching.search.embedded.lexical import LENGTHS, length_bytes

TODAY = date(2026, 11, 21)
ANALYSER = BigramAnalyser()


def listing_id(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


def plan(amount: int | None = 12_000_000, *, kind: str = "one_off", setup: int = 0) -> dict[str, Any]:
    return {
        "id": listing_id(900),
        "name": "기본",
        "kind": kind,
        "price_amount": amount,
        "setup_amount": setup,
        "trial_days": None,
        "quality": [],
    }


def evidence(kind: str = "field", *, headcount: int = 62, after: str = "0.9") -> dict[str, Any]:
    site = {
        "industry": {"revision": "11", "code": "303"},
        "region": "busan",
        "headcount": headcount,
        "level": None,
    }
    return {
        "id": listing_id(901),
        "kind": kind,
        "kpi": "불량률",
        "unit": "%",
        "direction": "lower",
        "baseline": "3.1",
        "after": after,
        "site": site,
    }


def content(**changes: Any) -> dict[str, Any]:
    plain = {
        "kind": "solution",
        "title": "",
        "title_en": "",
        "summary": "",
        "summary_en": "",
        "description": "",
        "description_en": "",
        "capabilities": [],
        "industries": [],
        "processes": [],
        "interfaces": [],
        "regions": [],
        "deployment": [],
        "level": {"scale": "company_level", "from": 1, "to": 3},
        "install_weeks": None,
        "plans": [plan()],
        "evidence": [],
    }
    return {**plain, **changes}


def no_label(scheme: str, code: str) -> str:
    return ""


def document(
    number: int,
    title: str = "",
    *,
    vendor_name: str = "",
    release_number: int = 1,
    approved_on: date = date(2026, 6, 1),
    expires_on: date = date(2027, 6, 1),
    analyser: Analyser = ANALYSER,
    label: Any = no_label,
    backing: Any = (),
    **changes: Any,
) -> Document:
    return document_from_release(
        content(title=title, **changes),
        listing_id=listing_id(number),
        vendor_id=listing_id(800),
        vendor_name=vendor_name,
        release_number=release_number,
        approved_on=approved_on,
        certificate_expires_on=expires_on,
        analyser=analyser,
        label=label,
        backing=backing,
    )


def kept_length(length: int) -> int:
    """The length of a field as the engine keeps it in one byte."""
    return int(LENGTHS[length_bytes(np.array([length]))[0]])
