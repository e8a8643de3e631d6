"""What has changed of a listing since somebody put it on a shortlist, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from marketplace import formats
from matching.shortlists import Change

#: Code of `matching.shortlists.Change` → its sentence.
CHANGES: Mapping[str, Any] = {
    "withdrawn": _l("지금은 공개돼 있지 않아요. 공급기업이 내렸거나 인증서 기한이 지난 지 오래됐어요."),
    "price": _l("첫해 목록가가 %(before)s에서 바뀌었어요. 지금은 %(after)s이에요."),
    "price_unknown": _l("첫해 목록가를 더는 밝히지 않아요. 그때는 %(before)s이었어요."),
    "plan_gone": _l("그때 본 요금제가 없어졌어요. 그때 첫해 목록가는 %(before)s이었어요."),
    "certificate_expired": _l("인증서 기한이 지났어요(%(after)s까지). 재검증이 필요해요."),
    "certificate_extended": _l("인증서 기한이 늘었어요. 지금은 %(after)s까지예요(그때는 %(before)s까지)."),
    "certificate_shortened": _l("인증서 기한이 줄었어요. 지금은 %(after)s까지예요(그때는 %(before)s까지)."),
    "release": _l("새 판(%(after)s번째)이 공개됐어요. 값과 인증서 기한은 그대로예요."),
}
#: Stands where nothing is known.
UNKNOWN = _l("확인 안 됨")


def change(found: Change) -> str:
    """One change as a sentence."""
    money = found.code in ("price", "price_unknown", "plan_gone")
    words = {name: _value(value, money) for name, value in (("before", found.before), ("after", found.after))}
    return str(CHANGES[found.code]) % words


def _value(value: int | date | None, money: bool) -> str:
    locale = get_locale() or "ko"
    if value is None:
        return str(UNKNOWN)
    if isinstance(value, date):
        return formats.date_text(value, locale)
    return formats.won(value, locale) if money else formats.number(value)
