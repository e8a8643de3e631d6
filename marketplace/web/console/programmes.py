"""Rules of support programmes: find them by year and province, write, publish, end."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.errors import Invalid, Problem
from catalog.models import ProgrammeRule
from catalog.models.programme import DRAFT, ENDED, PUBLISHED
from catalog.programmes import rules
from catalog.programmes.past import past_rules
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access.control import RulesAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.schemas.fields import parse
from marketplace.schemas.programmes import RuleEndIn, RuleIn
from marketplace.web import forms, once
from marketplace.web.console import confirming, frame

bp = Blueprint("console_programmes", __name__, url_prefix="/console/programmes")

_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)


def percent(texts: Sequence[str]) -> Any:
    """A percentage with at most two decimals as basis points: "33.3" is 3330; None when blank; else the text."""
    if not texts:
        return forms.MISSING
    typed = texts[-1].strip().removesuffix("%").rstrip()
    return int(Decimal(typed) * 100) if _PERCENT.fullmatch(typed) else texts[-1].strip() or None


STATES = (DRAFT, PUBLISHED, ENDED)
FIELDS = {
    **dict.fromkeys(("name", "body", "cap_unit", "source", "valid_from", "valid_to"), forms.chosen),
    **dict.fromkeys(("name_en", "source_url"), forms.text),
    **dict.fromkeys(("region", "level"), forms.optional),
    **dict.fromkeys(("cap_amount", "months"), forms.whole),
    "rate_bp": percent,
    "note": forms.lines,
}
ENDING = {"ended_on": forms.chosen, "end_reason": forms.lines}


@bp.get("")
@requires("programme.draft")
def index() -> str | Response:
    """Rules by year, province and state."""
    asked = frame.filters(
        frame.Text("year", _("연도")),
        frame.Choice("region", _("지역"), _regions()),
        frame.Choice("state", _("상태"), [(s, wording.name("programme_state", s)) for s in STATES]),
    )
    which = RulesAsked(asked.get("state"), _year(asked.get("year")), asked.get("region"))
    page = frame.paged(access.count_programme_rules(db, which), asked)
    rows = access.programme_rules(db, which, offset=page.offset, limit=page.limit)
    if asked.csv:
        return _csv(rows)
    return render_template("console/programmes.html", asked=asked, page=page, rows=rows)


@bp.get("/new")
@requires("programme.draft")
def new() -> str:
    """The empty form."""
    return _page(None)


@bp.post("/new")
@requires("programme.draft")
def draft() -> Response | tuple[str, int]:
    """Write down a rule that only operators see."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    form = forms.read(request.form, FIELDS)
    try:
        rule = rules.draft(db, parse(RuleIn(), form.data), now())
    except Invalid as error:
        return _page(None, **form.refused(_in_percent(error.problems))), 422
    db.flush()  # the page to go to is named by its public id
    target = once.remember(url_for(".show", rule_id=rule.public_id))
    audit.commit("programme.draft", rule)
    flash(_("초안을 저장했어요. 공개하기 전에는 운영자만 봐요."), "success")
    return redirect(target, 303)


