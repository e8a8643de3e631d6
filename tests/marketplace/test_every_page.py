"""Walk the demo as every role by its own links: no dead link, no fault, no page with more than 12 SQL statements."""

import re
from collections import Counter
from html import unescape

import pytest
from sqlalchemy import event

from catalog.files.folder import FolderStore
from marketplace import create_app
from marketplace.config import DEMO_DOMAIN, DEMO_PASSWORD
from marketplace.demo import load
from tests.marketplace import unlinked
from tests.marketplace.people import csrf

MAX_STATEMENTS = 12
#: Of one page template so many are looked at, for each role.
SAMPLES = 4
ROLES = ("", "vendor", "validator", "manufacturer", "coordinator", "operator")
#: Between the two steps of a sign-in; and for a company that was refused alone.
ELSEWHERE = {"doors.second_step", "standing.index"}
NO_PAGE = {
    "static",
    "api-docs.openapi_json",
    "health.healthz",
    "health.readyz",
    "metrics.metrics",
    "evidence.file",
    "own_data.fetch",
    "level_certificates.file",
    "console_level_certificates.file",
    "catalogue.completions",  # part of a page
}


@pytest.fixture
def app(settings, tmp_path):
    application = create_app({**settings, "IEUM_DEMO": "1"})
    with application.app_context(), application.extensions["database"].session() as session:
        load.load(session, FolderStore(tmp_path / "files"), with_logins=True)
        application.unlinked = unlinked.pages(session)
        session.commit()
    yield application
    application.extensions["database"].engine.dispose()


@pytest.fixture
def statements(app):
    """The statements since it was last cleared, all but BEGIN."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(app.extensions["database"].engine, "before_cursor_execute", note)
    return seen


def _client(app, role):
    client = app.test_client()
    if role:
        form = {"email": f"{role}@{DEMO_DOMAIN}", "password": DEMO_PASSWORD, "csrf_token": csrf(client)}
        assert client.post("/sign-in", data=form).status_code == 303
    return client


def _links(page):
    found = {unescape(link).partition("#")[0] for link in re.findall(r'<a\b[^>]*\bhref="(/[^"]*)"', page)}
    return sorted(link for link in found if link and not link.startswith("/static/"))


def _walk(app, role, statements):
    """Every (endpoint, path, status, number of statements) that the role's links lead to, up to SAMPLES a page."""
    client, adapter = _client(app, role), app.url_map.bind("")
    waiting, known, looked = ["/"], {"/"}, Counter()
    while waiting:
        path = waiting.pop(0)
        assert adapter.test(path.partition("?")[0], "GET"), f"dead link: {path}"
        endpoint, _ = adapter.match(path.partition("?")[0], "GET")
        if looked[endpoint] >= SAMPLES:
            continue
        looked[endpoint] += 1
        statements.clear()
        answer = client.get(path)
        yield endpoint, path, answer.status_code, len(statements)
        if answer.mimetype == "text/html":
            fresh = [link for link in _links(answer.get_data(as_text=True)) if link not in known]
            known.update(fresh)
            waiting += fresh
        answer.close()


@pytest.mark.full
def test_every_page_of_every_role(app, statements):
    visited = set()
    for role in ROLES:
        for endpoint, path, status, count in _walk(app, role, statements):
            visited.add(endpoint)
            assert status in (200, 303), (role, path, status)
            assert count <= MAX_STATEMENTS, (role, path, count, statements)
    for (role, endpoint), path in app.unlinked.items():
        client = _client(app, role)
        statements.clear()
        assert client.get(path).status_code == 200, path
        assert len(statements) <= MAX_STATEMENTS, (role, path, statements)
        visited.add(endpoint)
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    own = {endpoint for endpoint in pages if "/api/" not in next(app.url_map.iter_rules(endpoint)).rule}
    assert own - NO_PAGE - ELSEWHERE - visited == set()
