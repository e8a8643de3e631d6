"""Alliances in words: levels, steps, days, what a charter says and what it changes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import taxonomy
from catalog.alliances import coverage, standing
from catalog.alliances.coverage import Step
from catalog.alliances.differences import Differences
from catalog.models import Alliance, AllianceCharter, AllianceMember
from marketplace import formats, wording
from marketplace.extensions import locale
from marketplace.schemas.alliances import division_out
from marketplace.wording.particles import settled


def title(alliance: Alliance) -> str:
    """Its name in the reader's language."""
    return wording.own_words(alliance.name, alliance.name_en)


def purpose(alliance: Alliance) -> str:
    """What it is for, in the reader's language."""
    return wording.own_words(alliance.purpose, alliance.purpose_en)


def division(alliance: Alliance) -> str:
    """The name of its division, or nothing."""
    found = division_out(alliance.division, locale())
    return "" if found is None else found["name"]


def role(part: AllianceMember | Mapping[str, Any]) -> str:
    """A member's role in the reader's language."""
    if isinstance(part, AllianceMember):
        return wording.own_words(part.role, part.role_en)
    return wording.own_words(part["role"], part["role_en"])


def capabilities(codes: Sequence[str]) -> str:
    """Their names."""
    return ", ".join(wording.term_name("capability", code) for code in codes)


def levels(charter: AllianceCharter) -> str:
    """The levels of the factories that are served: "1~2"."""
    return _range(charter.content["level_from"], charter.content["level_to"])


def sentence(charter: AllianceCharter, members: int) -> str:
    """What the alliance is, by its charter."""
    low, high = charter.content["level_from"], charter.content["level_to"]
    said = ngettext(
        "수준 %(now)s 공장을 %(goal)s(으)로 올리는 공급기업 %(num)s곳의 모임이에요.",
        "수준 %(now)s 공장을 %(goal)s(으)로 올리는 공급기업 %(num)s곳의 모임이에요.",
        members,
        now=_range(low, high),
        goal=_range(low + 1, high + 1),
    )
    return settled(said)


def steps_of(charter: AllianceCharter) -> tuple[Step, ...]:
    """The steps of its levels."""
    return coverage.steps(charter.content["level_from"], charter.content["level_to"])


def members(alliance: Alliance, today: date) -> list[AllianceMember]:
    """Those who belong to it, the lead first."""
    return standing.standing_members(alliance, today)


def lead(alliance: Alliance, today: date) -> AllianceMember | None:
    """The member that answers to the buyer, while it belongs to it."""
    named = standing.lead_of(alliance)
    return next((one for one in members(alliance, today) if one.organization.public_id == named), None)


def group(code: str) -> str:
    """The heading of a group of capabilities."""
    return next(one.name(locale()) for one in taxonomy.capability_groups() if one.code == code)


def leaves(name: str, last: date) -> str:
    """Who goes, and when."""
    return settled(_("%(name)s이(가) %(day)s에 나가요", name=name, day=formats.date_text(last, locale())))


def nobody_for(codes: Sequence[str]) -> str:
    """What is missing once it has gone."""
    return settled(_("그 뒤로 %(names)s을(를) 맡을 곳이 없어요.", names=capabilities(codes)))


def steps(found: Sequence[Step]) -> str:
    """Steps in words: "수준 1 → 2, 2 → 3"."""
    return _("수준 %(steps)s", steps=", ".join(f"{one} → {other}" for one, other in found))


def text_of(charter: AllianceCharter) -> str:
    """The charter's words in the reader's language, if it has them."""
    return wording.own_words(charter.content["text"], charter.content["text_en"])


def fact(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A fact of a charter in words; `names` by public id of the organization."""
    if value is None:
        return _("없었어요")
    write = {
        "lead": lambda: names.get(value, "–"),
        "notice_days": lambda: ngettext("%(num)s일", "%(num)s일", value),
        "answer_hours": lambda: ngettext("%(num)s시간", "%(num)s시간", value),
        "level_from": lambda: wording.name("level_value", value),
        "level_to": lambda: wording.name("level_value", value),
    }.get(name)
    return str(value) if write is None else write()


def changes(found: Differences, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of what a version changes: {"what", "kind", "before", "after"}."""
    rows = [
        {
            "what": wording.name("charter_fact", one.fact),
            "kind": "",
            "before": fact(one.fact, one.before, names),
            "after": fact(one.fact, one.after, names),
        }
        for one in found.facts
    ]
    rows += [
        {
            "what": names.get(one.organization, "–"),
            "kind": wording.name("part_change", one.kind),
            "before": _part(one.before),
            "after": _part(one.after),
        }
        for one in found.parts
    ]
    return rows


def names_of(alliance: Alliance) -> dict[str, str]:
    """By public id, the organizations that ever had to do with it."""
    found = {alliance.coordinator.public_id: alliance.coordinator}
    found |= {row.organization.public_id: row.organization for row in alliance.members}
    return {key: wording.own_words(one.name, one.name_en) for key, one in found.items()}


def waited(since: date, today: date) -> str:
    """For how long something waits."""
    days = (today - since).days
    return ngettext("%(num)s일째", "%(num)s일째", days) if days else _("오늘부터")


def month(day: date) -> str:
    """A month as members' tables show it."""
    return formats.month_text(day, locale())


def _part(part: Mapping[str, Any] | None) -> str:
    if part is None:
        return "–"
    return f"{role(part)} · {capabilities(part['capabilities'])}" if part["capabilities"] else role(part)


def _range(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return f"{low}–{high}" if locale() == "en" else f"{low}~{high}"
