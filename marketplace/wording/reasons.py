"""Why a listing is ranked where it is, or left out: the scorer's codes as facts about the reader's plant."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from marketplace import formats
from marketplace.wording.names import industry_name, term_name

#: Code of `matching.scoring.explain.REASON_CODES` → its sentence.
REASONS: Mapping[str, Any] = {
    "capability.unstated": _l("수요에 적은 역량이 없어서 비교하지 못했어요."),
    "capability.no_plan": _l("요금제가 없어서 역량을 확인하지 못했어요."),
    "capability.all_met": _l("필요한 역량을 모두 원하는 품질로 갖췄어요: %(capabilities)s."),
    "capability.all_must": _l("꼭 필요한 역량을 모두 갖췄어요: %(capabilities)s."),
    "capability.must_missing": _l(
        "꼭 필요한 역량을 원하는 품질로 모두 갖춘 요금제가 없어요. 모자란 역량: %(capabilities)s."
    ),
    "capability.nice_missing": _l("있으면 좋은 역량이 빠져 있어요: %(capabilities)s."),
    "capability.quality_below": _l(
        "‘%(capability)s’의 품질이 원하는 값보다 낮아요(원하는 값 %(min_quality)s, 이 솔루션 %(quality)s)."
    ),
    "maturity.unstated": _l(
        "우리 공장의 기업 수준을 몰라서 비교하지 못했어요. 이 솔루션은 수준 %(level_from)s 공장부터 쓰고 "
        "수준 %(level_to)s까지 올려 줘요."
    ),
    "maturity.outside_range": _l(
        "우리 공장의 기업 수준(%(level)s)이 이 솔루션의 범위(%(level_from)s~%(level_to)s) 밖에 있어요."
    ),
    "maturity.keeps_level": _l(
        "우리 공장은 이미 목표한 기업 수준(%(level)s)에 있고, 이 솔루션은 수준 %(level_to)s까지 맞아요."
    ),
    "maturity.reaches_target": _l(
        "기업 수준 %(level)s에서 목표 수준 %(target_level)s까지 갈 수 있어요(솔루션 도달 수준 %(level_to)s)."
    ),
    "maturity.lifts_partly": _l(
        "기업 수준 %(level)s에서 %(level_to)s까지 올라가지만 목표 수준 %(target_level)s에는 못 미쳐요."
    ),
    "maturity.no_lift": _l(
        "지금 기업 수준(%(level)s)에 머물러요. 목표 수준은 %(target_level)s인데 올려 주지 못해요."
    ),
    "industry.unstated": _l("우리 공장의 업종을 몰라서 비교하지 못했어요."),
    "industry.not_given": _l("이 솔루션이 어느 업종에 맞는지 밝히지 않았어요."),
    "industry.same_group": _l("우리 공장 업종(%(site)s)과 같은 소분류를 대상으로 해요: %(claimed)s."),
    "industry.division": _l("우리 공장 업종(%(site)s)이 속한 중분류를 대상으로 해요: %(claimed)s."),
    "industry.same_division": _l(
        "우리 공장 업종(%(site)s)과 중분류는 같지만 다른 업종을 대상으로 해요: %(claimed)s."
    ),
    "industry.all_manufacturing": _l(
        "제조업 전체를 대상으로 해요. 우리 공장 업종(%(site)s)을 따로 들지는 않았어요."
    ),
    "industry.other": _l("대상 업종에 우리 공장 업종(%(site)s)이 없어요."),
    "interfaces.unstated": _l("우리 공장 시스템의 연동 규격을 몰라서 비교하지 못했어요."),
    "interfaces.not_given": _l("이 솔루션의 연동 규격을 밝히지 않았어요."),
    "interfaces.all": _l("우리 공장 시스템 %(systems)s개와 모두 연동돼요: %(interfaces)s."),
    "interfaces.some": _l(
        "우리 공장 시스템 %(systems)s개 가운데 %(connected)s개와 연동돼요: %(interfaces)s."
    ),
    "interfaces.none": _l(
        "우리 공장 시스템 %(systems)s개와 연동되지 않아요. 우리 공장의 규격: %(interfaces)s."
    ),
    "evidence.none": _l("올라온 근거가 없어요."),
    "evidence.part_none": _l("번들의 솔루션 가운데 잰 근거가 없는 것이 있어요."),
    "evidence.field": _l("현장 %(sites)s곳에서 잰 결과 %(records)s건이 나아졌어요."),
    "evidence.same_division": _l("우리와 업종 중분류가 같은 곳에서 나아진 결과가 %(records)s건 있어요."),
    "evidence.test_reports": _l("시험 성적 %(records)s건에서 나아졌어요."),
    "evidence.claims_only": _l("공급기업 주장만 %(records)s건 있고 잰 결과가 없어요."),
    "evidence.failed": _l("잰 결과 %(records)s건 가운데 %(failed)s건은 나아지지 않았어요."),
    "evidence.outcome_unknown": _l("나아졌는지 알 수 없는 결과가 %(records)s건 있어요."),
    "evidence.thin": _l("나아진 결과가 %(records)s건이라 아직 충분하지 않아요."),
    "price.unstated": _l("예산을 적지 않아서 비교하지 못했어요. 첫해 목록가는 %(list_amount)s이에요."),
    "price.not_given": _l("첫해 목록가를 알 수 없어요. 견적을 받거나 쓴 만큼 내는 방식이에요."),
    "price.under_budget": _l("첫해 목록가 %(list_amount)s으로 예산 %(budget_amount)s 안이에요."),
    "price.close_to_budget": _l("첫해 목록가 %(list_amount)s으로 예산 %(budget_amount)s에 가까워요."),
    "price.over_budget": _l("첫해 목록가 %(list_amount)s으로 예산 %(budget_amount)s을 넘어요."),
    "price.cheaper_plan": _l("‘%(plan_name)s’ 요금제는 첫해 목록가 %(list_amount)s으로 예산 안이에요."),
    "region.unstated": _l("지역과 희망 기한을 적지 않아서 비교하지 못했어요."),
    "region.covered": _l("우리 지역(%(region)s)에 공급해요."),
    "region.not_covered": _l("우리 지역(%(region)s)에는 공급하지 않아요."),
    "region.not_given": _l("우리 지역(%(region)s)에 공급하는지 밝히지 않았어요."),
    "region.on_time": _l("도입에 %(install_weeks)s주 걸려요. 희망 기한까지 %(weeks_left)s주 남았어요."),
    "region.late": _l(
        "도입에 %(install_weeks)s주 걸려 희망 기한보다 %(late_weeks)s주 늦어요(남은 기간 %(weeks_left)s주)."
    ),
    "region.install_unknown": _l(
        "도입 기간을 밝히지 않아 희망 기한에 맞는지 알 수 없어요(남은 기간 %(weeks_left)s주)."
    ),
    "price.own_under_budget": _l(
        "지원사업 몫을 빼고 우리가 내는 %(own_amount)s으로 예산 %(budget_amount)s 안이에요(목록가 %(list_amount)s)."
    ),
    "price.own_close_to_budget": _l(
        "지원사업 몫을 빼고 우리가 내는 %(own_amount)s으로 예산 %(budget_amount)s에 가까워요"
        "(목록가 %(list_amount)s)."
    ),
    "price.own_over_budget": _l(
        "지원사업 몫을 빼도 우리가 내는 %(own_amount)s으로 예산 %(budget_amount)s을 넘어요(목록가 %(list_amount)s)."
    ),
    "price.own_cheaper_plan": _l(
        "‘%(plan_name)s’ 요금제는 우리가 내는 금액이 %(own_amount)s으로 예산 안이에요."
    ),
    "price.rule_not_current": _l(
        "지금 쓰는 규칙이 아닌 지원사업 규칙으로 계산했어요. 같은 조건이라는 약속이 아니에요."
    ),
    "price.rate_unknown": _l("지원 비율이 적혀 있지 않은 규칙이 있어서 그 몫은 0으로 계산했어요."),
    "supply_chain.unstated": _l("시스템을 아는 거래처가 없고 업종 통계도 없어서 비교하지 못했어요."),
    "supply_chain.not_given": _l("이 솔루션의 연동 규격이나 업종을 몰라서 거래처와 비교하지 못했어요."),
    "supply_chain.suppliers_use": _l("협력사 %(partners)s곳이 이 솔루션을 쓰고 있어요."),
    "supply_chain.customers_use": _l("고객사 %(partners)s곳이 이 솔루션을 쓰고 있어요."),
    "supply_chain.suppliers_connect": _l("협력사 %(partners)s곳이 쓰는 시스템(%(capabilities)s)과 연동돼요."),
    "supply_chain.customers_connect": _l("고객사 %(partners)s곳이 쓰는 시스템(%(capabilities)s)과 연동돼요."),
    "supply_chain.apart": _l("거래처 %(partners)s곳이 쓰는 시스템과는 연동되지 않아요."),
    "supply_chain.declared": _l("거래처 %(partners)s곳은 상대가 확인하지 않아서 절반만 쳤어요."),
    "supply_chain.prior": _l(
        "업종 통계로만 보면 우리와 거래가 있는 업종이에요: %(claimed)s. 두 회사의 거래를 뜻하지는 않아요."
    ),
    "supply_chain.no_relation": _l("업종 통계에서 우리 업종과의 거래가 보이지 않아요."),
    "capacity.unstated": _l("희망 기한을 적지 않아서 공급 여력을 비교하지 못했어요."),
    "capacity.not_given": _l("공급기업이 분기에 몇 건을 시작할 수 있는지 밝히지 않았어요."),
    "capacity.install_unknown": _l(
        "분기에 %(capacity_per_quarter)s건을 시작할 수 있지만 도입 기간을 몰라서 기한에 맞는지 알 수 없어요."
    ),
    "capacity.enough": _l(
        "분기에 %(capacity_per_quarter)s건을 시작할 수 있어요. %(window_weeks)s주 안에 시작하면 기한에 맞아요."
    ),
    "capacity.tight": _l(
        "%(window_weeks)s주 안에 시작해야 하는데 분기에 %(capacity_per_quarter)s건만 시작할 수 있어 빠듯해요."
    ),
    "capacity.too_late": _l("지금 시작해도 희망 기한에 늦어요(분기에 %(capacity_per_quarter)s건)."),
}

#: Neither side names an amount.
NO_AMOUNTS = _l("예산을 적지 않았고 이 솔루션의 첫해 목록가도 알 수 없어서 비교하지 못했어요.")

#: The same two, where nobody states what the partners' systems are.
KINDS_UNKNOWN: Mapping[str, Any] = {
    "supply_chain.suppliers_connect": _l("협력사 %(partners)s곳이 쓰는 시스템과 연동돼요."),
    "supply_chain.customers_connect": _l("고객사 %(partners)s곳이 쓰는 시스템과 연동돼요."),
}

#: Code of `matching.scoring.score.EXCLUSION_CODES` → its sentence.
EXCLUSIONS: Mapping[str, Any] = {
    "certificate": _l("검증 인증서의 기한이 지났어요."),
    "level": _l(
        "우리 공장의 기업 수준(%(level)s)이 이 솔루션의 범위(%(level_from)s~%(level_to)s) 밖에 있어요."
    ),
    "region": _l("우리 지역(%(region)s)에는 공급하지 않아요."),
    "must_capability": _l(
        "꼭 필요한 역량을 원하는 품질로 모두 갖춘 요금제가 없어요. 모자란 역량: %(capabilities)s."
    ),
    "price_over_budget": _l(
        "첫해 목록가 %(list_amount)s은 예산 %(budget_amount)s의 1.5배를 넘어요. 예산이 %(budget_needed_amount)s부터면 들어와요."
    ),
}


def reason(code: str, params: Mapping[str, Any]) -> str:
    """One reason of a score as a sentence. Raises KeyError: the scorer has no such code."""
    if code == "price.unstated" and params["list_amount"] is None:
        return str(NO_AMOUNTS)
    if code in KINDS_UNKNOWN and not params["capabilities"]:
        return str(KINDS_UNKNOWN[code]) % named(params)
    return str(REASONS[code]) % named(params)


def exclusion(code: str, params: Mapping[str, Any]) -> str:
    """One cause of an exclusion as a sentence. Raises KeyError: the scorer has no such code."""
    return str(EXCLUSIONS[code]) % named(params)


def named(params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters in the reader's words: terms by name, amounts with their currency, industries as one word each
    (`site_revision` and `site_code` become `site`, the claimed pair becomes `claimed`)."""
    return dict(_named(key, value, params) for key, value in params.items() if not key.endswith("_revision"))


def _named(key: str, value: Any, params: Mapping[str, Any]) -> tuple[str, str]:
    if key.endswith("_code"):
        side = key.removesuffix("_code")
        return side, industry_name({"revision": params[f"{side}_revision"], "code": value})
    if key.endswith("_amount"):
        return key, formats.won(value, get_locale() or "ko")
    if key in ("capabilities", "interfaces"):
        scheme = {"capabilities": "capability", "interfaces": "interface"}[key]
        return key, ", ".join(term_name(scheme, code) for code in value)
    if key in ("capability", "region"):
        return key, term_name(key, value)
    return key, formats.number(value) if isinstance(value, int) else str(value)
