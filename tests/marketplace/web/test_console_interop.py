"""The operator's pages of connectors and conflicts: see, note, end."""

import pytest
from sqlalchemy import select

from catalog.models import InterfaceConnector, Listing, ListingConflict
from marketplace.audit import AuditEntry
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of
from tests.marketplace.web.steps import surely

LIST, CONFLICTS = "/console/interop", "/console/interop/conflicts"
CONNECTOR = {
    "one": "opcua",
    "other": "rest",
    "price_amount": "3,000,000",
    "source": "견적 2026-11",
    "as_of": "2026-11-01",
}


@pytest.fixture
def operator(app):
    return person(app, "operator")


@pytest.fixture
def pair(app):
    """Two public listings, by their ids."""
    vendor = person(app, "vendor")
    with acting(app) as session:
        found = [
            Listing(organization_id=vendor.organization_key, kind="solution", title=title, live_release=1)
            for title in ("용접눈", "도장눈")
        ]
        session.add_all(found)
        session.flush()
        return [listing.public_id for listing in found]


def conflict(pair, **changes):
    """The form of a conflict; listings as addresses of their pages."""
    named = {
        name: f"https://ieum.example/solutions/{key}?a=1"
        for name, key in zip(("one", "other"), pair, strict=True)
    }
    return {**named, "reason": "같은 포트를 써요.", "source": "시험 3호", "as_of": "2026-11-01", **changes}


def acts(app):
    rows_of = select(AuditEntry.act).where(AuditEntry.act.like("interop.%")).order_by(AuditEntry.number)
    return rows(app, rows_of)


def test_empty_lists_say_so(operator):
    assert "적어 둔 연결 비용이 없어요" in text_of(operator.client.get(LIST))
    assert "적어 둔 충돌이 없어요" in text_of(operator.client.get(CONFLICTS))


def test_a_connector_is_noted_shown_with_its_source_and_ended(app, operator):
    assert operator.post(LIST, CONNECTOR).location == LIST
    page = text_of(operator.client.get(LIST))
    for words in ("300만", "견적 2026-11", "2026", "유효"):
        assert words in page
    ending = f"{LIST}/{one(app, select(InterfaceConnector.public_id))}/end"
    assert "이 연결 비용을 끝낼까요?" in text_of(operator.post(ending))
    assert one(app, select(InterfaceConnector.ended_on)) is None
    assert surely(operator, ending).location == LIST
    assert one(app, select(InterfaceConnector.ended_on)) is not None
    assert surely(operator, ending).status_code == 409
    assert "적어 둔 연결 비용이 없어요" in text_of(operator.client.get(f"{LIST}?state=holds"))
    assert acts(app) == ["interop.note", "interop.end"]


def test_a_conflict_is_noted_by_the_addresses_of_two_pages(app, operator, pair):
    assert operator.post(CONFLICTS, conflict(pair)).location == CONFLICTS
    page = text_of(operator.client.get(CONFLICTS))
    for words in ("용접눈", "도장눈", "같은 포트를 써요.", "시험 3호"):
        assert words in page
    ending = f"{CONFLICTS}/{one(app, select(ListingConflict.public_id))}/end"
    assert surely(operator, ending).location == CONFLICTS
    assert one(app, select(ListingConflict.ended_on)) is not None
    assert acts(app) == ["interop.note", "interop.end"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"one": "telepathy"}, "목록에 없는 값"),
        ({"other": "opcua"}, "같은 값이 두 번"),
        ({"price_amount": "-1"}, "0원에서 1조 원"),
        ({"price_amount": "1,000,000,000,001"}, "0원에서 1조 원"),
        ({"price_amount": "많이"}, "정수로"),
        ({"source": ""}, "꼭 적어 주세요"),
        ({"as_of": "2099-01-01"}, "아직 오지 않은"),
        ({"as_of": "어제"}, "날짜를 2026-11-21처럼"),
    ],
)
def test_what_is_wrong_with_a_connector_is_said_and_nothing_is_kept(app, operator, changes, words):
    answer = operator.post(LIST, {**CONNECTOR, **changes})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert rows(app, select(InterfaceConnector.id)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"one": "용접눈"}, "식별자 형식이 아니에요"),
        ({"one": "01939d2a-0000-7000-8000-000000000001"}, "공개된 솔루션이 아니에요"),
        ({"reason": ""}, "꼭 적어 주세요"),
        ({"source": ""}, "꼭 적어 주세요"),
    ],
)
def test_what_is_wrong_with_a_conflict_is_said_and_nothing_is_kept(app, operator, pair, changes, words):
    answer = operator.post(CONFLICTS, conflict(pair, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert rows(app, select(ListingConflict.id)) == []


def test_the_lists_are_files_too_and_ask_the_database_little(app, operator, pair):
    operator.post(LIST, CONNECTOR)
    operator.post(CONFLICTS, conflict(pair))
    for path, words in ((LIST, "opcua,rest,3000000"), (CONFLICTS, "용접눈,도장눈")):
        with counted(app) as sent:
            assert operator.client.get(path).status_code == 200
        assert len(sent) <= 12, sent
        assert words in operator.client.get(f"{path}?csv=1").get_data(as_text=True)


def test_only_operators_see_and_note(app):
    vendor = person(app, "vendor")
    for path in (LIST, CONFLICTS):
        assert vendor.client.get(path).status_code == 403
        assert vendor.post(path, CONNECTOR).status_code == 403
    assert vendor.api("POST", "/connectors", json=CONNECTOR).status_code == 403
    assert rows(app, select(InterfaceConnector.id)) == []


def test_programs_note_list_and_end(operator, pair):
    body = {**CONNECTOR, "price_amount": 3_000_000}
    made = operator.api("POST", "/connectors", json=body)
    assert made.status_code == 201
    assert made.get_json() == {"id": made.get_json()["id"], **body, "ended_on": None}
    dearer = operator.api("POST", "/connectors", json={**body, "price_amount": 4_000_000})
    held = operator.api("GET", "/connectors?state=holds").get_json()
    assert [row["price_amount"] for row in held["items"]] == [4_000_000]
    assert operator.api("GET", "/connectors?state=ended").get_json()["total"] == 1
    path = f"/connectors/{dearer.get_json()['id']}/ending"
    assert operator.api("POST", path).get_json()["ended_on"] is not None
    assert operator.api("POST", path).status_code == 409
    said = {"reason": "같은 포트", "source": "시험 3호", "as_of": "2026-11-01"}
    noted = operator.api("POST", "/conflicts", json={"one": pair[1], "other": pair[0], **said}).get_json()
    assert {noted["one"], noted["other"]} == set(pair)
    wrong = operator.api("POST", "/conflicts", json={"one": pair[0], "other": pair[0], **said})
    assert [(each["pointer"], each["code"]) for each in wrong.get_json()["errors"]] == [
        ("/other", "repeated")
    ]
