"""What a review's page shows of the frozen submission: files, fields to point at, rubric rows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.models import StoredFile
from catalog.validation import rubric
from marketplace.web.forms import MISSING

#: Fields of a listing and of one evidence record at which a finding may point.
LISTING_FIELDS = (
    "title", "summary", "description", "title_en", "summary_en", "description_en", "capabilities", "industries",
    "processes", "interfaces", "regions", "deployment", "level", "install_weeks", "plans", "evidence",
)  # fmt: skip
PLAN_FIELDS = ("name", "price_amount", "setup_amount", "quality")
RECORD_FIELDS = (
    "kpi", "baseline", "after", "site", "baseline_from", "after_to", "method", "sample", "verified_by", "files",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was handed in; `same` says whether the stored one still has that fingerprint."""

    id: str
    name: str
    size: int
    sha256: str
    same: bool


@dataclass(frozen=True, slots=True)
class RubricRow:
    """One criterion with the points so far and what they weigh, both None before any are given."""

    criterion: rubric.Criterion
    points: int | None
    weighted: int | None


def files(record: Mapping[str, Any], stored: Mapping[str, StoredFile]) -> list[FileRow]:
    """The files of one evidence record of the submission against those that are stored now, by public id."""
    return [
        FileRow(
            id=f["id"],
            name=f["name"],
            size=f["size"],
            sha256=f["sha256"],
            same=f["id"] in stored and stored[f["id"]].sha256 == f["sha256"],
        )
        for f in record["files"]
    ]


def pointers(content: Mapping[str, Any]) -> Iterator[str]:
    """Every field of the submission at which a finding may point, in the order of the page."""
    yield from LISTING_FIELDS
    for i, _plan in enumerate(content["plans"]):
        yield from (f"plans/{i}/{field}" for field in PLAN_FIELDS)
    for i, _record in enumerate(content["evidence"]):
        yield from (f"evidence/{i}/{field}" for field in RECORD_FIELDS)


def rubric_rows(points: Mapping[str, int]) -> list[RubricRow]:
    """The criteria of the edition in order."""
    given = [(criterion, points.get(criterion.id)) for criterion in rubric.CRITERIA]
    return [
        RubricRow(criterion, n, None if n is None else criterion.weight * n // rubric.MAX_POINTS)
        for criterion, n in given
    ]


def points_reader(texts: Sequence[str]) -> Any:
    """Points chosen on the page: a whole number, "" for none, other text as it is; MISSING when not on the page."""
    if not texts:
        return MISSING
    typed = texts[-1].strip()
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 4 else typed


def period(record: Mapping[str, Any], which: str) -> tuple[date, date] | None:
    """The days of measurement "baseline" or "after" of a record; None unless both ends are stated."""
    ends = record[f"{which}_from"], record[f"{which}_to"]
    return None if None in ends else (date.fromisoformat(ends[0]), date.fromisoformat(ends[1]))
