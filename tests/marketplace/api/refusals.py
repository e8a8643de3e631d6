"""What every refusal of the API has in common, checked in one place."""

import re

from sqlalchemy import func, select

from catalog.db import Base

HANGUL = re.compile(r"[가-힣]")
LANGUAGES = ("ko", "en")


def stored(app):
    """How many rows every table has."""
    with app.extensions["database"].session(reading=True) as session:
        tables = Base.metadata.sorted_tables
        return {t.name: session.scalar(select(func.count()).select_from(t)) for t in tables}


def check_refused(who, method, path, expected, *, status=422, **sent):
    """Ask in both languages: the same problems at the same places, in words of the language, and nothing stored."""
    before = stored(who.app)
    headers = sent.pop("headers", {})
    for language in LANGUAGES:
        now = {**sent, "data": sent["data"]()} if callable(sent.get("data")) else sent
        answer = who.api(method, path, headers={"Accept-Language": language, **headers}, **now)
        assert answer.status_code == status, (path, answer.get_data(as_text=True)[:300])
        assert answer.content_type == "application/problem+json"
        body = answer.get_json()
        assert (body["type"], body["status"]) == ("about:blank", status)
        assert [(error["pointer"], error["code"]) for error in body["errors"]] == expected, path
        for words in (body["title"], *(error["detail"] for error in body["errors"])):
            shown = re.sub(r"‘[^’]*’|: .*$", "", words)  # what was sent is said again in its own language
            assert bool(HANGUL.search(shown)) == (language == "ko"), words
    assert stored(who.app) == before
    return answer