@bp.post("/past")
@requires("programme.publish")
def load_past() -> Response | confirming.Answer:
    """Add the rules of past years that the product brings along and that are not here yet. Harmless if repeated."""
    added = rules.add_new(db, past_rules(), now())
    if added:
        if (page := confirming.unsure(_loading(added))) is not None:
            return page
        audit.commit("programme.publish", access.own_organization(db, current_user), past_rules=added)
    flash(_("지난 규칙 %(n)s건을 더했어요.", n=added), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/<uuid:rule_id>")
@requires("programme.draft")
def show(rule_id: UUID) -> str:
    """One rule; a draft with its form."""
    return _page(access.programme_rule(db, rule_id))


@bp.post("/<uuid:rule_id>")
@requires("programme.draft")
def save(rule_id: UUID) -> Response | tuple[str, int]:
    """Save a draft."""
    rule = access.programme_rule(db, rule_id)
    form = forms.read(request.form, FIELDS)
    try:
        rules.change(db, rule, parse(RuleIn(), form.data), now())
    except Invalid as error:
        return _page(rule, **form.refused(_in_percent(error.problems))), 422
    audit.commit("programme.draft", rule)
    flash(_("초안을 저장했어요. 공개하기 전에는 운영자만 봐요."), "success")
    return redirect(url_for(".show", rule_id=rule_id), 303)


@bp.post("/<uuid:rule_id>/publish")
@requires("programme.publish")
def publish(rule_id: UUID) -> Response | confirming.Answer:
    """Let everybody see a draft."""
    rule = access.programme_rule(db, rule_id)
    step = _publishing(rule)
    try:
        rules.publish(db, rule, now())
    except Invalid as error:
        return _page(rule, **forms.read(request.form, {}).refused(error.problems)), 422
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("programme.publish", rule)
    flash(_("규칙을 공개했어요."), "success")
    return redirect(url_for(".show", rule_id=rule_id), 303)


@bp.post("/<uuid:rule_id>/end")
@requires("programme.publish")
def end(rule_id: UUID) -> Response | confirming.Answer:
    """Let a published rule hold no longer than a day."""
    rule = access.programme_rule(db, rule_id)
    step = _ending(rule)
    form = forms.read(request.form, ENDING)
    try:
        ending = parse(RuleEndIn(), form.data)
        rules.end(db, rule, on=ending["ended_on"], reason=ending["end_reason"])
    except Invalid as error:
        return _page(rule, **form.refused(error.problems)), 422
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("programme.end", rule, ended_on=rule.ended_on and rule.ended_on.isoformat())
    flash(_("규칙을 끝냈어요. 지난 계산에는 그대로 남아요."), "success")
    return redirect(url_for(".show", rule_id=rule_id), 303)


@bp.post("/<uuid:rule_id>/discard")
@requires("programme.draft")
def discard(rule_id: UUID) -> Response | confirming.Answer:
    """Throw a draft away."""
    rule = access.programme_rule(db, rule_id)
    step = _discarding(rule)
    audit.record(db, "programme.discard", rule)
    rules.discard(db, rule)
    if (page := confirming.unsure(step)) is not None:
        return page
    db.commit()
    flash(_("초안을 버렸어요."), "success")
    return redirect(url_for(".index"), 303)


def _loading(added: int) -> confirming.Step:
    return confirming.Step(
        at="programmes",
        question=_("지난 규칙을 불러올까요?"),
        happens=[
            _("지난 규칙 %(n)s건이 공개된 규칙으로 더해지고, 누구나 봐요.", n=added),
            _("공개한 규칙은 고치거나 지울 수 없어요."),
        ],
        button=_("지난 규칙 불러오기"),
        back=url_for(".index"),
    )


def _publishing(rule: ProgrammeRule) -> confirming.Step:
    return confirming.Step(
        at="programmes",
        question=_("‘%(name)s’ 규칙을 공개할까요?", name=rule.name),
        happens=[
            _("누구나 지원사업 화면에서 봐요."),
            _("공개한 규칙은 고치거나 지울 수 없어요. 바뀌면 끝내고 새로 써야 해요."),
        ],
        button=_("공개하기"),
        back=url_for(".show", rule_id=rule.public_id),
    )


def _ending(rule: ProgrammeRule) -> confirming.Step:
    return confirming.Step(
        at="programmes",
        question=_("‘%(name)s’ 규칙을 끝낼까요?", name=rule.name),
        happens=[
            _("적은 마지막 날 뒤로는 유효한 규칙에서 빠지고, 이유가 함께 보여요."),
            _("끝낸 규칙은 다시 열 수 없어요. 지난 계산에는 그대로 남아요."),
        ],
        button=_("끝내기"),
        back=url_for(".show", rule_id=rule.public_id),
    )


def _discarding(rule: ProgrammeRule) -> confirming.Step:
    return confirming.Step(
        at="programmes",
        question=_("‘%(name)s’ 초안을 버릴까요?", name=rule.name),
        happens=[_("초안에 적은 내용이 지워지고 되돌릴 수 없어요.")],
        button=_("초안 버리기"),
        back=url_for(".show", rule_id=rule.public_id),
    )


def _in_percent(problems: Sequence[Problem]) -> list[Problem]:
    """The schema counts in basis points, the form in percent: a wrong share is told in the form's unit."""
    return [
        Problem("rate_bp", "percent") if problem.pointer == "rate_bp" else problem for problem in problems
    ]


def _page(rule: ProgrammeRule | None, **refused: Any) -> str:
    stored = {} if rule is None else {name: getattr(rule, name) for name in FIELDS}
    if stored.get("rate_bp") is not None:
        stored["rate_bp"] = f"{stored['rate_bp'] / 100:g}"
    return render_template(
        "console/programmes_rule.html",
        rule=rule,
        stored={name: "" if value is None else str(value) for name, value in stored.items()},
        regions=_regions()[1:],
        levels=[(code, wording.name("programme_level", code)) for code in rules.LEVELS],
        units=[(code, wording.name("cap_unit", code)) for code in rules.CAP_UNITS],
        pointers=[*FIELDS, *ENDING],
        time=None if rule is None else rule.time(today()),
        **refused,
    )


def _regions() -> list[tuple[str, str]]:
    """The whole country, then the provinces."""
    provinces = [(term.code, wording.term_name("region", term.code)) for term in taxonomy.terms("region")]
    return [(rules.NATIONWIDE, _("전국")), *provinces]


def _year(typed: str | None) -> int | None:
    """The year asked for; what is none is left out with a notice."""
    if typed is None:
        return None
    if re.fullmatch(r"[0-9]{4}", typed, re.ASCII) and rules.FIRST_YEAR <= int(typed) <= rules.LAST_YEAR:
        return int(typed)
    flash(_("모르는 조건은 빼고 보여드려요."), "warning")
    return None


def _csv(rows: list[ProgrammeRule]) -> Response:
    header = [
        *(_("이름"), _("기관"), _("지역"), _("등급"), _("한도(원)"), _("한도의 단위"), _("지원 비율(bp)")),
        *(_("시작일"), _("종료일"), _("상태"), _("출처"), _("주소"), _("합성 데이터")),
    ]
    return frame.csv_answer("programmes", header, (_cells(row) for row in rows))


def _cells(row: ProgrammeRule) -> list[object]:
    return [
        *(row.name, row.body, "" if row.region is None else wording.term_name("region", row.region)),
        *("" if row.level is None else wording.name("programme_level", row.level), row.cap_amount),
        *(wording.name("cap_unit", row.cap_unit), row.rate_bp, row.valid_from, row.last_day),
        *(wording.name("programme_state", row.state), row.source, row.source_url, int(row.synthetic)),
    ]
