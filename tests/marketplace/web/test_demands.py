"""What a factory needs: stated through the form, ranked at once, with every refusal at its field."""

import re

import pytest
from sqlalchemy import func, select

from catalog.models import Organization
from marketplace.audit import AuditEntry
from matching.models import Demand, DemandRequirement, MatchList
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def site_id(app, maker):
    return own_site(app, maker)


def own_site(app, who, **changes):
    with acting(app) as session:
        made = factories.site(session, session.get(Organization, who.organization_key), **changes)
        session.flush()
        return made.public_id


def own_demand(app, who, **changes):
    with acting(app) as session:
        made = factories.demand(
            session, factories.site(session, session.get(Organization, who.organization_key)), **changes
        )
        session.flush()
        return made.public_id


def new(at, **changes):
    return {
        "site_id": at,
        "title": "용접 비드 불량 줄이기",
        "description": "로봇 용접 6대",
        "requirements/0/capability": "ai_vision",
        "requirements/0/must": "must",
        "requirements/0/min_quality": "3",
        "requirements/1/capability": "",
        "requirements/1/must": "must",
        "requirements/1/min_quality": "3",
        "requirements/2/capability": "mes",
        "requirements/2/must": "nice",
        "requirements/2/min_quality": "2",
        "target_level/value": "3",
        "budget_amount": "150,000,000",
        "deadline": "2099-06-30",
        **{key.replace("__", "/"): value for key, value in changes.items()},
    }


def count(app, model):
    return one(app, select(func.count()).select_from(model))


def test_without_a_demand_the_page_gives_examples(maker):
    page = text_of(maker.client.get("/demands"))
    assert "아직 만든 수요가 없어요" in page
    assert "용접 불량을 자동으로 검사하기" in page


def test_without_a_factory_the_first_step_is_to_register_one(maker):
    page = text_of(maker.client.get("/demands/new?capability=mes"))
    assert "먼저 공장을 등록해 주세요" in page
    assert 'href="/sites/new?next=/demands/new?capability%3Dmes"' in page


def test_a_demand_is_stored_ranked_and_shown(app, maker, site_id):
    answer = maker.post("/demands/new", new(site_id))
    with app.extensions["database"].session(reading=True) as session:
        demand = session.scalar(select(Demand))
        assert (demand.title, demand.target_level, demand.budget_amount) == (
            "용접 비드 불량 줄이기",
            3,
            150_000_000,
        )
        assert (demand.deadline.isoformat(), demand.site.public_id) == ("2099-06-30", site_id)
        asked = [(row.capability, row.must, row.min_quality) for row in demand.requirements]
        assert asked == [("ai_vision", True, 3), ("mes", False, 2)]
        assert (answer.status_code, answer.location) == (303, f"/demands/{demand.public_id}/matches")
    assert count(app, MatchList) == 1
    assert rows(app, select(AuditEntry.act).where(AuditEntry.object_type == "Demand")) == ["demand.state"]
    listed = text_of(maker.client.get("/demands"))
    assert "용접 비드 불량 줄이기" in listed
    assert "1억 5,000만 원" in listed
    assert "0개" in listed


