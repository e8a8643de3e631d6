"""Names of what demands, their audience and the board are made of."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    "demand_state": {"draft": _l("초안"), "open": _l("진행 중"), "closed": _l("마감")},
    "audience": {
        "private": _l("우리만"),
        "organizations": _l("지정한 기업"),
        "alliance": _l("얼라이언스 한 곳"),
        "board": _l("게시판(익명)"),
    },
    "closed_reason": {
        "bought": _l("샀어요"),
        "not_now": _l("지금은 안 해요"),
        "elsewhere": _l("다른 곳에서 찾았어요"),
        "mistake": _l("잘못 만들었어요"),
    },
    "sector": {
        "food": _l("식품·음료"),
        "textile": _l("섬유·의류"),
        "wood_paper": _l("목재·종이·인쇄"),
        "chemical": _l("화학·소재"),
        "metal": _l("금속"),
        "electric": _l("전기·전자·정밀"),
        "machine_vehicle": _l("기계·운송장비"),
        "other": _l("그 밖의 제조"),
    },
    "area": {
        "capital": _l("수도권"),
        "chungcheong": _l("충청권"),
        "honam": _l("호남권"),
        "yeongnam": _l("영남권"),
        "gangwon_jeju": _l("강원·제주"),
    },
    "reading_field": {
        "must": _l("꼭 필요"),
        "nice": _l("있으면 좋음"),
        "not_wanted": _l("필요 없음"),
        "system": _l("쓰고 있는 시스템"),
        "link": _l("데이터 교환"),
        "process": _l("공정"),
        "industry": _l("업종"),
        "region": _l("지역"),
        "budget_amount": _l("예산"),
        "deadline": _l("희망 기한"),
        "level": _l("지금 기업 수준"),
        "target_level": _l("목표 수준"),
    },
}

#: Fields of its forms that others do not have.
FIELDS: Mapping[str, object] = {
    "links": _l("데이터 교환"),
    "programme": _l("지원사업"),
    "audience": _l("공개 범위"),
    "organizations": _l("지정할 기업"),
}
