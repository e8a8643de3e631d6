"""What would cost the first place its place, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from marketplace import formats
from marketplace.wording.names import industry_name, term_name

#: Fact of `matching.scoring.flips.Flip` → its sentence when another would be the first, and when it would be left out.
FLIPS: Mapping[str, tuple[Any, Any]] = {
    "price": (
        _l("첫해 목록가가 %(now)s에서 %(then)s까지 오르면 1위를 내줘요."),
        _l("첫해 목록가가 %(now)s에서 %(then)s까지 오르면 목록에서 빠져요."),
    ),
    "quality": (
        _l("‘%(code)s’ 품질이 %(now)s에서 %(then)s까지 낮아지면 1위를 내줘요."),
        _l("‘%(code)s’ 품질이 %(now)s에서 %(then)s까지 낮아지면 목록에서 빠져요."),
    ),
    "level_to": (
        _l("도달 수준이 %(now)s에서 %(then)s까지 낮아지면 1위를 내줘요."),
        _l("도달 수준이 %(now)s에서 %(then)s까지 낮아지면 목록에서 빠져요."),
    ),
    "level_from": (
        _l("쓸 수 있는 기업 수준이 %(now)s에서 %(then)s까지 높아지면 1위를 내줘요."),
        _l("쓸 수 있는 기업 수준이 %(now)s에서 %(then)s까지 높아지면 목록에서 빠져요."),
    ),
    "industry": (
        _l("대상 업종에서 ‘%(now)s’ 업종이 빠지면 1위를 내줘요."),
        _l("대상 업종에서 ‘%(now)s’ 업종이 빠지면 목록에서 빠져요."),
    ),
    "interface": (
        _l("연동 규격에서 ‘%(now)s’ 규격이 빠지면 1위를 내줘요."),
        _l("연동 규격에서 ‘%(now)s’ 규격이 빠지면 목록에서 빠져요."),
    ),
    "evidence": (
        _l("나아지지 않은 결과가 %(now)s건에서 %(then)s건까지 늘면 1위를 내줘요."),
        _l("나아지지 않은 결과가 %(now)s건에서 %(then)s건까지 늘면 목록에서 빠져요."),
    ),
    "region": (
        _l("우리 지역(%(now)s)에 공급하지 않으면 1위를 내줘요."),
        _l("우리 지역(%(now)s)에 공급하지 않으면 목록에서 빠져요."),
    ),
    "install_weeks": (
        _l("도입 기간이 %(now)s주에서 %(then)s주까지 늘면 1위를 내줘요."),
        _l("도입 기간이 %(now)s주에서 %(then)s주까지 늘면 목록에서 빠져요."),
    ),
    "capacity": (
        _l("분기에 맡을 수 있는 사업이 %(now)s건에서 %(then)s건까지 줄면 1위를 내줘요."),
        _l("분기에 맡을 수 있는 사업이 %(now)s건에서 %(then)s건까지 줄면 목록에서 빠져요."),
    ),
    "in_use": (
        _l("거래처 %(now)s곳이 더는 쓰지 않으면 1위를 내줘요."),
        _l("거래처 %(now)s곳이 더는 쓰지 않으면 목록에서 빠져요."),
    ),
    "certificate": (
        _l("검증 인증서의 기한이 지나면 1위를 내줘요."),
        _l("검증 인증서의 기한이 지나면 목록에서 빠져요."),
    ),
}


def flip(row: Mapping[str, Any], revision: str) -> str:
    """One kept flip as a sentence; `revision` is that of the site's industry. Raises KeyError: no such fact."""
    values = {name: _value(row["fact"], row[name], revision) for name in ("now", "then")}
    code = "" if row["code"] is None else term_name("capability", row["code"])
    return str(FLIPS[row["fact"]][1 if row["excluded"] else 0]) % {**values, "code": code}


def _value(fact: str, value: Any, revision: str) -> str:
    if value is None:
        return ""
    if fact == "price":
        return formats.won(value, get_locale() or "ko")
    if fact == "industry":
        return industry_name({"revision": revision, "code": value})
    if fact in ("interface", "region"):
        return term_name(fact, value)
    return formats.number(value) if isinstance(value, int) else str(value)
