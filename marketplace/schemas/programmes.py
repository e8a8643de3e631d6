"""Rules of support programmes, in."""

from collections.abc import Mapping
from typing import Any

from catalog.programmes.rules import CAP_UNITS, LEVELS, MAX_MONTHS, MAX_RATE_BP
from marketplace.schemas.fields import Choice, Code, Coded, Day, Line, Strict, Text, Whole, Won


class Address(Line):
    """An address on the web, https only; blank for none."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not text.startswith("https://"):
            raise Coded("url")
        return text


class RuleIn(Strict):
    """A rule of a support programme. Shares are basis points of the whole cost, 5000 = a half."""

    name = Line(120, 1, required=True)
    name_en = Line(120, load_default="")
    body = Line(80, 1, required=True)
    region = Code("region", load_default=None, allow_none=True)
    level = Choice(LEVELS, load_default=None, allow_none=True)
    cap_amount = Won(load_default=None, allow_none=True)
    cap_unit = Choice(CAP_UNITS, required=True)
    rate_bp = Whole(0, MAX_RATE_BP, load_default=None, allow_none=True)
    months = Whole(1, MAX_MONTHS, load_default=None, allow_none=True)
    note = Text(1000, load_default="")
    source = Line(300, 1, required=True)
    source_url = Address(500, load_default="")
    valid_from = Day(required=True)
    valid_to = Day(required=True)


class RuleEndIn(Strict):
    """The last day on which a rule holds, and why it ends."""

    ended_on = Day(required=True)
    end_reason = Text(500, 5, required=True)
