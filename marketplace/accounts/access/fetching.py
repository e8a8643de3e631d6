"""The two steps that every fetch is made of."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from catalog.errors import NotFound
from marketplace.accounts.principal import Anonymous, Principal

Row = TypeVar("Row")
Who = Principal | Anonymous


def is_named(model: Any, public_id: UUID) -> ColumnElement[bool]:
    """The condition that a row has that public name."""
    condition: ColumnElement[bool] = model.public_id == str(public_id)
    return condition


def one(session: Session, statement: Select[Row]) -> Row:
    """The one row of the statement. Raises NotFound: there is none."""
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound
    return row
