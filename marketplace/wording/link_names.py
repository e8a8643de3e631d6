"""Names of what trade links and supply chains are made of."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    "link_state": {
        "declared": _l("신고됨"),
        "confirmed": _l("확인됨"),
        "denied": _l("아니라고 함"),
        "withdrawn": _l("거둠"),
        "ended": _l("끝남"),
    },
    "link_direction": {"supplier": _l("공급처"), "customer": _l("납품처")},
    "link_filter": {
        "all": _l("모두"),
        "waiting": _l("답할 차례"),
        "confirmed": _l("확인됨"),
        "declared": _l("신고됨"),
        "denied": _l("아니라고 함"),
    },
    "row_outcome": {
        "new": _l("새로 신고"),
        "confirmed": _l("바로 확인"),
        "known": _l("이미 있음"),
        "bad": _l("넣을 수 없음"),
    },
}

#: Field → its name.
FIELDS: Mapping[str, object] = {
    "direction": _l("관계"),
    "item": _l("품목"),
    "since": _l("거래 시작일"),
    "until": _l("거래 종료일"),
    "site_id": _l("우리 공장"),
    "share_systems": _l("시스템 종류를 추천에 쓰기"),
    "share_chain": _l("수준과 아래 관계 보여 주기"),
    "invite_email": _l("초대할 이메일"),
    "confirm": _l("답"),
    "mode": _l("신고할 방법"),
    "rows": _l("행"),
    "links": _l("거래 관계"),
    "viewer": _l("볼 수 있는 곳"),
}

#: Act → what was done.
ACTS: Mapping[str, object] = {
    "chain.close": _l("공급망 열람 거둠"),
    "chain.open": _l("공급망 열람 허락"),
    "link.answer": _l("거래 관계에 답함"),
    "link.check_list": _l("거래처 명단 점검"),
    "link.consent": _l("거래처에 허락한 내용 바꿈"),
    "link.declare": _l("거래 관계 신고"),
    "link.declare_list": _l("거래처 명단 신고"),
    "link.end": _l("거래 관계 끝냄"),
    "link.invite": _l("거래처 초대"),
}

#: Class of a row → what it is called.
OBJECTS: Mapping[str, object] = {
    "ChainViewer": _l("공급망 열람"),
    "LinkImport": _l("거래처 명단"),
    "TradeLink": _l("거래 관계"),
}
