"""A lead in words, as its vendor reads them: what speaks for its listing, and why another one is left out.

Sentences are about the vendor's own listing. What the demand's audience does not show is never named in one: a price
is "over the budget", never by how much.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from catalog import taxonomy
from marketplace import formats
from marketplace.wording.names import industry_name, name, term_name
from matching.audience import AudienceView

#: Code of `matching.scoring.explain.REASON_CODES` → its sentence; codes without one are said by axis and sign.
REASONS: Mapping[str, Any] = {
    "capability.all_met": _l("찾는 역량을 모두 원하는 품질로 갖췄어요: %(capabilities)s."),
    "capability.all_must": _l("꼭 필요한 역량을 모두 갖췄어요: %(capabilities)s."),
    "capability.nice_missing": _l("있으면 좋은 역량이 빠져 있어요: %(capabilities)s."),
    "capability.quality_below": _l("‘%(capability)s’의 품질이 원하는 값보다 낮아요."),
    "maturity.unstated": _l("수요 공장의 기업 수준이 알려지지 않아 모든 후보에게서 빠져요."),
    "maturity.keeps_level": _l("이미 목표한 수준에 있는 공장이고, 우리 솔루션은 그 수준에 맞아요."),
    "maturity.reaches_target": _l("시작 수준과 목표 수준이 우리 솔루션의 범위 안에 있어요."),
    "maturity.lifts_partly": _l("수준을 올려 주지만 목표에는 못 미쳐요(우리 도달 수준 %(level_to)s)."),
    "maturity.no_lift": _l("수준을 올려 주지 못해요."),
    "industry.not_given": _l("맞는 업종을 적지 않았어요. 적으면 점수가 붙어요."),
    "industry.same_group": _l("같은 업종을 대상으로 적었어요."),
    "industry.division": _l("수요 공장의 중분류를 대상으로 적었어요."),
    "industry.same_division": _l("중분류는 같지만 다른 업종을 대상으로 적었어요."),
    "industry.all_manufacturing": _l("제조업 전체를 대상으로 적어 가까운 업종으로만 세요."),
    "industry.other": _l("대상 업종에 수요 공장의 업종이 없어요."),
    "interfaces.not_given": _l("연동 규격을 적지 않았어요. 적으면 점수가 붙어요."),
    "interfaces.all": _l("수요 공장이 쓰는 시스템과 모두 연동돼요."),
    "interfaces.some": _l("수요 공장이 쓰는 시스템 가운데 일부와 연동돼요."),
    "interfaces.none": _l("수요 공장이 쓰는 시스템과 바로 연동되지 않아요."),
    "evidence.none": _l("올린 근거가 없어요. 근거를 올리면 점수가 붙어요."),
    "evidence.part_none": _l(
        "번들의 솔루션 가운데 잰 근거가 없는 것이 있어요. 그 솔루션에 근거가 올라오면 점수가 붙어요."
    ),
    "evidence.field": _l("현장에서 잰 결과가 나아졌어요."),
    "evidence.same_division": _l("같은 중분류의 현장에서 나아진 결과가 있어요."),
    "evidence.test_reports": _l("시험 성적에서 나아졌어요."),
    "evidence.claims_only": _l("주장만 있고 잰 결과가 없어요."),
    "evidence.failed": _l("잰 결과 가운데 나아지지 않은 것이 있어요."),
    "evidence.outcome_unknown": _l("나아졌는지 알 수 없는 결과가 있어요."),
    "evidence.thin": _l("나아진 결과가 적어 아직 충분하지 않아요."),
    "price.unstated": _l("예산을 밝히지 않아 모든 후보에게서 빠져요."),
    "price.not_given": _l("첫해 목록가를 알 수 없어요. 요금제에 적으면 점수가 붙어요."),
    "price.under_budget": _l("목록가가 예산 안이에요."),
    "price.close_to_budget": _l("목록가가 예산에 가까워요."),
    "price.over_budget": _l("목록가가 예산을 넘어요."),
    "region.covered": _l("수요 공장의 지역에 공급해요."),
    "region.not_given": _l("공급 지역을 적지 않았어요."),
    "region.on_time": _l("도입 기간(%(install_weeks)s주)이 바라는 시기에 맞아요."),
    "region.late": _l("도입 기간(%(install_weeks)s주)이 바라는 시기보다 길어요."),
    "region.install_unknown": _l("도입 기간을 적지 않았어요. 적으면 점수가 붙어요."),
}
#: What is said of an axis by a code that has no sentence of its own.
BY_SIGN: Mapping[str, Any] = {
    "for": _l("%(axis)s: 잘 맞아요."),
    "against": _l("%(axis)s: 잘 맞지 않아요."),
    "unknown": _l("%(axis)s: 확인되지 않았어요."),
}
#: Cause of an exclusion → why, and what would change it.
CAUSES: Mapping[str, tuple[Any, Any]] = {
    "certificate": (
        _l("검증 인증서의 기한이 지났어요."),
        _l("새 판을 내서 다시 검증받으면 들어가요."),
    ),
    "level": (
        _l("수요 공장의 기업 수준이 이 솔루션의 범위(%(level_from)s~%(level_to)s) 밖이에요."),
        _l("실제로 쓸 수 있는 수준이 더 넓다면 새 판에서 범위를 고쳐 주세요."),
    ),
    "region": (
        _l("수요 공장의 지역이 이 솔루션의 공급 지역에 없어요."),
        _l("그 지역에 공급할 수 있다면 새 판에서 공급 지역을 더해 주세요."),
    ),
    "must_capability": (
        _l("꼭 필요한 역량을 원하는 품질로 모두 갖춘 요금제가 없어요. 모자란 역량: %(capabilities)s."),
        _l("그 역량이 있다면 요금제에 품질과 근거를 적어 주세요."),
    ),
    "price_over_budget": (
        _l("예산 범위를 넘어요."),
        _l("더 작은 요금제를 내면 들어갈 수 있어요. 정확한 예산은 보여드리지 않아요."),
    ),
}


def reason(row: Mapping[str, Any]) -> str:
    """One reason of a standing as a sentence."""
    if row["code"] in REASONS:
        return str(REASONS[row["code"]]) % _named(row["told"])
    return str(BY_SIGN[row["sign"]]) % {"axis": name("axis", row["axis"])}


def cause(code: str, told: Mapping[str, Any]) -> tuple[str, str]:
    """One cause of an exclusion: why, and what would change it."""
    why, change = CAUSES[code]
    return str(why) % _named(told), str(change)


def headline(view: AudienceView) -> str:
    """A demand in a line: the firm's name where it shows, otherwise what describes at least five firms."""
    where = [_industry(view), _region(view)]
    if not view.organization and not any(where):
        where = [_("업종·지역은 밝히지 않음")]
    parts = [view.organization or "", *where, "" if view.named else size(view)]
    return " · ".join(part for part in parts if part)


