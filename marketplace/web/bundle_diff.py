"""What a version of a bundle changes, line by line in words, sorted by whom it concerns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from catalog.bundles.changes import Change, changes, public_changes
from catalog.bundles.form import Form
from marketplace import formats
from marketplace.extensions import locale
from marketplace.wording import bundles as said
from marketplace.wording.bundles import Called

#: Field of the whole → what it is called.
WHOLE: Mapping[str, Any] = {
    "lead": _l("대표 기업"),
    "exchanges": _l("주고받을 데이터"),
    "charter_hash": _l("얼라이언스 규약"),
    "level_from": _l("시작 수준"),
    "level_to": _l("도달 수준"),
    "list_amount": _l("솔루션 정가 합계"),
    "links_amount": _l("커넥터 합계"),
    "discount_amount": _l("얼라이언스 할인"),
    "price_amount": _l("구매 기업이 내는 값"),
}
TEXTS: Mapping[str, Any] = {
    "title": _l("이름"),
    "title_en": _l("영문 이름"),
    "summary": _l("한 줄 소개"),
    "summary_en": _l("한 줄 소개(영어)"),
    "description": _l("설명"),
    "description_en": _l("설명(영어)"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is not what it was, ready to read."""

    what: str
    before: str
    after: str
    moved: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs: what concerns one vendor, what others, what all."""

    own: tuple[Line, ...]
    others: tuple[Line, ...]
    whole: tuple[Line, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """With their headings."""
        return ((_("우리 부분"), self.own), (_("다른 부분"), self.others), (_("전체"), self.whole))

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.own or self.others or self.whole)


def difference(before: Form, after: Form, called: Called, me: str = "") -> Difference:
    """Return what `after` changes, from the point of view of one vendor if any."""
    found = changes(before, after)

    def lines(chosen: Callable[[Change], bool]) -> tuple[Line, ...]:
        return tuple(_line(one, before, after, called) for one in found if chosen(one))

    return Difference(
        lines(lambda one: one.vendor is not None and one.vendor == me),
        lines(lambda one: one.vendor is not None and one.vendor != me),
        lines(lambda one: one.vendor is None),
    )


def public(before: Form, after: Form, called: Called) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """What a buyer of `before` reads of `after`, under one heading."""
    lines = tuple(_line(one, before, after, called) for one in public_changes(before, after))
    return ((_("전체"), lines),) if lines else ()


def _line(change: Change, before: Form, after: Form, called: Called) -> Line:
    write = _WRITERS.get(change.place)
    sides = [
        _("없음") if side is None else write(side, called) if write else _whole(change, side, called)
        for side in (change.before, change.after)
    ]
    return Line(
        _what(change, before, after, called), sides[0], sides[1], said.moved(change.difference_amount)
    )


def _what(change: Change, before: Form, after: Form, called: Called) -> str:
    if change.place == "texts":
        return str(TEXTS.get(change.key, change.key))
    if change.place in WHOLE:
        return str(WHOLE[change.place])
    if change.place == "wanted":
        return _("필요한 역량: %(name)s", name=said.capability(change.key))
    if change.place == "links":
        one, other = change.key.split()
        return _("연동: %(pair)s", pair=said.pair((one, other)))
    vendor = called.firm(change.vendor or "")
    if change.place == "items":
        item = next(one for form in (after, before) for one in form.items if one.id == change.key)
        return f"{called.title(item.listing)} · {vendor}"
    return _("%(name)s의 몫", name=vendor) if change.place == "shares" else _("%(name)s의 약속", name=vendor)


def _whole(change: Change, value: Any, called: Called) -> str:
    if change.place == "lead":
        return called.firm(value)
    if change.place == "charter_hash":
        return formats.fingerprint(value) if value else "–"
    if change.place == "exchanges":
        return ", ".join(said.pair((pair[0], pair[1])) for pair in value) or _("없음")
    return _won(value) if change.place.endswith("_amount") else str(value)


def _item(line: Mapping[str, Any], called: Called) -> str:
    parts = [
        called.plan(line["listing"], line["plan"])
        + (f" × {line['quantity']}" if line["quantity"] > 1 else ""),
        _won(line["list_amount"]),
        _("%(n)s단계", n=line["stage"]),
        _("%(n)s번째 판", n=line["release"]),
    ]
    for heading, codes in ((pgettext("bundle", "주"), line["covers"]), (_("보조"), line["supports"])):
        if codes:
            parts.append(f"{heading}: {_names(codes)}")
    return " · ".join(parts)


def _wanted(line: Mapping[str, Any], _called: Called) -> str:
    must = [_("필수")] if line["must"] else []
    return " · ".join(
        [*must, _("최소 품질 %(n)s", n=line["min_quality"]), _("%(n)s단계까지", n=line["stage"])]
    )


def _link(line: Mapping[str, Any], called: Called) -> str:
    how = str(said.HOWS[line["how"]][0])
    price = [_won(line["price_amount"])] if line["price_amount"] else []
    return " · ".join([how, *price, _("책임: %(name)s", name=called.firm(line["answers"]))])


def _duty(line: Mapping[str, Any], called: Called) -> str:
    within = _("%(hours)s 안에 응답", hours=said.hours(line["hours"]))
    if line["escalates_to"] is None:
        return f"{within} · {_('구매 기업에 책임')}"
    return f"{within} · {_('다음: %(name)s', name=called.firm(line['escalates_to']))}"


def _share(line: Mapping[str, Any], _called: Called) -> str:
    return f"{_won(line['amount'])} · {said.rule(line['kind'], line['value'])}"


def _names(codes: Sequence[str]) -> str:
    return ", ".join(said.capability(code) for code in codes)


def _won(amount: int) -> str:
    return formats.won(amount, locale())


_WRITERS: Mapping[str, Callable[[Mapping[str, Any], Called], str]] = {
    "items": _item,
    "wanted": _wanted,
    "links": _link,
    "duties": _duty,
    "shares": _share,
}
#: Words of a line of each list, for pages that show one side alone.
item_words, link_words, duty_words = _item, _link, _duty
