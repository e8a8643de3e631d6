"""Own data: the archive holds what is one's own and nothing else, is made once whatever dies, and goes after a week."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from catalog import outbox
from catalog.db import utcnow
from catalog.models import Listing, Site, StoredFile
from catalog.outbox import OutboxMessage
from marketplace import config, extensions, worker
from marketplace.accounts.data_requests import DataExport
from marketplace.accounts.models import Membership
from marketplace.api.examples import EVIDENCE, LISTING, SITE, demand
from marketplace.notices.models import Notice
from marketplace.operations import own_archive, own_data
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

CSV = "가,나\n1,2\n".encode()


@pytest.fixture
def vendor(app):
    """An admin of a vendor and manufacturer with one thing of every kind."""
    made = person(app, "vendor", "manufacturer", name="한울정밀")
    listing = made.api("POST", "/listings", json=LISTING).get_json()["id"]
    record = made.api("POST", f"/listings/{listing}/evidence", json=EVIDENCE).get_json()["id"]
    for name in ("../측정.csv", "a.csv"):
        sent = {"file": (io.BytesIO(CSV), name)}
        assert made.api("POST", f"/evidence/{record}/files", data=sent).status_code == 201
    site = made.api("POST", "/sites", json=SITE).get_json()["id"]
    wanted = made.api("POST", "/demands", json=demand(site)).get_json()["id"]
    assert made.api("POST", f"/demands/{wanted}/matches").status_code in (200, 201)
    return made


def asked(app, who, page="/account/data"):
    """Ask for a copy; answers its row."""
    word = form_word(who.client.get(page))
    for _twice in range(2):
        answer = who.post(f"{page}/exports", {"form_id": word})
        assert (answer.status_code, answer.location) == (303, page)
    return one(app, select(DataExport).order_by(DataExport.id.desc()))


def fetched(who, row):
    """The archive as its owner gets it: names and data.json."""
    answer = who.client.get(f"/account/exports/{row.public_id}", buffered=True)
    assert answer.status_code == 200, text_of(answer)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''ieum-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("data.json"))


def stored(app):
    root = Path(app.config["FILES_URL"].removeprefix("file:"))
    return sorted(path.name for path in root.rglob("export*") if path.is_file())


def test_a_person_gets_everything_about_themselves_and_nothing_else(app, vendor):
    other = person(app, "vendor", email="somebody-else@example.com")
    row = asked(app, vendor)
    assert rows(app, select(DataExport.state)) == ["asked"]
    assert "만들고 있어요" in text_of(vendor.client.get("/account/data"))
    assert worker.drain(app) >= 1
    archive, data = fetched(vendor, row)
    assert data["account"]["email"] == vendor.email
    assert data["organizations"] == [
        {"name": "한울정밀", "id": vendor.organization_id, "rights": ["admin", "finance", "member", "signer"]}
    ]
    assert len(data["user_session"]) == 1
    assert [token["name"] for token in data["api_token"]] == ["test"]
    assert {"listing.draft", "file.upload", "site.describe"} <= {entry["act"] for entry in data["acts"]}
    assert sorted(file["name"] for file in data["files"]) == ["a.csv", "측정.csv"]
    names = archive.namelist()
    assert names == ["README.txt", "data.json", *(file["place"] for file in data["files"])]
    assert all(archive.read(file["place"]) == CSV for file in data["files"])
    assert not any(".." in name or name.startswith("/") for name in names)
    assert other.email not in json.dumps(data)


def test_no_key_hash_or_secret_is_in_an_archive(app, vendor):
    for page in ("/account/data", "/organization/data"):
        row = asked(app, vendor, page)
        worker.drain(app)
        archive, data = fetched(vendor, row)
        words = archive.read("data.json").decode()
        keys = {key for part in _objects(data) for key in part}
        assert keys & own_archive.SECRET <= {"id"}  # public ones: those of our own keys are numbers
        assert all(isinstance(part.get("id", ""), str) for part in _objects(data))
        assert not {key for key in keys if key.endswith(("_hash", "_secret", "_key", "password"))} - {
            "content_hash"
        }
        for secret in (vendor.token, *rows(app, select(StoredFile.storage_key))):
            assert secret not in words


def _objects(value):
    """Every object in the data, however deep."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def test_an_admin_gets_everything_of_the_organization(app, vendor):
    person(app, "vendor", name="다른 회사")
    row = asked(app, vendor, "/organization/data")
    worker.drain(app)
    archive, data = fetched(vendor, row)
    assert data["organization"]["name"] == "한울정밀"
    assert data["organization"]["roles"] == ["manufacturer", "vendor"]
    assert data["people"] == [
        {"name": "김시험", "email": vendor.email, "rights": ["admin", "finance", "member", "signer"]}
    ]
    assert [site["name"] for site in data["sites"]] == [SITE["name"]]
    assert data["sites"][0]["levels"][0]["scale"] == "company_level"
    assert data["demands"][0]["requirements"]
    assert len(data["demands"][0]["match_lists"]) == 1
    (listing,) = data["listings"]
    assert listing["content"]["title"] == LISTING["title"]
    assert len(listing["content"]["evidence"][0]["files"]) == 2
    assert all(archive.read(file["place"]) == CSV for file in data["files"])
    assert len(data["files"]) == 2
    assert "다른 회사" not in json.dumps(data, ensure_ascii=False)


