"""An account goes, an organization goes: what is deleted, what stays, and who stands in the way."""

import io

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.files.folder import FolderStore
from catalog.models import Certificate, Evidence, Listing, Organization, Release, Site, StoredFile
from catalog.outbox import OutboxMessage
from marketplace import audit, mail, worker
from marketplace.accounts.data_requests import DataExport, DeletionRequest
from marketplace.accounts.models import ApiToken, Membership, User, UserSession
from marketplace.api.examples import EVIDENCE, LISTING, SITE, demand
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from marketplace.operations import own_archive, removal
from matching.models import Assessment, Demand, DemandVersion, MatchList
from tests import factories
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import one, rows, text_of
from tests.marketplace.web.steps import asked, surely


def colleague_of(app, other, session):
    """Another admin of the same organization."""
    made = person(app, "vendor")
    session.add(Membership(user_id=made.user_key, organization_id=other.organization_key, is_admin=True))
    session.commit()
    return made


def delete_account(who, password=PASSWORD):
    return who.post("/account/data/deletion", {"password": password})


def free(app, who, session):
    """Take the person out of their own organization, so that nothing stands in the way."""
    session.delete(session.scalars(select(Membership).where(Membership.user_id == who.user_key)).one())
    session.commit()


def test_every_table_about_people_has_a_decision():
    """A new table that names a person must say what becomes of its rows."""
    named = {f"{model.__tablename__}.{column.key}" for model, column in own_archive.tables_about_people()}
    assert named | {"membership.user_id"} == set(removal.DECISIONS)


def test_a_deleted_account_opens_nothing_and_is_named_nowhere(app, session):
    who = person(app, "vendor", email="goes@example.com")
    who.post("/account/data/exports")
    worker.drain(app)
    mail.ask(session, to="goes@example.com", key="later", subject="s", body="b")
    mail.ask(session, to="xgoes@example.com", key="later", subject="s", body="b")
    session.commit()
    free(app, who, session)
    answer = delete_account(who)
    assert (answer.status_code, answer.location) == (303, "/")
    user = one(app, select(User).where(User.id == who.user_key))
    assert (user.name, user.password_hash) == ("–", None)
    assert user.email == f"removed-{user.public_id}@removed.invalid"
    assert who.api("GET", "/organization").status_code == 401
    assert who.client.get("/account").status_code == 303
    for model in (UserSession, ApiToken, Membership, Notice, DataExport):
        assert rows(app, select(model).where(model.user_id == who.user_key)) == []
    login = {"email": "goes@example.com", "password": PASSWORD, "csrf_token": csrf(who.client)}
    assert who.client.post("/sign-in", data=login).status_code == 422
    messages = rows(app, select(OutboxMessage).where(OutboxMessage.topic == mail.TOPIC))
    assert [m.payload["to"] for m in messages if m.state == "waiting"] == ["xgoes@example.com"]
    assert not [m for m in messages if ":goes@example.com" in m.key or m.payload["to"] == "goes@example.com"]
    worker.drain(app)
    assert [path for path in FolderStore(_root(app)).root.rglob("export*") if path.is_file()] == []


def _root(app):
    return app.extensions["files"].root


def test_the_versions_of_a_demand_stay_without_their_author(app, session):
    who, stays = person(app, "manufacturer", email="goes@example.com"), person(app, "manufacturer")
    site = factories.site(session, session.get_one(Organization, stays.organization_key))
    for by in ("goes@example.com", "stays@example.com"):
        made = factories.demand(session, site)
        session.scalars(select(DemandVersion).where(DemandVersion.demand_id == made.id)).one().by = by
    session.commit()
    free(app, who, session)
    assert delete_account(who).status_code == 303
    assert sorted(rows(app, select(DemandVersion.by))) == sorted([removal.NOBODY, "stays@example.com"])


def test_the_audit_chain_keeps_who_it_was_and_holds(app, session):
    who = person(app, "vendor", email="goes@example.com")
    free(app, who, session)
    delete_account(who)
    last = one(app, select(AuditEntry).order_by(AuditEntry.number.desc()))
    assert last.act == "account.delete"
    assert "goes@example.com" in rows(app, select(AuditEntry.actor))
    with app.extensions["database"].session(reading=True) as reading:
        assert list(audit.breaks(reading)) == []
    page = text_of(person(app, "vendor").client.get("/account/data"))
    assert "감사 기록의 이메일" in page


@pytest.mark.parametrize("password", ["", "wrong password"])
def test_without_the_password_nothing_goes(app, session, password):
    who = person(app, "vendor")
    free(app, who, session)
    page = delete_account(who, password)
    assert page.status_code == 422
    assert who.client.get("/account").status_code == 200
    assert one(app, select(User.email).where(User.id == who.user_key)) == who.email