def test_the_same_form_sent_twice_makes_one_demand(app, maker, site_id):
    word = form_word(maker.client.get("/demands/new"))
    first = maker.post("/demands/new", new(site_id, form_id=word))
    second = maker.post("/demands/new", new(site_id, form_id=word))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert (count(app, Demand), count(app, MatchList)) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "꼭 적어 주세요."),
        ({"title": "용접\x00"}, "title", "보이지 않는 제어 문자"),
        ({"description": "가" * 4001}, "description", "4000자까지"),
        ({"links__0__0": "mes", "links__0__1": "mes"}, "links/0/1", "서로 다른 두 역량"),
        ({"programme": "no_such_rule"}, "programme", "목록에 없는 값이에요: no_such_rule"),
        ({"budget_amount": "-1"}, "budget_amount", "0원에서 1조 원 사이"),
        ({"budget_amount": "1" + "0" * 30}, "budget_amount", "0원에서 1조 원 사이"),
        ({"budget_amount": "9" * 5000}, "budget_amount", "정수로 적어 주세요."),
        ({"budget_amount": "1억"}, "budget_amount", "정수로 적어 주세요."),
        ({"deadline": "2020-01-01"}, "deadline", "이미 지난 날짜예요."),
        ({"deadline": "2027-02-30"}, "deadline", "날짜를 2026-11-21처럼"),
        ({"target_level__value": "9"}, "target_level/value", "1에서 5 사이로"),
        (
            {"requirements__0__capability": "telepathy"},
            "requirements/0/capability",
            "목록에 없는 값이에요: telepathy",
        ),
        ({"requirements__2__capability": "ai_vision"}, "requirements/2/capability", "같은 값이 두 번 있어요"),
        ({"requirements__2__min_quality": "6"}, "requirements/2/min_quality", "1에서 5 사이로"),
        ({"requirements__2__must": "maybe"}, "requirements/2/must", "참 또는 거짓"),
        (
            {"requirements__0__capability": "", "requirements__2__capability": ""},
            "requirements",
            "꼭 적어 주세요.",
        ),
        ({"site_id": ""}, "site_id", "꼭 적어 주세요."),
        ({"site_id": "7"}, "site_id", "식별자 형식이 아니에요."),
        ({"site_id": "019d845a-3e80-7cf6-932f-2557978bee17"}, "site_id", "목록에 없는 값이에요"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_stored(app, maker, changes, field, sentence):
    answer = maker.post("/demands/new", new(own_site(app, maker), **changes))
    page = text_of(answer)
    assert answer.status_code == 422
    error = page[page.index(f'id="f-{field.replace("/", "-")}-error"') :]
    assert sentence in error[: error.index("</div>")]
    assert f'href="#f-{field.replace("/", "-")}"' in page
    assert (count(app, Demand), count(app, DemandRequirement), count(app, MatchList)) == (0, 0, 0)
    if "budget_amount" not in changes:
        assert 'value="150,000,000"' in page


def test_rows_do_not_pile_up_over_refusals(maker, site_id):
    page = text_of(maker.post("/demands/new", new(site_id, title="")))
    assert page.count('<fieldset class="need">') == 3 + 3


def test_the_factory_of_another_company_is_refused_at_its_field(app, maker, site_id):
    foreign = own_site(app, person(app, "manufacturer"))
    answer = maker.post("/demands/new", new(foreign))
    assert answer.status_code == 422
    assert 'id="f-site_id-error"' in text_of(answer)
    assert count(app, Demand) == 0


def test_the_stores_link_fills_in_the_capabilities_and_other_parameters_are_noticed(maker, site_id):
    page = text_of(maker.client.get("/demands/new?capability=mes&capability=nonsense&listing=7"))
    assert '<option value="mes" selected>' in page
    assert "nonsense" not in page.replace("capability=nonsense", "")
    assert "모르는 조건은 빼고 보여드려요." in page


def test_revising_replaces_the_demand_and_ranks_anew(app, maker, site_id):
    demand_id = own_demand(app, maker)
    page = text_of(maker.client.get(f"/demands/{demand_id}"))
    assert 'value="용접 불량 줄이기"' in page
    assert 'value="50,000,000"' in page
    answer = maker.post(f"/demands/{demand_id}", new(site_id))
    assert (answer.status_code, answer.location) == (303, f"/demands/{demand_id}/matches")
    assert rows(app, select(Demand.title)) == ["용접 비드 불량 줄이기"]
    assert rows(app, select(DemandRequirement.capability).order_by(DemandRequirement.position)) == [
        "ai_vision",
        "mes",
    ]
    assert count(app, MatchList) == 1


def test_what_was_tried_on_a_list_stands_in_the_form(app, maker, site_id):
    demand_id = own_demand(app, maker)
    assert 'name="requirements/0/must"' in text_of(maker.client.get(f"/demands/{demand_id}"))
    page = text_of(maker.client.get(f"/demands/{demand_id}?budget_amount=70000000&nice=ai_vision&nice=mes"))
    assert 'value="70,000,000"' in page
    assert re.search(r'<option value="nice" selected', page.split('name="requirements/0/must"')[1])
    for hostile in ("budget_amount=-1", "budget_amount=9e99", f"budget_amount={10**13}"):
        assert 'value="50,000,000"' in text_of(maker.client.get(f"/demands/{demand_id}?{hostile}"))
    assert rows(app, select(Demand.budget_amount)) == [50_000_000]


def test_a_refused_revision_leaves_the_demand_as_it_was(app, maker, site_id):
    demand_id = own_demand(app, maker)
    answer = maker.post(f"/demands/{demand_id}", new(site_id, requirements__2__capability="ai_vision"))
    assert answer.status_code == 422
    assert rows(app, select(Demand.title)) == ["용접 불량 줄이기"]
    assert rows(app, select(DemandRequirement.capability)) == ["ai_vision"]
    assert count(app, MatchList) == 0


def test_closing_asks_first_and_then_holds(app, maker, site_id):
    demand_id = own_demand(app, maker)
    assert "마감하면 다른 기업에 바로 보이지 않아요." in text_of(
        maker.client.get(f"/demands/{demand_id}/close")
    )
    assert rows(app, select(Demand.state)) == ["open"]
    word = form_word(maker.client.get(f"/demands/{demand_id}/close"))
    for _ in range(2):
        answer = maker.post(f"/demands/{demand_id}/close", {"form_id": word, "reason": "bought"})
        assert (answer.status_code, answer.location) == (303, "/demands")
    assert rows(app, select(Demand.state)) == ["closed"]
    assert maker.post(f"/demands/{demand_id}", new(site_id)).status_code == 409
    assert maker.post(f"/demands/{demand_id}/close", {"reason": "bought"}).status_code == 409
    assert rows(app, select(Demand.title)) == ["용접 불량 줄이기"]
    assert "마감한 수요는 고치거나" in text_of(maker.client.get(f"/demands/{demand_id}"))


def test_a_foreign_demand_is_not_there(app, maker, site_id):
    foreign = own_demand(app, person(app, "manufacturer"))
    for path in (f"/demands/{foreign}", f"/demands/{foreign}/close"):
        assert maker.client.get(path).status_code == 404
        assert maker.post(path, new(site_id)).status_code == 404
    assert rows(app, select(Demand.state)) == ["open"]
    assert "용접 불량" not in text_of(maker.client.get("/demands")).replace("용접 불량을 자동으로", "")


def test_the_pages_need_few_statements(app, maker):
    ids = [own_demand(app, maker) for _ in range(5)]
    for path in ("/demands", "/demands/new", f"/demands/{ids[0]}", f"/demands/{ids[0]}/close"):
        with counted(app) as sent:
            assert maker.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)
