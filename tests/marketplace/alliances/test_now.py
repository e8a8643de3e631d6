"""Beside the lines of the morning page of who runs an alliance: its pipeline by stage, what its members can start."""

import re

import pytest

from catalog import capacity
from catalog.alliances import founding
from catalog.models import Organization
from matching import demands
from matching.models import Demand, Lead
from tests import alliances, factories
from tests.alliances import NOW, TODAY
from tests.marketplace.web.looking import acting, counted, text_of


def facts(who):
    """Heading, value and small print of every fact beside the lines."""
    page = text_of(who.client.get("/"))
    found = re.findall(r"<div><dt>(.*?)</dt><dd[^>]*>(.*?)</dd><dd[^>]*>(.*?)</dd></div>", page, re.DOTALL)
    plain = (re.sub(r"<[^>]+>", "", " | ".join(each)) for each in found)
    return [" ".join(words.split()) for words in plain]


@pytest.fixture
def shown(app, around):
    """Three demands: nobody has answered one, a member asks for contact in the others."""
    with acting(app) as session:
        alliance = around.row(session)
        site = factories.site(session, session.get_one(Organization, around.maker.organization_key))
        for number in range(3):
            row = factories.demand(session, site, title=f"수요 {number}")
            demands.widen(session, row, "alliance", [], NOW, alliance=alliance)
            session.flush()
            if number:
                session.add(_lead(row, session.get_one(Organization, around.member.organization_key)))
    return around


def _lead(demand: Demand, vendor: Organization) -> Lead:
    standings = [{"listing": "x", "fit": 88.0}]
    return Lead(
        demand=demand,
        organization=vendor,
        standings=standings,
        weights="2026-1",
        revision=0,
        state="accepted",
        offered_at=NOW,
    )


def state(app, who, projects):
    with acting(app) as session:
        capacity.state(session, session.get_one(Organization, who.organization_key), projects, TODAY)


def test_stages_without_demands_are_told_as_none_and_time_that_nobody_told_as_unknown(around):
    assert facts(around.runner) == [
        "들어온 수요 | 0건 | 답 전 0 · 연락을 청함 0 · 연락 중 0 · 끝남 0 들어온 수요 보기: 가 얼라이언스",
        "참여 기업의 분기 여력 | 모름 | 2곳은 여력을 적지 않았어요 참여 기업 보기: 가 얼라이언스",
    ]


def test_the_coordinator_sees_its_pipeline_by_stage_and_what_its_members_can_start(app, shown):
    state(app, shown.member, 0)
    assert facts(shown.runner) == [
        "들어온 수요 | 3건 | 답 전 1 · 연락을 청함 2 · 연락 중 0 · 끝남 0 들어온 수요 보기: 가 얼라이언스",
        "참여 기업의 분기 여력 | 0곳 | 1곳은 여력을 적지 않았어요 참여 기업 보기: 가 얼라이언스",
    ]
    state(app, shown.runner, 4)
    assert facts(shown.runner)[1] == "참여 기업의 분기 여력 | 4곳 | 참여 기업 보기: 가 얼라이언스"


def test_its_links_lead_to_the_pipeline_and_to_the_members(around):
    page = text_of(around.runner.client.get("/"))
    for path in (f"{around.inside}/pipeline", f"{around.inside}#mem-h"):
        assert f'href="{path}"' in page
    assert around.runner.client.get(f"{around.inside}/pipeline").status_code == 200
    assert 'id="mem-h"' in text_of(around.runner.client.get(around.inside))


def test_nobody_else_sees_it(around):
    assert [facts(who) for who in (around.member, around.outside, around.maker)] == [[], [], []]


def test_an_alliance_that_is_forming_or_dissolved_is_not_told(app, around):
    with acting(app) as session:
        own = session.get_one(Organization, around.outside.organization_key)
        alliances.forming(session, own, session.get_one(Organization, around.member.organization_key))
    assert facts(around.outside) == []
    assert around.runner.api("POST", f"{around.path}/dissolution").status_code == 200
    assert facts(around.runner) == []


def test_in_english_the_name_stays_korean_and_says_so(app, around):
    with acting(app) as session:
        around.row(session).name_en = ""
    around.runner.client.set_cookie("locale", "en")
    page = text_of(around.runner.client.get("/"))
    assert re.search(r'<h2 class="aside-h" id="now-[^"]+" lang="ko">가 얼라이언스</h2>', page)


def test_several_alliances_cost_one_statement(app, shown):
    with acting(app) as session:
        own = session.get_one(Organization, shown.runner.organization_key)
        for number in range(4):
            fields = alliances.fields(name=f"{number} 얼라이언스", name_en="")
            founding.found(session, own, fields, TODAY, part=alliances.part("mes")).state = "active"
    shown.runner.client.get("/")
    with counted(app) as sent:
        assert len(facts(shown.runner)) == 6
    assert len(sent) <= 12, "\n".join(sent)
    assert sum("row_number" in statement for statement in sent) == 1
