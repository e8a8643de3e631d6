"""A 수준확인서 as a form sends it."""

import io
from datetime import timedelta

from marketplace.extensions import today
from tests.catalog import hostile


def paper(**changes):
    """The fields of the form with the file; a number in common unless it is changed."""
    return {
        "number": "SF-2026-00123",
        "body": "합성 확인기관",
        "scale": "company_level",
        "level": "3",
        "issued_on": (today() - timedelta(days=30)).isoformat(),
        "valid_until": (today() + timedelta(days=700)).isoformat(),
        "file": (io.BytesIO(hostile.pdf()), "확인서.pdf"),
        **changes,
    }
