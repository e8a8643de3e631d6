"""Which rules of support programmes apply to a purchase of one site on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from catalog.models import ProgrammeRule
from catalog.models.programme import DRAFT, PUBLISHED
from catalog.subsidy import Funder

#: Current rules that are named to somebody who chose none.
NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Support:
    """The rules that a list is computed with.

    Attributes:
        programme: what the demand names: a rule's code or public id; None when it names none.
        counted: the named rule and the province's share that goes with it, the state first; () when none is named.
        current: when none is named, the rules that hold on the day for this region.
        local_missing: no rule of the province holds on the day, so the local share is 0.
    """

    programme: str | None
    counted: tuple[ProgrammeRule, ...]
    current: tuple[ProgrammeRule, ...]
    local_missing: bool

    def funders(self, today: date) -> tuple[Funder, ...]:
        """The counted rules as `catalog.subsidy` takes them."""
        return tuple(_funder(rule, today) for rule in self.counted)

    def as_json(self, today: date) -> dict[str, Any]:
        """What a list keeps of it: names, shares, where each rule stands in time, and what is not there."""
        return {
            "programme": self.programme,
            "found": self.programme is None or bool(self.counted),
            "rules": [_json(rule, today) for rule in self.counted],
            "current": [_json(rule, today) for rule in self.current],
            "local_missing": self.local_missing,
        }


def for_site(session: Session, programme: str | None, region: str | None, today: date) -> Support:
    """Find the rule that a demand names with the province's current share, or else the current rules of the region.

    A rule that is over can be named: it says where it stands in time. Shares of a province count only while they
    hold. One statement.
    """
    known = select(ProgrammeRule).where(ProgrammeRule.state != DRAFT)
    holds = (ProgrammeRule.valid_from <= today) & (ProgrammeRule.valid_to >= today)
    wanted: ColumnElement[bool] = holds & (ProgrammeRule.state == PUBLISHED)
    if programme is not None:
        wanted = or_(wanted, ProgrammeRule.code == programme, ProgrammeRule.public_id == programme)
    order = ProgrammeRule.valid_from.desc(), ProgrammeRule.id
    rows = session.scalars(known.where(wanted).order_by(*order)).all()
    named = next((row for row in rows if programme and programme in (row.code, row.public_id)), None)
    local = _local(rows, named, region, today)
    if programme is None:
        national = [row for row in rows if row.region is None][:NAMED_AT_MOST]
        return Support(None, (), (*national, *([local] if local else [])), local is None)
    if named is None:
        return Support(programme, (), (), local is None)
    if named.region is not None:
        return Support(programme, (named,), (), False)
    return Support(programme, (named, *([local] if local else [])), (), local is None)


def _local(
    rows: Sequence[ProgrammeRule], named: ProgrammeRule | None, region: str | None, today: date
) -> ProgrammeRule | None:
    """The newest rule of the province that holds, for any tier or for that of the named rule."""
    tiers = (None, None if named is None else named.level)
    return next(
        (
            row
            for row in rows
            if region is not None
            and row.region == region
            and row.level in tiers
            and row.state == PUBLISHED
            and row.time(today) == "present"
        ),
        None,
    )


def _funder(rule: ProgrammeRule, today: date) -> Funder:
    return Funder(
        payer="national" if rule.region is None else "local",
        rule=rule.code or rule.public_id,
        rate_bp=rule.rate_bp,
        cap_amount=rule.cap_amount,
        time=rule.time(today),
        synthetic=rule.synthetic,
    )


def _json(rule: ProgrammeRule, today: date) -> dict[str, Any]:
    return {
        "payer": "national" if rule.region is None else "local",
        "rule": rule.code or rule.public_id,
        "name": rule.name,
        "name_en": rule.name_en,
        "body": rule.body,
        "rate_bp": rule.rate_bp,
        "cap_amount": rule.cap_amount,
        "cap_unit": rule.cap_unit,
        "time": rule.time(today),
        "last_day": rule.last_day.isoformat(),
        "synthetic": rule.synthetic,
    }
