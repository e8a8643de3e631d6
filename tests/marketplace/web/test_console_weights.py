"""Editions of the weights on the operator's pages: draft, effect, publish; and what lists are made with afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import counters
from catalog.files.folder import FolderStore
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace.accounts.models import Membership
from marketplace.audit import AuditEntry
from marketplace.extensions import today
from matching.models import MatchList, WeightsEdition
from matching.scoring.weights import AXES, BUILT_IN
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of
from tests.marketplace.web.steps import asked, surely

#: Sums to 100; evidence weighs more, capability less.
OTHER = dict(zip(AXES, (12, 18, 12, 10, 10, 22, 10, 4, 2), strict=True))


def parts(axis=OTHER, **changes):
    weights = {f"axis/{name}": str(weight) for name, weight in axis.items()}
    fixed = {"not_in_use": ["supply_chain", "capacity"], "text_weight": "15", "policy_term": "3"}
    return {**weights, **fixed, **changes}


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


@pytest.fixture
def draft(operator):
    """The path of a fresh draft."""
    return operator.post("/console/weights").location


def naming(app, **changes):
    with app.app_context():
        day = today().isoformat()
    return {
        "version": "2026-2",
        "reason": "근거를 더 무겁게 봐요.",
        "from_on": day,
        "revision": "2",
        **changes,
    }


def editions(app):
    return rows(app, select(WeightsEdition.version).order_by(WeightsEdition.id))


@pytest.fixture
def market(app, session, tmp_path):
    """Two public listings that suit one demand, which has a list."""
    store = FolderStore(tmp_path / "files")
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    proven = {"quality": 3, "price": 45_000_000}
    factories.published(
        session, vendor, validator, store, title="근거 많은 것", plans=[factories.plan(**proven)]
    )
    claims = [factories.evidence_fields(kind="claim", after=factories.Decimal("3.0"))]
    strong = [factories.plan(quality=5, price=20_000_000, basis="claimed")]
    factories.published(session, vendor, validator, store, title="값싼 것", plans=strong, records=claims)
    session.commit()
    maker = person(app, "manufacturer", name="비밀 제조")
    site = factories.site(session, session.get(Organization, maker.organization_key))
    demand = factories.demand(session, site, title="비밀 수요")
    session.commit()
    maker.demand = demand.public_id
    assert maker.api("POST", f"/demands/{maker.demand}/matches").status_code == 201
    return maker


def test_the_list_shows_the_built_in_edition_and_no_draft(operator):
    page = text_of(operator.client.get("/console/weights"))
    assert "2026-1" in page
    assert "적용 중" in page
    assert "초안이 없어요" in page


def test_a_draft_starts_from_the_edition_in_force_and_only_once(app, operator):
    word = form_word(operator.client.get("/console/weights"))
    first, second = (operator.post("/console/weights", {"form_id": word}).location for _ in range(2))
    assert first == second
    (row,) = rows(app, select(WeightsEdition))
    assert (row.state, row.version, row.based_on) == ("draft", None, "2026-1")
    assert (row.axis, row.not_in_use) == (dict(BUILT_IN.axis), list(BUILT_IN.not_in_use))


def test_a_draft_shows_ranks_and_titles_but_not_whose_demand_it_is(operator, market, draft):
    assert operator.post(draft, parts()).status_code == 303
    page = text_of(operator.client.get(draft))
    effect = page.split("저장된 수요에 미치는 영향")[1]
    assert "근거 많은 것" in effect
    assert "값싼 것" in effect
    assert "기업 수준 2" in effect
    assert "비밀" not in page


def test_a_draft_page_asks_the_database_little(app, operator, market, draft):
    with counted(app) as sent:
        assert operator.client.get(draft).status_code == 200
    assert len(sent) <= 12, sent


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (parts({**OTHER, "price": 11}), "합이 100이어야 해요. 지금은 101이에요"),
        (parts({**OTHER, "price": "-1"}), "0에서 100 사이로"),
        (parts({**OTHER, "price": "많이"}), "정수로 적어 주세요"),
        (parts({**OTHER, "evidence": 0, "capability": 34}), "근거 강도는 늘 세야 해요"),
        (parts(not_in_use=["evidence", "supply_chain", "capacity"]), "근거 강도는 늘 세야 해요"),
        (parts(text_weight="31"), "0에서 30 사이로"),
        (parts(policy_term=""), "비워 둘 수 없어요"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(app, operator, draft, sent, words):
    answer = operator.post(draft, sent)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert f'value="{sent["axis/price"]}"' in page
    (row,) = rows(app, select(WeightsEdition))
    assert (row.axis, row.revision) == (dict(BUILT_IN.axis), 1)


def test_publishing_changes_new_lists_only_and_tells_every_operator(app, operator, market, draft):
    before = one(app, select(MatchList.id))
    operator.post(draft, parts())
    answer = surely(operator, f"{draft}/publish", naming(app))
    assert (answer.status_code, answer.location) == (303, "/console/weights")
    assert editions(app) == ["2026-2"]
    market.api("POST", f"/demands/{market.demand}/matches")
    assert rows(app, select(MatchList.weights).order_by(MatchList.id)) == ["2026-1", "2026-2"]
    old, new = (
        market.api("GET", f"/match-lists/{list_id}").get_json()
        for list_id in rows(app, select(MatchList.public_id).order_by(MatchList.id))
    )
    weight = {"2026-1": 12, "2026-2": 22}
    for kept in (old, new):
        shown = {part["axis"]: part["weight"] for part in kept["items"][0]["parts"]}
        assert shown["evidence"] == weight[kept["weights"]]
    assert one(app, select(MatchList.id)) == before
    assert "점수 기준 2026-2" in text_of(market.client.get(f"/demands/{market.demand}/matches"))
    mails = rows(app, select(OutboxMessage.payload).where(OutboxMessage.topic == "mail.send"))
    assert any("2026-2" in str(mail) for mail in mails)
    assert "weights.publish" in rows(app, select(AuditEntry.act))


def test_publishing_says_first_what_it_does(app, operator, draft):
    """The page carries what was typed; until its button is pressed nothing is published, told or recorded."""
    operator.post(draft, parts())
    first = operator.post(f"{draft}/publish", naming(app))
    assert "가중치 2026-2 공개하기" in text_of(first)
    assert "공개한 판은 고치거나 지울 수 없어요" in text_of(first)
    assert asked(first) == {**naming(app), "sure": "yes"}
    assert editions(app) == [None]
    assert rows(app, select(OutboxMessage.id).where(OutboxMessage.topic == "mail.send")) == []
    assert "weights.publish" not in rows(app, select(AuditEntry.act))


def test_the_public_page_shows_the_edition_in_force_and_the_past_ones(app, operator, draft):
    operator.post(draft, parts())
    surely(operator, f"{draft}/publish", naming(app))
    page = text_of(app.test_client().get("/docs/fit-score"))
    assert "가중치 2026-2" in page
    past = page.split("지난 판과 예정된 판")[1]
    assert "2026-1" in past
    assert "근거를 더 무겁게 봐요." in page


def test_an_edition_for_later_does_not_hold_yet(app, operator, draft):
    operator.post(draft, parts())
    with app.app_context():
        later = today() + timedelta(days=30)
    assert surely(operator, f"{draft}/publish", naming(app, from_on=later.isoformat())).status_code == 303
    assert "가중치 2026-1" in text_of(app.test_client().get("/docs/fit-score"))
    assert "예정" in text_of(operator.client.get("/console/weights"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "2026-1"}, "같은 값이 두 번"),
        ({"version": "두번째"}, "2026-2처럼"),
        ({"reason": "짧음"}, "10자 이상"),
        ({"from_on": "2020-01-01"}, "1년 안의 날짜"),
        ({"from_on": "9999-12-31"}, "1년 안의 날짜"),
        ({"from_on": "내일"}, "날짜를 2026-11-21처럼"),
    ],
)
def test_a_name_or_day_that_does_not_fit(app, operator, draft, changes, words):
    operator.post(draft, parts())
    answer = surely(operator, f"{draft}/publish", naming(app, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert editions(app) == [None]


def test_what_was_saved_meanwhile_is_not_published_unseen(app, operator, draft):
    operator.post(draft, parts())
    operator.post(draft, parts(policy_term="4"))
    answer = surely(operator, f"{draft}/publish", naming(app))
    assert answer.status_code == 409
    assert "다시 저장됐어요" in text_of(answer)
    assert editions(app) == [None]


def test_a_published_edition_never_changes(app, operator, draft):
    operator.post(draft, parts())
    surely(operator, f"{draft}/publish", naming(app))
    for path, data in (
        (draft, parts(policy_term="9")),
        (f"{draft}/publish", naming(app)),
        (f"{draft}/discard", {}),
    ):
        assert surely(operator, path, data).status_code == 409
    (row,) = rows(app, select(WeightsEdition))
    assert (row.version, row.policy_term) == ("2026-2", 3)
    page = text_of(operator.client.get(draft))
    assert "공개한 판은 고칠 수 없어요" in page
    assert "저장하고 다시 계산" not in page


def test_a_draft_can_be_thrown_away(app, operator, draft):
    assert surely(operator, f"{draft}/discard").location == "/console/weights"
    assert operator.client.get(draft).status_code == 404
    assert one(app, select(func.count(WeightsEdition.id))) == 0


def test_publishing_is_for_admins(app, operator, draft):
    operator.post(draft, parts())
    with acting(app) as session:
        member = session.scalars(select(Membership).where(Membership.user_id == operator.user_key)).one()
        member.is_admin = False
    assert surely(operator, f"{draft}/publish", naming(app)).status_code == 403
    assert "공개하기" not in text_of(operator.client.get(draft))
    assert editions(app) == [None]


def test_the_list_as_csv(app, operator, draft):
    operator.post(draft, parts())
    surely(operator, f"{draft}/publish", naming(app, reason="=1+1 같은 식을 쓰지 않아요."))
    answer = operator.client.get("/console/weights?csv=1")
    assert answer.mimetype == "text/csv"
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2026-2,")
    assert "'=1+1" in lines[1]


def test_the_turn_is_not_held_by_readers(app, operator, draft):
    """Looking at a draft takes no lock and hands out no number."""
    with app.extensions["database"].session(reading=True) as session:
        before = counters.current(session, "weights")
    operator.client.get(draft)
    with app.extensions["database"].session(reading=True) as session:
        assert counters.current(session, "weights") == before