def test_the_last_admin_cannot_go(app, session):
    who = person(app, "vendor", name="한울정밀")
    page = text_of(who.client.get("/account/data"))
    assert "지금은 지울 수 없어요" in page
    assert "한울정밀" in page
    assert delete_account(who).status_code == 409
    assert one(app, select(User.email).where(User.id == who.user_key)) == who.email
    colleague_of(app, who, session)
    assert delete_account(who).status_code == 303
    assert one(app, select(func.count(Membership.id)).where(Membership.user_id == who.user_key)) == 0


@pytest.fixture
def operator(app):
    return person(app, "operator")


@pytest.fixture
def owner(app):
    """An admin of a company with a draft and its file, a site, a demand and its matches."""
    made = person(app, "vendor", "manufacturer", name="한울정밀")
    listing = made.api("POST", "/listings", json=LISTING).get_json()["id"]
    record = made.api("POST", f"/listings/{listing}/evidence", json=EVIDENCE).get_json()["id"]
    sent = {"file": (io.BytesIO(b"1,2\n"), "a.csv")}
    assert made.api("POST", f"/evidence/{record}/files", data=sent).status_code == 201
    site = made.api("POST", "/sites", json=SITE).get_json()["id"]
    wanted = made.api("POST", "/demands", json=demand(site)).get_json()["id"]
    made.api("POST", f"/demands/{wanted}/matches")
    return made


def requested(app, who, reason="폐업"):
    answer = who.post("/organization/data/deletion", {"password": PASSWORD, "reason": reason})
    assert answer.status_code == 303
    return one(app, select(DeletionRequest).order_by(DeletionRequest.id.desc()))


def published(app, who, session):
    """A listing of that organization that the public sees; answers its certificate's number."""
    own = session.get_one(Organization, who.organization_key)
    validator = factories.company(session, "validator")
    listing = factories.draft(session, own, FolderStore(_root(app)), title="공개한 것")
    number = factories.approved(session, listing, validator).number
    session.commit()
    return number


def test_a_request_reaches_the_operator_once(app, owner, operator):
    row = requested(app, owner)
    assert requested(app, owner, "다시").public_id == row.public_id
    assert rows(app, select(DeletionRequest.reason)) == ["폐업"]
    told = one(app, select(Notice).where(Notice.event == "deletion.asked"))
    assert (told.user_id, told.link) == (operator.user_key, f"/console/deletions/{row.public_id}")
    assert "한울정밀" in text_of(operator.client.get("/console/deletions"))
    page = text_of(operator.client.get(told.link))
    assert "폐업" in page
    assert "감사 기록" in page
    assert "삭제 요청" in text_of(operator.client.get("/console"))
    sheet = operator.client.get("/console/deletions?csv=1&state=waiting").get_data(as_text=True)
    assert "한울정밀" in sheet
    assert owner.client.get("/console/deletions").status_code == 403


def test_a_request_can_be_withdrawn_by_its_own_admins_alone(app, owner):
    row = requested(app, owner)
    path = f"/organization/data/deletion/{row.public_id}/withdraw"
    assert person(app, "vendor").post(path).status_code == 404
    assert owner.post(path).status_code == 303
    assert owner.post(path).status_code == 409
    assert rows(app, select(DeletionRequest.state)) == ["withdrawn"]


def test_a_refusal_says_why(app, owner, operator):
    row = requested(app, owner)
    path = f"/console/deletions/{row.public_id}/refuse"
    assert operator.post(path, {"answer": ""}).status_code == 422
    assert rows(app, select(DeletionRequest.state)) == ["waiting"]
    assert surely(operator, path, {"answer": "정산이 남았어요."}).status_code == 303
    assert "정산이 남았어요." in text_of(owner.client.get("/organization/data"))
    assert one(app, select(Notice.user_id).where(Notice.event == "deletion.refused")) == owner.user_key
    assert (
        surely(operator, f"/console/deletions/{row.public_id}/carry-out", typed_name="한울정밀").status_code
        == 409
    )


