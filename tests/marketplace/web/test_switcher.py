"""One person, several organizations, several roles: the switcher, and what each place shows."""

import re

import pytest
from sqlalchemy import select

from catalog.models import Organization
from marketplace import notices
from marketplace.accounts.models import Membership
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one, text_of

#: The menu of each role.
SELLING = ["/", "/listings", "/leads", "/board", "/solutions", "/alliances"]
BUYING = ["/", "/sites", "/demands", "/supply-chain", "/solutions", "/alliances"]


@pytest.fixture
def both(app):
    """Somebody whose organization sells a draft and buys for a plant without a demand."""
    found = person(app, "vendor", "manufacturer", name="두 가지 회사")
    with acting(app) as session:
        own = session.get_one(Organization, found.organization_key)
        factories.draft(session, own, app.extensions["files"], title="우리 초안")
        factories.site(session, own)
    return found


def menu(page):
    wide = page.split('<nav class="gnb"')[1].split("</nav>")[0]
    return re.findall(r'href="([^"]+)"', wide)


def act_as(who, role, organization=None):
    place = {"organization_id": organization or who.organization_id, "role": role, "next": "/"}
    return who.post("/account/act-for", place)


def test_each_role_has_its_own_menu_and_its_own_morning_page(both):
    page = text_of(both.client.get("/"))
    assert menu(page) == SELLING
    assert "우리 초안" in page
    assert "수요를 등록해 주세요" not in page
    assert act_as(both, "manufacturer").status_code == 303
    page = text_of(both.client.get("/"))
    assert menu(page) == BUYING
    assert "수요를 등록해 주세요" in page
    assert "우리 초안" not in page


def test_an_appointed_validator_works_at_the_desk_first(app):
    judge = person(app, "vendor", "validator")
    assert menu(text_of(judge.client.get("/"))) == ["/", "/desk", "/solutions", "/alliances"]
    assert act_as(judge, "vendor").status_code == 303
    assert menu(text_of(judge.client.get("/"))) == SELLING


def test_the_role_shapes_what_is_shown_and_forbids_nothing(both):
    assert act_as(both, "manufacturer").status_code == 303
    assert both.client.get("/listings").status_code == 200
    everything = both.api("GET", "/inbox").json
    assert {"draft", "first_demand"} <= set(everything["facets"]["kind"])


def test_each_place_says_how_much_waits_there(app, both):
    page = text_of(both.client.get("/"))
    places = sorted(set(re.findall(r'hx-get="(/inbox/waiting[^"]+)"', page)))
    assert len(places) == 2
    buyer, seller = (text_of(both.client.get(place.replace("&amp;", "&"))) for place in places)
    assert (buyer, seller) == ("할 일 1건", "할 일 1건")
    stranger = person(app, "vendor")
    assert stranger.client.get(places[0].replace("&amp;", "&")).status_code == 404
    assert f"organization={stranger.organization_id}" not in text_of(stranger.client.get("/"))


def test_a_role_that_the_organization_does_not_have_cannot_be_chosen(app, both):
    assert act_as(both, "operator").status_code == 404
    assert act_as(both, "validator").status_code == 404
    assert act_as(both, "vendor", person(app, "vendor").organization_id).status_code == 404


def test_a_chosen_role_that_is_gone_falls_back_to_the_first(app, both):
    assert act_as(both, "manufacturer").status_code == 303
    with acting(app) as session:
        own = session.get_one(Organization, both.organization_key)
        own.roles[:] = [role for role in own.roles if role.role != "manufacturer"]
    assert menu(text_of(both.client.get("/"))) == SELLING


def test_going_to_another_organization_is_audited_with_the_role(app, both):
    other = person(app, "vendor", "manufacturer", name="다른 회사")
    with acting(app) as session:
        session.add(Membership(user_id=both.user_key, organization_id=other.organization_key))
    assert act_as(both, "manufacturer", other.organization_id).status_code == 303
    page = text_of(both.client.get("/"))
    assert "공장을 등록해 주세요" in page
    last = (
        select(AuditEntry.detail)
        .where(AuditEntry.act == "account.act_for")
        .order_by(AuditEntry.number.desc())
    )
    assert one(app, last.limit(1))["role"] == "manufacturer"


def test_a_notice_leads_to_the_role_that_it_is_for(app, both):
    assert act_as(both, "manufacturer").status_code == 303
    with acting(app) as session:
        own = session.get_one(Organization, both.organization_key)
        draft = factories.draft(session, own, app.extensions["files"], title="승인된 것")
        notices.tell(
            session,
            "review.approved",
            key="switch",
            link="/listings",
            about=draft,
            organization=own,
            params={"title": "승인된 것"},
        )
    notice = one(app, select(Notice.public_id).where(Notice.user_id == both.user_key))
    assert both.post(f"/notices/{notice}", {}).status_code == 303
    assert "/listings" in menu(text_of(both.client.get("/")))


def test_the_morning_page_of_both_roles_keeps_to_its_statements(app, both):
    for role in ("vendor", "manufacturer"):
        assert act_as(both, role).status_code == 303
        with counted(app) as statements:
            both.client.get("/")
        assert len(statements) <= 12
