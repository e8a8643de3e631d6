"""Names of the words that say what became of a lead."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens; `names.NAMES` has them with the others.
SETS: Mapping[str, Mapping[str, object]] = {
    "lead_state": {
        "offered": _l("답할 차례"),
        "accepted": _l("수락함"),
        "declined": _l("거절함"),
        "withdrawn": _l("거둠"),
        "contact": _l("이름 공개됨"),
        "refused": _l("수요기업이 거절함"),
    },
    "offer_state": {
        "accepted": _l("답을 기다려요"),
        "contact": _l("연락 받아들임"),
        "refused": _l("받지 않음"),
    },
    "decline_code": {
        "no_capacity": _l("이번 분기에 빈자리가 없어요"),
        "capability": _l("필수 역량을 다 채우지 못해요"),
        "budget": _l("예산이 맞지 않아요"),
        "region": _l("갈 수 없는 지역이에요"),
        "deadline": _l("바라는 시기에 맞출 수 없어요"),
        "other": _l("다른 까닭이 있어요"),
    },
    "lead_cause": {
        "certificate": _l("인증서가 끝났어요"),
        "level": _l("수준이 맞지 않아요"),
        "region": _l("지역이 맞지 않아요"),
        "must_capability": _l("필수 역량이 없어요"),
        "price_over_budget": _l("예산 범위를 넘어요"),
    },
}
