"""Names and sentences of composing: what joins products or keeps them apart, runs and what they found."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    "interop_state": {"holds": _l("유효"), "ended": _l("끝남")},
}

#: Field → its name.
FIELDS: Mapping[str, object] = {
    "one": _l("한쪽"),
    "other": _l("다른 쪽"),
    "as_of": _l("기준일"),
}

#: Act → what was done.
ACTS: Mapping[str, object] = {
    "interop.end": _l("연결 비용이나 충돌 끝냄"),
    "interop.note": _l("연결 비용이나 충돌 적음"),
}

#: Class of a row → what it is called.
OBJECTS: Mapping[str, object] = {
    "InterfaceConnector": _l("연결 비용"),
    "ListingConflict": _l("함께 쓸 수 없는 솔루션"),
}

#: Code → why an act is refused.
REFUSALS: Mapping[str, object] = {
    "interop.ended": _l("이미 끝낸 기록이에요."),
}

#: Code → what is wrong with one field.
PROBLEMS: Mapping[str, object] = {
    "older_than_known": _l("이미 %(day)s 기준의 값이 있어요. 그날이나 그 뒤의 날짜를 적어 주세요."),
    "listing_unknown": _l("공개된 솔루션이 아니에요. 솔루션 화면의 주소를 확인해 주세요."),
}