def test_the_name_is_typed_before_an_organization_goes(app, owner, operator):
    """The first click says what will happen, another name is refused at its field; neither deletes anything."""
    path = f"/console/deletions/{requested(app, owner).public_id}/carry-out"
    first = operator.post(path)
    page = text_of(first)
    assert "‘한울정밀’의 데이터를 지울까요?" in page
    assert "되돌릴 수 없어요" in page
    for typed in ("", "한울", "한울정밀 주식회사"):
        wrong = operator.post(path, {**asked(first), "typed_name": typed})
        assert wrong.status_code == 422
        assert 'href="#f-typed_name"' in text_of(wrong)
    assert rows(app, select(DeletionRequest.state)) == ["waiting"]
    assert len(rows(app, select(Site.id))) == 1
    assert len([path for path in _root(app).rglob("*") if path.is_file()]) == 1
    assert rows(app, select(Notice.id).where(Notice.event == "deletion.done")) == []
    assert operator.post(path, {**asked(first), "typed_name": "  한울정밀 "}).status_code == 303
    assert rows(app, select(DeletionRequest.state)) == ["done"]


def test_what_was_never_public_goes_whole(app, owner, operator, session):
    row = requested(app, owner)
    assert (
        surely(operator, f"/console/deletions/{row.public_id}/carry-out", typed_name="한울정밀").status_code
        == 303
    )
    for model in (Listing, Evidence, StoredFile, Site, Assessment, Demand, MatchList):
        assert rows(app, select(model)) == [], model
    assert [path for path in _root(app).rglob("*") if path.is_file()] == []
    gone = one(app, select(Organization).where(Organization.id == owner.organization_key))
    assert (gone.name, gone.registration_number, gone.description) == ("–", None, "")
    assert rows(app, select(Membership).where(Membership.organization_id == gone.id)) == []
    assert owner.client.get("/account").status_code == 200
    assert owner.client.get("/listings").status_code == 403
    assert one(app, select(Notice.user_id).where(Notice.event == "deletion.done")) == owner.user_key
    # the person may go now, and the number may be registered again
    assert delete_account(owner).status_code == 303


def test_what_is_published_leaves_the_store_and_stays_on_record(app, owner, operator, session):
    number = published(app, owner, session)
    visitor = app.test_client()
    listing = one(app, select(Listing).where(Listing.title == "공개한 것"))
    assert visitor.get(f"/solutions/{listing.public_id}").status_code == 200
    held = one(app, select(Organization.registration_number).where(Organization.id == owner.organization_key))
    row = requested(app, owner)
    assert (
        surely(operator, f"/console/deletions/{row.public_id}/carry-out", typed_name="한울정밀").status_code
        == 303
    )
    assert visitor.get(f"/solutions/{listing.public_id}").status_code == 404
    assert visitor.get(f"/certificates/{number}").status_code == 200
    assert [kept.title for kept in rows(app, select(Listing))] == ["공개한 것"]
    assert (len(rows(app, select(Release.id))), len(rows(app, select(Certificate.id)))) == (1, 1)
    (kept,) = rows(app, select(StoredFile))
    with app.extensions["files"].open(kept.storage_key) as opened:
        assert opened.read()
    name = one(app, select(Organization).where(Organization.id == owner.organization_key))
    assert (name.name, name.registration_number) == ("한울정밀", held)
    assert regno.format(held)


def test_a_review_under_way_ends_first(app, owner, operator, session):
    own = session.get_one(Organization, owner.organization_key)
    validator = factories.company(session, "validator")
    listing = factories.draft(session, own, FolderStore(_root(app)))
    review = factories.submitted(session, listing)
    factories.desk.take(session, review, validator, factories.judge(validator), factories.NOW)
    session.commit()
    row = requested(app, owner)
    assert (
        surely(operator, f"/console/deletions/{row.public_id}/carry-out", typed_name="한울정밀").status_code
        == 409
    )
    assert rows(app, select(DeletionRequest.state)) == ["waiting"]
    assert len(rows(app, select(Site.id))) == 1


def test_when_the_commit_fails_the_bytes_stay(app, owner, operator, monkeypatch):
    row = requested(app, owner)

    def broken(*_args, **_detail):
        raise RuntimeError("the database has gone away")

    monkeypatch.setattr(audit, "commit", broken)
    assert (
        surely(operator, f"/console/deletions/{row.public_id}/carry-out", typed_name="한울정밀").status_code
        == 500
    )
    monkeypatch.undo()
    (kept,) = rows(app, select(StoredFile))
    with app.extensions["files"].open(kept.storage_key) as opened:
        assert opened.read() == b"1,2\n"


def test_the_operators_own_organization_stays(app, operator):
    """Its last admin cannot go, and nobody can ask for it to be deleted."""
    assert delete_account(operator).status_code == 409
    answer = operator.post("/organization/data/deletion", {"password": PASSWORD, "reason": ""})
    assert answer.status_code == 403
    assert rows(app, select(DeletionRequest.id)) == []
