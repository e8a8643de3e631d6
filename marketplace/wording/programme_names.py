"""What the rules of support programmes are made of, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    "programme_state": {"draft": _l("초안"), "published": _l("공개"), "ended": _l("끝냄")},
    "programme_level": {
        "basic": _l("기초"),
        "upgrade1": _l("고도화1"),
        "upgrade1_same": _l("고도화1(동일수준)"),
        "upgrade2": _l("고도화2"),
    },
    "cap_unit": {
        "company": _l("기업마다"),
        "project": _l("과제마다"),
        "consortium": _l("컨소시엄마다"),
        "cluster": _l("클러스터마다"),
        "company_per_year": _l("기업마다 한 해"),
        "company_3_years": _l("기업마다 3년"),
    },
}