def test_what_others_did_to_it_is_told_without_their_addresses(app, vendor):
    operator = person(app, "operator", email="operator-person@example.com")
    path = f"/organizations/{vendor.organization_id}/confirmation"
    assert operator.api("POST", path).status_code == 200
    row = asked(app, vendor, "/organization/data")
    worker.drain(app)
    _archive, data = fetched(vendor, row)
    (entry,) = [entry for entry in data["audit"] if entry["act"] == "organization.confirm"]
    assert (entry["actor"], "detail" in entry) == ("", False)
    assert operator.email not in json.dumps(data)


def test_an_archive_is_told_of_and_is_the_askers_alone(app, vendor, session):
    colleague = person(app, "vendor")
    session.add(
        Membership(user_id=colleague.user_key, organization_id=vendor.organization_key, is_admin=True)
    )
    session.commit()
    row = asked(app, vendor, "/organization/data")
    path = f"/account/exports/{row.public_id}"
    assert vendor.client.get(path).status_code == 404
    worker.drain(app)
    assert vendor.client.get(path, buffered=True).status_code == 200
    assert colleague.client.get(path).status_code == 404
    assert app.test_client().get(path).status_code == 303
    told = rows(app, select(Notice).where(Notice.event == "export.ready"))
    assert [(notice.user_id, notice.link) for notice in told] == [(vendor.user_key, "/organization/data")]


def test_an_organizations_archive_needs_an_admin_all_the_way(app, vendor, session):
    first = asked(app, vendor, "/organization/data")
    worker.drain(app)
    second = asked(app, vendor, "/organization/data")
    seat = session.scalars(select(Membership).where(Membership.user_id == vendor.user_key)).one()
    seat.is_admin = False
    session.commit()
    worker.drain(app)
    assert rows(app, select(DataExport.state).order_by(DataExport.id)) == ["ready", "gone"]
    for row in (first, second):
        assert vendor.client.get(f"/account/exports/{row.public_id}").status_code == 404
    assert vendor.client.get("/organization/data").status_code == 403
    assert vendor.post("/organization/data/exports").status_code == 403


def test_after_a_week_it_is_gone(app, vendor, session, monkeypatch):
    row = asked(app, vendor)
    worker.drain(app)
    assert len(stored(app)) == 1
    later = utcnow() + own_data.KEPT
    monkeypatch.setattr(extensions, "now", lambda: later)
    with app.app_context(), app.extensions["database"].session() as writing, writing.begin():
        own_data.purge_due(writing, later - timedelta(minutes=1))
        assert writing.scalar(select(DataExport.state)) == "ready"
        own_data.purge_due(writing, later)
    worker.drain(app)
    assert (rows(app, select(DataExport.state)), stored(app)) == (["gone"], [])
    monkeypatch.undo()
    assert vendor.client.get(f"/account/exports/{row.public_id}").status_code == 404
    assert "기한이 지나 지웠어요." in text_of(vendor.client.get("/account/data"))


def test_one_at_a_time_and_so_many_in_all(app, vendor, session):
    first = asked(app, vendor)
    assert asked(app, vendor).public_id == first.public_id
    worker.drain(app)
    for _ in range(own_data.MOST - 1):
        asked(app, vendor)
        worker.drain(app)
    assert len(stored(app)) == own_data.MOST
    page = vendor.post("/account/data/exports", follow_redirects=True)
    assert "받을 수 있는 사본이 이미 5개 있어요." in text_of(page)
    assert len(rows(app, select(DataExport.id))) == own_data.MOST


def test_a_file_that_went_meanwhile_is_left_out(app, vendor):
    app.extensions["files"].delete(one(app, select(StoredFile.storage_key).order_by(StoredFile.id)))
    row = asked(app, vendor)
    worker.drain(app)
    archive, _data = fetched(vendor, row)
    assert len(archive.namelist()) == 3


