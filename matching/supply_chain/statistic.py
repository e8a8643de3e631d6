"""Keep the input–output statistic of industries in the database."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matching.models.trade_link import IndustryFlow
from matching.supply_chain.flows import Flow


def load(session: Session, rows: Iterable[Flow]) -> int:
    """Replace the statistic by `rows` (from `flows.parse`); returns how many there are."""
    session.execute(delete(IndustryFlow))
    made = [IndustryFlow(**row) for row in rows]
    session.add_all(made)
    return len(made)
