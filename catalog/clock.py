"""Days are Korean days: a moment just after midnight in Seoul belongs to the new day, whatever UTC says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def day_of(moment: datetime) -> date:
    """The Korean calendar day of an aware moment."""
    return moment.astimezone(SEOUL).date()
