"""Strict fields whose messages are codes of the wording table, with every size bounded."""

import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from catalog import taxonomy
from catalog.errors import Invalid, Problem
from catalog.money import MAX_AMOUNT

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_OR_BREAK = re.compile(r"[\x00-\x1f\x7f]")
MESSAGES: dict[str, Any] = {"required": "required", "null": "null", "validator_failed": "choice"}


class Strict(Schema):
    """A schema that refuses fields it does not know."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "object"}  # marshmallow's own way


class Coded(ValidationError):
    """A validation error that carries a code and its parameters."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__([{"code": code, "params": params}])


class Length(validate.Length):
    """Bounds a text or list; the code says which bound was passed."""

    def __init__(self, low: int, high: int, *, of_list: bool = False) -> None:
        super().__init__(min=low or None, max=high)
        self.of_list = of_list

    def __call__(self, value: Any) -> Any:
        """Check the value."""
        if self.min is not None and len(value) < self.min:
            if self.min == 1:
                raise Coded("required")
            raise Coded("too_few" if self.of_list else "too_short", min=self.min)
        if self.max is not None and len(value) > self.max:
            raise Coded("too_many" if self.of_list else "too_long", max=self.max)
        return value


class Range(validate.Range):
    """Bounds a number, both ends included."""

    def __init__(self, low: int, high: int, code: str) -> None:
        super().__init__(low, high)
        self.code = code

    def __call__(self, value: Any) -> Any:
        """Check the value."""
        if not self.min <= value <= self.max:
            raise Coded(self.code, min=self.min, max=self.max)
        return value


class Line(fields.String):
    """One line of text: trimmed, without control characters, of bounded length."""

    default_error_messages = {**MESSAGES, "invalid": "text", "invalid_utf8": "text"}
    forbidden = _CONTROL_OR_BREAK

    def __init__(self, high: int, low: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=Length(low, high), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if self.forbidden.search(text) or any(unicodedata.category(c) == "Cs" for c in text):
            raise Coded("control_characters")
        return text.strip()


class Text(Line):
    """Several lines of text; line breaks and tabs may stand in it."""

    forbidden = _CONTROL


class Whole(fields.Integer):
    """An integer between two bounds. 7.0 is one, as JSON Schema has it; 7.5 and "7" are not."""

    default_error_messages = {**MESSAGES, "invalid": "integer", "too_large": "integer"}

    def __init__(self, low: int, high: int, *, code: str = "range", **kwargs: Any) -> None:
        super().__init__(strict=True, validate=Range(low, high, code), **kwargs)

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and math.isfinite(value) and int(value) == value:
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryWhole(Whole):
    """The same in a query string, where every value is text: digits only."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or re.fullmatch(r"[0-9]{1,18}", value, re.ASCII) is None:
            raise self.make_error("invalid")
        return int(value)


class Won(Whole):
    """An amount in whole won, 0 to a trillion."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(0, MAX_AMOUNT, code="amount_range", **kwargs)


class Measure(fields.Field[Decimal]):
    """A measured value, as decimal text such as "3.10": digits are kept as they were written."""

    default_error_messages = MESSAGES
    pattern = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "pattern": self.pattern}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Decimal:
        if not isinstance(value, str) or re.fullmatch(self.pattern, value.strip(), re.ASCII) is None:
            raise Coded("decimal")
        return Decimal(value.strip())


class Day(fields.Date):
    """A date, 2026-11-21."""

    default_error_messages = {**MESSAGES, "invalid": "date", "format": "date"}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str) or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII) is None:
            raise Coded("date")
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(fields.Boolean):
    """true or false, nothing that merely looks like it."""

    truthy = {True}  # marshmallow's own way
    falsy = {False}
    default_error_messages = {**MESSAGES, "invalid": "boolean"}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, bool):
            raise Coded("boolean")
        return value


class Choice(fields.String):
    """One word out of a closed set."""

    default_error_messages = {**MESSAGES, "invalid": "choice", "invalid_utf8": "choice"}

    def __init__(self, options: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(options, error="choice"), **kwargs)


class Code(Line):
    """A code of a taxonomy: one of the current edition's, or any word where the scheme is open (None)."""

    def __init__(self, scheme: str | None = None, **kwargs: Any) -> None:
        super().__init__(40, 1, **kwargs)
        if scheme is not None:
            self.validators = [Known(scheme)]


class Known(validate.OneOf):
    """One of the codes of a taxonomy's current edition."""

    def __init__(self, scheme: str) -> None:
        super().__init__([term.code for term in taxonomy.terms(scheme)])

    def __call__(self, value: Any) -> Any:
        """Check the value."""
        if value not in self.choices:
            raise Coded("unknown_code", value=value)
        return value


class Items(fields.List):
    """A list of bounded length."""

    default_error_messages = {**MESSAGES, "invalid": "list"}

    def __init__(self, inner: Any, high: int, low: int = 0, **kwargs: Any) -> None:
        super().__init__(inner, validate=Length(low, high, of_list=True), **kwargs)


class Part(fields.Nested):
    """A nested object."""

    default_error_messages = {**MESSAGES, "type": "object"}


class ByWord(fields.Dict):
    """An object with words of a closed set as names; what is wrong with a name or its value is said at the name."""

    default_error_messages = {**MESSAGES, "invalid": "object"}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            raise ValidationError(
                {w: m.get("key") or m["value"] for w, m in error.messages.items()}
            ) from None


class Email(Line):
    """An e-mail address, at most 254 characters."""

    pattern = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(254, 3, metadata={"format": "email"}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise Coded("email")
        return text


class FilePart(Upload):
    """A file of a multipart form; a text that is sent under its name is none."""

    default_error_messages = {**MESSAGES, "required": "file_missing"}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise Coded("file_missing")
        return value


def parse(schema: Schema, data: Any) -> dict[str, Any]:
    """What the schema makes of the data.

    Raises:
        Invalid: with a problem at every field that does not fit.
    """
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Invalid(problems(error.messages)) from None
    return loaded


def problems(messages: Any, pointer: str = "") -> list[Problem]:
    """Marshmallow's nested messages as problems, each at its field."""
    found: list[Problem] = []
    if isinstance(messages, Mapping) and "code" in messages and "params" in messages:
        return [Problem(pointer, str(messages["code"]), messages["params"])]
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            deeper = pointer if key == "_schema" else f"{pointer}/{key}".strip("/")
            found += problems(inner, deeper)
        return found
    if isinstance(messages, list):
        for inner in messages:
            found += problems(inner, pointer)
        return list({p.pointer + p.code: p for p in found}.values())
    text = str(messages)
    return [Problem(pointer, text if text in _CODES else "choice")]


_CODES = frozenset(
    [
        "required",
        "null",
        "unknown_field",
        "text",
        "integer",
        "decimal",
        "boolean",
        "date",
        "list",
        "object",
        "choice",
        "uuid",
        "json",
        "number",
        "file_missing",
    ]
)
