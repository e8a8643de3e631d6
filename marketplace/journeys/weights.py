"""Publishing an edition of the weights: it begins to hold, and every operator hears of it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace import notices
from matching import editions
from matching.models import WeightsEdition

PAGE = "/docs/fit-score"


def publish(
    session: Session,
    edition: WeightsEdition,
    *,
    version: str,
    reason: str,
    from_on: date,
    revision: int,
    today: date,
    now: datetime,
) -> None:
    """Publish a draft as `matching.editions.publish` does, and tell the operator's people."""
    editions.publish(
        session,
        edition,
        version=version,
        reason=reason,
        from_on=from_on,
        revision=revision,
        today=today,
        now=now,
    )
    notices.tell(
        session,
        "weights.published",
        key=version,
        link=PAGE,
        about=edition,
        users=notices.operators(session),
        params={"version": version, "from_on": from_on.isoformat()},
    )
