"""Days on which people work."""

from datetime import date, timedelta

SATURDAY = 5


def after(day: date, count: int) -> date:
    """The working day `count` working days after `day`: Monday to Friday. Public holidays count as working days."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
