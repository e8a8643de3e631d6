"""The error tree of the domain.

    DomainError
    ├── NotFound      not there, or not yours: nobody learns which
    ├── NotAllowed    the rule named by `code` refuses this actor (conflict of interest, unconfirmed company …)
    ├── Conflict      the object is not in a state in which this act is possible
    └── Invalid       one or more fields are wrong; carries a Problem for each

Errors carry codes and parameters, never sentences: the edge puts them into the reader's language
(`marketplace/wording.py`) and knows the status codes (`marketplace/errors.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


class DomainError(Exception):
    """Anything that the domain refuses."""


class NotFound(DomainError):
    """The object is not there, or not for this actor."""


class _Coded(DomainError):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotAllowed(_Coded):
    """A rule forbids this actor the act; `code` names the rule."""


class Conflict(_Coded):
    """The act does not fit the present state; `code` says which state is in the way."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field.

    Attributes:
        pointer: where, as a path without a leading slash ("plans/0/price_amount"); "" is the whole.
        code: what, a key of the wording table.
        params: values for the sentence.
    """

    pointer: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class Invalid(DomainError):
    """Input that breaks a rule of the domain; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.pointer}: {p.code}" for p in problems))
        self.problems = tuple(problems)

    @classmethod
    def at(cls, pointer: str, code: str, **params: object) -> "Invalid":
        """The common case of a single problem."""
        return cls([Problem(pointer, code, params)])
