"""Names and sentences of composing: what joins products or keeps them apart, runs and what they found."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    "interop_state": {"holds": _l("유효"), "ended": _l("끝남")},
    "compose_state": {
        "queued": _l("차례를 기다림"),
        "running": _l("찾는 중"),
        "done": _l("다 찾음"),
        "cancelled": _l("멈춤"),
        "failed": _l("못 찾음"),
    },
    "compose_step": {
        "": _l("준비"),
        "asking": _l("후보 모으는 중"),
        "model": _l("조건을 식으로 옮기는 중"),
        "best": _l("가장 좋은 번들을 찾는 중"),
        "why": _l("왜 안 되는지 찾는 중"),
        "alternatives": _l("다른 번들을 찾는 중"),
        "pareto": _l("비용과 적합도를 견주는 중"),
        "reasons": _l("솔루션마다 다음 후보를 찾는 중"),
        "pool": _l("패키지를 짜 보는 중"),
        "done": _l("마무리"),
    },
    "compose_pool": {
        "members": _l("참여 기업만"),
        "members-first": _l("참여 기업 먼저"),
        "all": _l("장터 전체"),
    },
    "compose_weighing": {
        "lexicographic": _l("적합도 먼저, 그다음 비용"),
        "weighted": _l("적합도와 비용을 함께"),
        "pareto": _l("비용과 적합도의 갈림길 보기"),
    },
    "compose_status": {
        "proven": _l("더 나은 번들이 없음을 증명"),
        "good": _l("시간 안에 찾은 가장 좋은 번들"),
        "infeasible": _l("가능한 번들이 없음을 증명"),
        "unknown": _l("시간 안에 찾지 못함"),
    },
    "compose_how": {
        "same_offer": _l("같은 제품"),
        "interface": _l("같은 규격"),
        "connector": _l("연결 장치"),
    },
    "compose_left_out": {
        "level": _l("지금 수준보다 높이 이끌지 못함"),
        "price": _l("금액을 알 수 없음"),
        "bundle": _l("그 자체가 번들"),
        "industry": _l("업종이 다름"),
    },
    "compose_assumed": {
        "quality": _l("최소 품질이 공개되지 않아, 고른 값으로 봤어요."),
        "budget_band": _l("예산은 구간만 공개되어, 구간의 끝까지 쓸 수 있다고 봤어요."),
        "level": _l("기업 수준은 직접 고른 값이에요."),
        "industry": _l("업종이 공개되지 않아, 업종이 맞는지는 보지 않았어요."),
        "region": _l("지역이 공개되지 않아, 그 지역에 공급하는지는 보지 않았어요."),
    },
    "compose_no_subsidy": {
        "no_programme": _l("지원사업을 고르지 않아 지원금을 셈하지 않았어요."),
        "not_now": _l("고른 지원사업의 규칙이 오늘 유효하지 않아 지원금을 셈하지 않았어요."),
        "not_stated": _l("고른 지원사업의 출처에 비율이나 한도가 없어 지원금을 셈하지 않았어요."),
    },
    "packages_status": {
        "proven": _l("더 많은 수요에 맞는 묶음이 없음을 증명"),
        "good": _l("찾은 것 가운데 가장 많은 수요에 맞음"),
    },
    "packages_left_out": {
        "nothing_required": _l("필수 역량이 없어요"),
        "too_many_capabilities": _l("필수 역량이 패키지 하나의 한도보다 많아요"),
        "no_offer": _l("맡을 솔루션이 없는 필수 역량이 있어요"),
        "quality": _l("최소 품질을 지키는 솔루션이 없는 필수 역량이 있어요"),
        "industry": _l("업종, 지역, 지금 수준에 맞는 솔루션이 없는 필수 역량이 있어요"),
        "level": _l("바라는 때까지 설치할 수 있는 솔루션이 없는 필수 역량이 있어요"),
        "over_budget": _l("예산을 넘어요"),
        "no_package": _l("필수 역량마다 솔루션은 있지만 함께 이어지는 패키지를 찾지 못했어요"),
        "not_chosen": _l("맞는 패키지가 있지만, 다른 패키지가 더 많은 수요에 맞아요"),
        "level_unknown": _l("공장의 기업 수준을 몰라서 견주지 못했어요"),
    },
    "compose_requirement": {
        "budget_amount": _l("예산"),
        "max_vendors": _l("기업 수"),
        "pool": _l("참여 기업만 쓰기"),
        "capability": _l("역량"),
        "link": _l("데이터를 주고받기"),
        "exclusive": _l("한 시스템만 두기"),
        "require": _l("꼭 넣기"),
        "forbid": _l("빼기"),
        "min_quality": _l("최소 품질"),
        "stage": _l("늦어도 몇 단계"),
    },
}

#: Field → its name.
FIELDS: Mapping[str, object] = {
    "one": _l("한쪽"),
    "other": _l("다른 쪽"),
    "as_of": _l("기준일"),
    "pool": _l("누구의 솔루션으로"),
    "weighing": _l("무엇을 먼저"),
    "point_amount": _l("적합도 1점의 값"),
    "vendor_amount": _l("기업 한 곳을 줄이는 값"),
    "max_vendors": _l("기업 수"),
    "max_capabilities": _l("역량 수"),
    "count": _l("패키지 수"),
    "keep": _l("꼭 넣을 솔루션"),
    "never": _l("뺄 솔루션"),
    "changes": _l("바꿔 볼 조건"),
    "alternatives": _l("다른 번들 수"),
    "points": _l("갈림길의 점"),
    "seconds": _l("찾는 시간"),
    "bundle": _l("번들"),
}

#: Act → what was done.
ACTS: Mapping[str, object] = {
    "compose.cancel": _l("번들 찾기 멈춤"),
    "compose.draft": _l("찾은 번들을 초안으로 만듦"),
    "compose.start": _l("번들 찾기 시작"),
    "packages.cancel": _l("표준 패키지 찾기 멈춤"),
    "packages.draft": _l("찾은 표준 패키지를 초안으로 만듦"),
    "packages.start": _l("표준 패키지 찾기 시작"),
    "interop.end": _l("연결 비용이나 충돌 끝냄"),
    "interop.note": _l("연결 비용이나 충돌 적음"),
}

#: Class of a row → what it is called.
OBJECTS: Mapping[str, object] = {
    "ComposeRun": _l("번들이나 표준 패키지 찾기"),
    "InterfaceConnector": _l("연결 비용"),
    "ListingConflict": _l("함께 쓸 수 없는 솔루션"),
}

#: Code → why an act is refused.
REFUSALS: Mapping[str, object] = {
    "compose.ended": _l("이미 끝난 찾기예요."),
    "compose.not_done": _l("아직 찾지 못했어요. 다 찾은 뒤에 할 수 있어요."),
    "compose.stale": _l("찾은 뒤에 솔루션이나 요금제, 인증서가 바뀌었어요. 다시 찾아 주세요."),
    "compose.too_many": _l("한 번에 %(max)s개까지 찾을 수 있어요. 하나가 끝나거나 멈춘 뒤에 다시 해 주세요."),
    "interop.ended": _l("이미 끝낸 기록이에요."),
    "packages.gone": _l("이 패키지에 맞는 수요가 이제 하나도 보이지 않아요. 다시 찾아 주세요."),
}

#: Code → what is wrong with one field.
PROBLEMS: Mapping[str, object] = {
    "compose_defect": _l("찾은 번들이 검산을 통과하지 못해 버렸어요. 저희 쪽의 잘못이라 기록해 뒀어요."),
    "compose_died": _l("찾는 동안 서버가 %(times)s번 멈췄어요. 조건을 줄여 다시 해 주세요."),
    "compose_keep": _l("이 수요의 후보가 아닌 솔루션이에요. 인증서와 업종, 공급 지역, 역량을 확인해 주세요."),
    "compose_level": _l("공장의 기업 수준을 몰라요. 견줄 수준을 골라 주세요."),
    "compose_search": _l("검색이 멈춰 있어요. 잠시 뒤 다시 해 주세요."),
    "packages_nobody": _l(
        "그런 공장의 수요가 아직 얼라이언스에 들어오지 않았어요. 업종과 수준을 넓혀 주세요."
    ),
    "kept_and_never": _l("꼭 넣으면서 뺄 수는 없어요."),
    "older_than_known": _l("이미 %(day)s 기준의 값이 있어요. 그날이나 그 뒤의 날짜를 적어 주세요."),
    "listing_unknown": _l("공개된 솔루션이 아니에요. 솔루션 화면의 주소를 확인해 주세요."),
}