def size(view: AudienceView) -> str:
    """The band of people at the site; empty when it does not show."""
    if view.size is None:
        return ""
    low, high = view.size
    if high is None:
        return _("%(low)s명 이상", low=low)
    return _("%(low)s~%(high)s명", low=low, high=high)


def budget(view: AudienceView) -> str:
    """The band of the budget."""
    if view.budget is None:
        return _("예산을 밝히지 않았어요")
    low, high = view.budget
    if high is None:
        return _("예산 %(low)s 이상", low=formats.won(low, _locale()))
    return _("예산 %(low)s~%(high)s", low=formats.won(low, _locale()), high=formats.won(high, _locale()))


def quarter(view: AudienceView) -> str:
    """The quarter in which it is wanted; empty when none is stated."""
    return (
        "" if view.quarter is None else _("%(year)s년 %(n)s분기까지", year=view.quarter[0], n=view.quarter[1])
    )


def _locale() -> object:
    return get_locale() or "ko"


def _industry(view: AudienceView) -> str:
    if view.industry is not None:
        return industry_name({"revision": taxonomy.current_revision("ksic"), "code": view.industry})
    return "" if view.sector is None else name("sector", view.sector)


def _region(view: AudienceView) -> str:
    if view.region is not None:
        return term_name("region", view.region)
    return "" if view.area is None else name("area", view.area)


def _named(told: Mapping[str, Any]) -> dict[str, str]:
    named: dict[str, str] = {}
    for key, value in told.items():
        if key == "capabilities":
            named[key] = ", ".join(term_name("capability", code) for code in value)
        elif key == "capability":
            named[key] = term_name("capability", value)
        else:
            named[key] = str(value)
    return named


def reasons(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By axis, the sentences of its reasons."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["axis"], []).append(reason(row))
    return found
