"""Bundles in words: what stands in the way of one and what mends it, where a version or a consent stands, its proof."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from catalog.bundles.checks import Finding, Fix
from catalog.bundles.form import Form, Item
from catalog.bundles.proof import Duplicate
from marketplace import formats
from marketplace.wording.names import term_name
from marketplace.wording.particles import settled

#: Code of a finding → (what is so, what it means).
FINDINGS: Mapping[str, tuple[Any, Any]] = {
    "uncovered": (
        _l("%(capability)s을(를) 맡은 솔루션이 없어요"),
        _l("보조는 맡은 것으로 세지 않아요. 맡을 솔루션을 정하거나 필요한 역량에서 빼 주세요."),
    ),
    "quality": (
        _l("%(title)s의 %(capability)s 품질이 모자라요"),
        _l("이 요금제는 품질 %(have)s이고, 필요한 품질은 %(needed)s이에요."),
    ),
    "too_early": (
        _l("%(title)s은(는) %(stage)s단계에 설치할 수 없어요"),
        _l("수준 %(level)s부터 쓸 수 있는 솔루션이라 그때까지 공장이 그 수준에 이르지 못해요."),
    ),
    "too_late": (
        _l("%(title)s의 설치 단계가 늦어요"),
        _l("맡은 역량이 %(due)s단계까지 필요해요."),
    ),
    "gone": (
        _l("%(title)s을(를) 더는 팔지 않아요"),
        _l("스토어에 공개돼 있지 않은 솔루션으로는 번들을 팔 수 없어요."),
    ),
    "expired": (
        _l("%(title)s의 인증서 기한이 지났어요"),
        _l("인증서가 유효해질 때까지 새로 서명하거나 게시할 수 없어요."),
    ),
    "expires_soon": (
        _l("%(title)s의 인증서가 %(until)s에 끝나요"),
        _l("서명을 받는 동안 끝날 수 있어요. 공급기업에 재검증을 부탁해 주세요."),
    ),
    "plan_gone": (
        _l("%(title)s의 요금제가 없어졌어요"),
        _l("지금 공개된 판에 있는 요금제로 바꿔 주세요."),
    ),
    "price_changed": (
        _l("%(title)s의 목록가가 바뀌었어요"),
        _l("번들에 적힌 값과 %(difference)s 차이가 나요."),
    ),
    "edition_changed": (
        _l("%(title)s의 새 판이 공개됐어요"),
        _l("값은 그대로지만 서명은 새 판의 내용으로 받아야 해요."),
    ),
    "nested": (
        _l("%(title)s은(는) 번들이에요"),
        _l("번들 안에 번들을 넣을 수 없어요."),
    ),
    "not_member": (
        _l("%(vendor)s은(는) 이 얼라이언스의 참여 기업이 아니에요"),
        _l("초대에 응해 참여할 때까지 서명을 받을 수 없어요."),
    ),
    "no_common_industry": (
        _l("모든 솔루션을 함께 쓸 수 있는 업종이 없어요"),
        _l("솔루션마다 적힌 업종이 서로 달라서 이대로는 어느 공장에도 팔 수 없어요."),
    ),
    "no_common_region": (
        _l("모든 솔루션을 함께 공급하는 지역이 없어요"),
        _l("솔루션마다 공급하는 지역이 서로 달라서 이대로는 어느 공장에도 팔 수 없어요."),
    ),
    "leaves": (
        _l("%(vendor)s이(가) %(on)s에 나가요"),
        _l("그 뒤에는 이 솔루션을 번들로 팔 수 없어요."),
    ),
    "no_capacity": (
        _l("%(vendor)s은(는) 이번 분기에 새 공장을 받을 여력이 없어요"),
        _l("지금 팔면 설치가 다음 분기로 밀려요."),
    ),
    "second_system": (
        _l("%(capability)s 시스템이 둘이에요"),
        _l("%(title)s에도 들어 있어요. 한 공장에는 하나만 둘 수 있고, %(by)s이(가) 맡고 있어요."),
    ),
    "duplicate": (
        _l("%(capability)s을(를) 두 솔루션이 할 수 있어요"),
        _l("%(by)s이(가) 맡고 있어요. %(title)s을(를) 보조로 적으면 겹치는 까닭이 분명해져요."),
    ),
    "unjoined": (
        _l("%(one)s과(와) %(other)s이(가) 아직 이어져 있지 않아요"),
        _l("%(pair)s은(는) 데이터를 주고받아야 해요."),
    ),
    "impossible": (
        _l("%(one)s과(와) %(other)s을(를) 이을 방법이 없어요"),
        _l("%(pair)s은(는) 데이터를 주고받아야 하는데, 함께 쓰는 규격도 알려진 커넥터도 없어요."),
    ),
    "link_broken": (
        _l("%(one)s과(와) %(other)s을(를) 적힌 대로 이을 수 없어요"),
        _l("%(pair)s의 연동이 지금 판의 규격과 맞지 않아요."),
    ),
    "connector_price": (
        _l("%(one)s과(와) %(other)s 사이 커넥터의 값이 바뀌었어요"),
        _l("%(pair)s의 연동을 지금 값으로 고쳐 주세요."),
    ),
    "conflict": (
        _l("%(one)s과(와) %(other)s은(는) 함께 쓸 수 없어요"),
        _l("%(reason)s (출처: %(source)s, %(as_of)s)"),
    ),
}

#: Act of a fix → what its button says.
FIXES: Mapping[str, Any] = {
    "change_plan": _l("%(title)s ‘%(plan)s’(으)로 바꾸기"),
    "take_edition": _l("%(title)s 지금 판으로 바꾸기"),
    "move": _l("%(value)s단계로 옮기기"),
    "support": _l("%(title)s을(를) 보조로 적기"),
    "remove": _l("%(title)s 빼기"),
    "join": _l("%(pair)s 잇기"),
    "add": _l("%(other)s ‘%(plan)s’ 넣기"),
    "cover": _l("%(title)s이(가) ‘%(capability)s’을(를) 맡기"),
    "replace": _l("%(title)s 대신 %(other)s ‘%(plan)s’ 넣기"),
}

#: State of a version → its name and tone.
VERSION_STATES: Mapping[str, tuple[Any, str]] = {
    "signing": (_l("서명 받는 중"), "warn"),
    "signed": (_l("모두 서명함"), "brand"),
    "in_force": (_l("판매 중"), "good"),
    "superseded": (_l("지난 판"), ""),
    "refused": (_l("거절됨"), "bad"),
    "expired": (_l("서명 기한 지남"), "bad"),
    "taken_back": (_l("거둠"), ""),
    "withdrawn": (_l("판매 끝"), ""),
}

#: Code of a finding that no other solution mends → what can be done.
BY_HAND: Mapping[str, Any] = {
    "expired": _l(
        "혼자 대신할 솔루션이 없어요. 공급기업이 인증서를 갱신하면 저절로 풀려요. 기다릴 수 없으면 이 솔루션과 그 역량을 빼고 새 판을 보내 주세요."
    ),
    "no_common_industry": _l(
        "하나만 바꿔서는 풀리지 않아요. 같은 업종에 쓰는 솔루션으로 바꾸거나 번들을 나눠 주세요."
    ),
    "no_common_region": _l(
        "하나만 바꿔서는 풀리지 않아요. 같은 지역에 공급하는 솔루션으로 바꾸거나 번들을 나눠 주세요."
    ),
    "gone": _l(
        "혼자 대신할 솔루션이 없어요. 공급기업이 다시 팔면 저절로 풀려요. 기다릴 수 없으면 이 솔루션과 그 역량을 빼고 새 판을 보내 주세요."
    ),
    "not_member": _l(
        "혼자 대신할 솔루션이 없어요. 이 기업이 다시 참여하면 저절로 풀려요. 기다릴 수 없으면 이 솔루션과 그 역량을 빼고 새 판을 보내 주세요."
    ),
}

#: State of a consent → its name, tone and sign.
CONSENT_STATES: Mapping[str, tuple[Any, str, str]] = {
    "asked": (_l("기다리는 중"), "warn", "clock"),
    "given": (_l("서명함"), "good", "check"),
    "carried": (_l("v%(n)s 서명을 이어 씀"), "", "link"),
    "denied": (_l("동의하지 않음"), "bad", "ban"),
}

#: How a capability is known → name, tone, sign.
BASES: Mapping[str, tuple[Any, str, str]] = {
    "field_proven": (_l("현장 검증"), "good", "shield"),
    "document": (_l("서류 심사"), "", "file"),
    "claimed": (_l("공급기업 주장"), "warn", "alert"),
    "unproven": (_l("미검증"), "warn", "alert"),
}

#: Why what is called proven is not.
DOUBTS: Mapping[str, Any] = {
    "expired": _l("인증서 기한이 지났어요"),
    "outside_scope": _l("인증서의 범위에 없는 역량이에요"),
    "no_site": _l("인증서에 현장 검증이 없어요"),
    "other_industry": _l("인증서의 범위가 다른 업종이에요"),
}

#: How two products exchange data → name, tone, sign.
HOWS: Mapping[str, tuple[Any, str, str]] = {
    "same": (_l("한 제품"), "good", "check"),
    "shared": (_l("직접"), "good", "check"),
    "connector": (_l("커넥터"), "brand", "link"),
    "impossible": (_l("이을 수 없음"), "bad", "ban"),
    "open": (_l("맡은 곳 없음"), "bad", "plus"),
}

#: How a share is found.
RULES: Mapping[str, Any] = {"percent": _l("비율"), "fixed": _l("고정 금액"), "remainder": _l("나머지")}


@dataclass(frozen=True, slots=True)
class Called:
    """What things of a bundle are called.

    Attributes:
        firms, titles: by public id; plans: by (listing, plan).
    """

    firms: Mapping[str, str]
    titles: Mapping[str, str]
    plans: Mapping[tuple[str, str], str]

    def firm(self, vendor: str) -> str:
        """A vendor."""
        return self.firms.get(vendor, "–")

    def title(self, listing: str) -> str:
        """A listing."""
        return self.titles.get(listing) or _("이름을 알 수 없는 솔루션")

    def plan(self, listing: str, plan: str) -> str:
        """A plan of a listing."""
        return self.plans.get((listing, plan)) or _("요금제")


def capability(code: str) -> str:
    """Its name."""
    return term_name("capability", code)


def pair(codes: tuple[str, str]) -> str:
    """Two capabilities that exchange data."""
    return " ↔ ".join(capability(code) for code in codes)


def finding(found: Finding, form: Form, called: Called) -> tuple[str, str]:
    """What is so, and what it means."""
    title, means = FINDINGS[found.code]
    words = _words(found, form, called)
    return settled(str(title) % words), settled(str(means) % words)


def by_hand(found: Finding) -> str:
    """What can be done about a finding for which no button does it."""
    return str(
        BY_HAND.get(found.code, _("바로 고칠 방법을 찾지 못했어요. 솔루션이나 목표를 직접 바꿔 주세요."))
    )


def fix(made: Fix, form: Form, called: Called) -> str:
    """What the button of a fix says, with what it does to the price."""
    item = next((one for one in form.items if one.id == made.item), None)
    words = {"title": "" if item is None else called.title(item.listing), "value": made.value}
    if made.act == "join":
        one, other = made.value.split()
        words["pair"] = pair((one, other))
    elif made.act in ("add", "replace"):
        listing, plan = made.value.split()
        words |= {"other": called.title(listing), "plan": called.plan(listing, plan)}
    elif made.act == "cover":
        words["capability"] = capability(made.value)
    elif made.act == "change_plan" and item is not None:
        words["plan"] = called.plan(item.listing, made.value)
    said = settled(str(FIXES[made.act]) % words)
    return said if made.difference_amount is None else f"{said} ({difference(made.difference_amount)})"


def difference(amount: int) -> str:
    """By how much a price changes: "+1,200,000원", "그대로"."""
    if not amount:
        return _("값 그대로")
    return f"{'+' if amount > 0 else ''}{exact(amount)}"


def exact(amount: int) -> str:
    """Every won written out: what is signed is never rounded."""
    return formats.exact_won(amount, get_locale())


def money(amount: int) -> str:
    """An amount among others; in English to the won throughout, so that millions do not stand beside single won."""
    return exact(amount) if formats.is_english(get_locale()) else formats.won(amount, get_locale())


def moved(amount: int | None) -> str:
    """The last column of a difference."""
    if amount is None:
        return "–"
    return _("그대로") if not amount else difference(amount)


def share(part: int, whole: int) -> str:
    """A part of the price in percent with two decimals, rounded half up: as finely as shares are set."""
    if not whole:
        return "–"
    hundredths = (part * 20_000 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def rule(kind: str, value: int) -> str:
    """How a share is found, in words."""
    if kind == "percent":
        return _("비율 %(percent)s%%", percent=f"{value / 100:g}")
    return str(RULES[kind])


def hours(number: int) -> str:
    """Within how many hours somebody answers."""
    return ngettext("%(num)s시간", "%(num)s시간", number)


def duplicate(found: Duplicate, called: Called) -> str:
    """Which of several answers for a capability, and what the others are there for."""
    main = called.title(found.main.listing)
    helping = [called.title(one.listing) for one in found.others if one not in found.unexplained]
    extra = [called.title(one.listing) for one in found.unexplained]
    said = [_("%(main)s이(가) 맡아요.", main=main)]
    if helping:
        said.append(_("%(names)s은(는) 보조로만 써요.", names=", ".join(helping)))
    if extra:
        said.append(_("%(names)s에도 있는데 무엇에 쓰는지 적혀 있지 않아요.", names=", ".join(extra)))
    return settled(" ".join(said))


def _words(found: Finding, form: Form, called: Called) -> dict[str, Any]:
    params = found.params
    words: dict[str, Any] = {name: _value(name, value, called) for name, value in params.items()}
    items = {item.id: item for item in form.items}
    placed = _placed(found, form)
    if placed is not None:
        words["title"] = called.title(placed.listing)
    if "by" in params:
        words["by"] = called.title(items[params["by"]].listing)
    if "items" in params:
        sides = [called.title(items[each].listing) for each in params["items"]]
        words |= {"one": sides[0], "other": sides[1]}
    if "capabilities" in params:
        words["pair"] = pair(params["capabilities"])
    if "difference_amount" in params:
        words["difference"] = difference(params["difference_amount"])
    return words


def _placed(found: Finding, form: Form) -> Item | None:
    """The item at which a finding stands."""
    parts = found.pointer.split("/")
    if parts[0] != "items" or len(parts) == 1:
        return None
    return form.items[int(parts[1])]


def _value(name: str, value: Any, called: Called) -> Any:
    write: Mapping[str, Callable[[Any], str]] = {"capability": capability, "vendor": called.firm}
    if isinstance(value, date):
        return formats.date_text(value, get_locale() or "ko")
    return write[name](value) if name in write else value