def test_files_of_an_organization_that_one_has_left_stay_there(app, vendor, session):
    session.delete(session.scalars(select(Membership).where(Membership.user_id == vendor.user_key)).one())
    session.commit()
    row = asked(app, vendor)
    worker.drain(app)
    archive, data = fetched(vendor, row)
    assert (data["files"], archive.namelist()) == ([], ["README.txt", "data.json"])


RELAY = "from wsgi import app; from marketplace import worker; worker.drain(app)"
#: The same with the guard taken away: the archive lies under another key at each try.
UNGUARDED = (
    "import uuid; from marketplace.accounts.data_requests import DataExport; "
    "DataExport.storage_key = property(lambda self: 'export' + uuid.uuid4().hex); " + RELAY
)


def _relay(settings, script=RELAY, crash_at=None):
    keys = ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY", "IEUM_TEST")
    environment = {**os.environ, **{key: settings[key] for key in keys}, "CRASH_AT": crash_at or ""}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=config.ROOT, env=environment, check=False
    ).returncode


def _end_leases(app):
    with acting(app) as session:
        due = update(OutboxMessage).where(OutboxMessage.state == outbox.WAITING)
        session.execute(due.values(next_at=utcnow() - timedelta(seconds=1)))


def _only_exports(app):
    with acting(app) as session:
        others = update(OutboxMessage).where(OutboxMessage.topic != own_data.MAKE)
        session.execute(others.values(state=outbox.DONE))


FULL = [pytest.param(step, marks=pytest.mark.full) for step in ("outbox.claimed", "outbox.done")]


@pytest.mark.parametrize("step", ["own_data.stored", "outbox.acted", *FULL])
def test_a_worker_that_dies_makes_one_archive_and_tells_once(app, vendor, settings, session, step):
    row = asked(app, vendor)
    _only_exports(app)
    assert _relay(settings, crash_at=step) == 9
    _end_leases(app)
    assert _relay(settings) == 0
    assert rows(app, select(DataExport.state)) == ["ready"]
    assert len(stored(app)) == 1
    assert len(rows(app, select(Notice.id).where(Notice.event == "export.ready"))) == 1
    assert fetched(vendor, row)[1]["account"]["email"] == vendor.email


def test_without_the_guard_the_same_death_leaves_two(app, vendor, settings):
    asked(app, vendor)
    _only_exports(app)
    assert _relay(settings, UNGUARDED, crash_at="own_data.stored") == 9
    _end_leases(app)
    assert _relay(settings, UNGUARDED) == 0
    assert len(stored(app)) == 2


def test_the_pages_need_few_statements(app, vendor):
    asked(app, vendor)
    for page in ("/account/data", "/organization/data"):
        with counted(app) as sent:
            assert vendor.client.get(page).status_code == 200
        assert len(sent) <= 12


def test_an_archive_of_somebody_without_anything(app):
    who = person(app, "vendor")
    row = asked(app, who)
    worker.drain(app)
    _archive, data = fetched(who, row)
    assert (data["files"], data["join_request"]) == ([], [])
    assert rows(app, select(Listing.id)) == rows(app, select(Site.id)) == []


def test_a_program_asks_waits_and_fetches_the_same_archive(app, vendor):
    made = vendor.api("POST", "/account/exports")
    assert (made.status_code, made.json["state"]) == (202, "asked")
    assert vendor.api("POST", "/account/exports").json["id"] == made.json["id"]
    worker.drain(app)
    (row,) = vendor.api("GET", "/account/exports").json["items"]
    assert row["state"] == "ready"
    fetched = vendor.api("GET", f"/exports/{row['id']}/archive")
    assert (fetched.status_code, fetched.content_type) == (200, "application/zip")
    assert hashlib.sha256(fetched.data).hexdigest() == row["sha256"]
    assert zipfile.ZipFile(io.BytesIO(fetched.data)).testzip() is None
    stranger = person(app, "vendor")
    assert stranger.api("GET", f"/exports/{row['id']}/archive").status_code == 404
    assert stranger.api("GET", "/account/exports").json["items"] == []


def test_a_program_asks_for_the_organization_only_as_its_admin(app, vendor):
    asked_for = vendor.api("POST", "/organization/exports")
    assert asked_for.status_code == 202
    worker.drain(app)
    assert [row["state"] for row in vendor.api("GET", "/organization/exports").json["items"]] == ["ready"]
    with acting(app) as session:
        seat = select(Membership).where(Membership.user_id == vendor.user_key)
        session.scalars(seat).one().is_admin = False
    assert vendor.api("POST", "/organization/exports").status_code == 403
    assert vendor.api("GET", f"/exports/{asked_for.json['id']}/archive").status_code == 404
