"""An answer of the composer in words: what was required, what would help, how two products are joined."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace import formats, wording
from marketplace.web import demand_words
from marketplace.wording import bundles, own_words
from marketplace.wording.particles import settled
from matching.composer.answers import Joint
from matching.composer.instance import MAX_FIT
from matching.composing.results import Choice, Reason, Shown
from matching.models import ComposeRun


def won(amount: int) -> str:
    """An amount in the reader's language."""
    return bundles.money(amount)


def vendors(names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """By listing, its vendor's name as the reader calls it; names: (name, English name)."""
    return {listing: own_words(*named) for listing, named in names.items()}


def title(found: Shown, listing: str) -> str:
    """The listing's title; its id if it is in no bundle and was never kept."""
    offer = found.offers.get(listing)
    return listing if offer is None else own_words(offer["title"], offer["title_en"])


def capability(code: str) -> str:
    """A capability's name."""
    return wording.term_name("capability", code)


def requirement(found: Shown, text: str) -> str:
    """A name of the core: "capability:mes" → 역량 MES."""
    kind, *subjects = text.split(":")
    word = wording.name("compose_requirement", kind)
    if kind in {"require", "forbid"}:
        return f"{word}: {title(found, subjects[0])}"
    if kind == "budget_amount":
        return f"{word}: {won(found.instance.demand.budget_amount or 0)}"
    if kind == "max_vendors":
        return f"{word}: {found.instance.demand.max_vendors}"
    named = " ↔ ".join(capability(one) for one in subjects)
    return f"{word}: {named}" if named else word


def clashes(found: Shown) -> list[str]:
    """Which of the listings that the core wants to keep are known not to stand together."""
    kept = {text.removeprefix("require:") for text in found.core if text.startswith("require:")}
    return [
        settled(
            _(
                "%(one)s과(와) %(other)s은(는) 함께 쓸 수 없다고 기록된 솔루션이에요.",
                one=title(found, one),
                other=title(found, other),
            )
        )
        for one, other in found.instance.conflicts
        if {one, other} <= kept
    ]


def step(found: Shown, said: Mapping[str, Any]) -> str:
    """A step of a repair as what is done."""
    kind, *subjects = said["requirement"].split(":")
    name, _sign, value = said["change"].partition("=")
    what = requirement(found, said["requirement"])
    if name == "budget_amount":
        more = int(value) - (found.instance.demand.budget_amount or 0)
        wanted = _("예산을 %(amount)s으로", amount=won(int(value)))
        return _("%(what)s (%(amount)s 늘림)", what=wanted, amount=won(more)) if more > 0 else wanted
    if name == "max_vendors":
        return _("기업을 %(n)s곳까지", n=value)
    if name == "pool":
        return _("장터 전체에서 찾기")
    if name in {"min_quality", "stage"}:
        parts = {"name": capability(subjects[0]), "n": value}
        return (
            _("‘%(name)s’의 최소 품질을 %(n)s로", **parts)
            if name == "min_quality"
            else _("‘%(name)s’: 늦어도 %(n)s단계까지", **parts)
        )
    return (
        _("%(what)s · 있으면 좋은 것으로", what=what)
        if kind == "capability"
        else _("%(what)s · 포기", what=what)
    )


def changes(found: Shown, pairs: Any) -> list[str]:
    """The changes that a run tried."""
    return [step(found, {"requirement": one, "change": change}) for one, change in pairs]


def is_over(found: Shown, choice: Choice) -> bool:
    """Whether a bundle costs more than the budget is known to be, where only a band of it is known."""
    sure, money = found.said.get("sure_amount"), choice.verdict.money
    return sure is not None and money is not None and money.own_amount > sure


def budget(known: tuple[int, int | None] | int | None) -> str:
    """What is reckoned with where no budget is typed. known: the amount, a band of it, or None = nothing."""
    if known is None:
        return _("비워 두면 한도 없이 찾아요. 수요에 예산이 적혀 있지 않아요.")
    if isinstance(known, int):
        return _("비워 두면 수요에 적힌 %(amount)s으로 찾아요.", amount=won(known))
    shown = {"band": demand_words.budget(known), "low": won(known[0])}
    if known[1] is None:
        return _(
            "수요는 예산을 ‘%(band)s’으로만 밝혔어요. 비워 두면 한도 없이 찾고, %(low)s을 넘는 번들에는 표시해요.",
            **shown,
        )
    return _(
        "수요는 예산을 ‘%(band)s’으로만 밝혔어요. 비워 두면 %(high)s까지 찾고, %(low)s을 넘는 번들에는 표시해요.",
        high=won(known[1]),
        **shown,
    )


def wished(run: ComposeRun) -> list[str]:
    """What tells a run from others for the same demand: what comes first in it, whose offers, its limits and locks."""
    wishes = run.wishes
    parts = [
        wording.name("compose_weighing", wishes["weighing"]),
        wording.name("compose_pool", wishes["pool"]),
    ]
    if wishes["budget_amount"] is not None:
        parts.append(_("예산 %(amount)s", amount=won(wishes["budget_amount"])))
    if wishes["max_vendors"] is not None:
        parts.append(ngettext("기업 %(num)s곳까지", "기업 %(num)s곳까지", wishes["max_vendors"]))
    if wishes["level"] is not None:
        parts.append(wording.name("level_value", wishes["level"]))
    if wishes["programme"] is not None:
        parts.append(_("지원금 셈함"))
    if wishes["keep"]:
        parts.append(ngettext("꼭 넣음 %(num)s개", "꼭 넣음 %(num)s개", len(wishes["keep"])))
    if wishes["never"]:
        parts.append(ngettext("뺌 %(num)s개", "뺌 %(num)s개", len(wishes["never"])))
    if wishes["changes"]:
        parts.append(ngettext("조건 %(num)s개 바꿈", "조건 %(num)s개 바꿈", len(wishes["changes"])))
    return parts


def link(joint: Joint) -> str:
    """How two capabilities exchange data."""
    how = wording.name("compose_how", joint.how)
    speaks = " – ".join(wording.term_name("interface", code) for code in joint.interfaces)
    price = won(joint.price_amount) if joint.price_amount else ""
    return " · ".join(part for part in (how, speaks, price) if part)


def called(choice: Choice) -> str:
    """What a bundle is called among those of an answer."""
    if choice.list == "best":
        return _("가장 좋은 번들")
    if choice.list == "alternatives":
        return _("다른 번들 %(n)s", n=choice.place + 1)
    return _("갈림길 %(n)s", n=choice.place + 1)


#: What a reason counts, how its amount is written, and what is said of more and of less of it.
_COUNTED = (
    (
        "outside_more",
        formats.number,
        _l("참여 기업이 아닌 곳이 맡는 역량이 %(n)s개 늘어요"),
        _l("참여 기업이 아닌 곳이 맡는 역량이 %(n)s개 줄어요"),
    ),
    ("own_more", won, _l("회사 부담이 %(n)s 늘어요"), _l("회사 부담이 %(n)s 줄어요")),
    ("fit_less", formats.number, _l("적합도가 %(n)s점 낮아요"), _l("적합도가 %(n)s점 높아요")),
    ("vendors_more", formats.number, _l("기업이 %(n)s곳 늘어요"), _l("기업이 %(n)s곳 줄어요")),
)


def difference(reason: Reason) -> str:
    """What the best bundle without a listing lacks, or has, beside the best one; "" = nothing that is counted."""
    counts = [(getattr(reason, field), write, more, less) for field, write, more, less in _COUNTED]
    return " · ".join(
        str(more if by > 0 else less) % {"n": write(abs(by))} for by, write, more, less in counts if by
    )


def fit(choice: Choice) -> str:
    """The sum of fits, of how much there could be: a thousand points for each capability that is answered for."""
    return f"{formats.number(choice.verdict.fit)} / {formats.number(MAX_FIT * len(choice.provider))}"


def proof(choice: Choice) -> str:
    """What is proven of a bundle: that none is better, or by how much another could be."""
    if choice.status == "proven":
        return _("이보다 나은 번들이 없음을 증명했어요.")
    if not isinstance(choice.bound, int) or not isinstance(choice.objective, int):
        best = choice.bound[0] if isinstance(choice.bound, list) else None
        if best is None:
            return _("시간 안에 찾은 번들이에요. 더 나은 것이 있을 수 있어요.")
        return _(
            "시간 안에 찾은 번들이에요. 적합도는 %(fit)s점이고, 어떤 번들도 %(best)s점을 넘지 못해요.",
            fit=formats.number(choice.verdict.fit),
            best=formats.number(best),
        )
    gap = won(max(0, choice.objective - choice.bound))
    return _("시간 안에 찾은 번들이에요. 더 나은 것이 있어도 %(gap)s 안쪽이에요.", gap=gap)
