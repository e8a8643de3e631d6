"""Our factories: described through the form, with every refusal at its field and nothing lost."""

import pytest
from sqlalchemy import func, select

from catalog import industries
from catalog.files.folder import FolderStore
from catalog.models import Organization, Site, SiteSystem
from marketplace.audit import AuditEntry
from matching.models import Assessment
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

NEW = {
    "name": "창원 1공장",
    "industry": "11:303",
    "region": "gyeongnam",
    "headcount": "1,062",
    "processes": ["welding", "press"],
    "interfaces": ["mqtt"],
    "systems/0/name": "용접기 PLC",
    "systems/0/capability": "controller_plc",
    "systems/0/interfaces": ["opcua", "modbus"],
    "systems/1/name": "",
    "systems/1/capability": "",
    "systems/2/name": "회계",
    "systems/2/capability": "",
    "level/scale": "company_level",
    "level/value": "2",
    "level/basis": "self_reported",
}


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


def count(app, model):
    return one(app, select(func.count()).select_from(model))


def own_site(app, who, **changes):
    with acting(app) as session:
        made = factories.site(session, session.get(Organization, who.organization_key), **changes)
        session.flush()
        return made.public_id


def test_without_a_factory_the_page_says_what_to_do(maker):
    page = maker.client.get("/sites")
    assert page.status_code == 200
    assert "아직 등록한 공장이 없어요" in text_of(page)
    assert 'href="/sites/new"' in text_of(page)


def test_a_new_factory_is_stored_in_full_and_listed(app, maker):
    answer = maker.post("/sites/new", NEW)
    assert (answer.status_code, answer.location) == (303, "/sites")
    with app.extensions["database"].session(reading=True) as session:
        site = session.scalar(select(Site))
        assert (site.name, site.industry_revision, site.industry_code) == ("창원 1공장", "11", "303")
        assert (site.region, site.headcount) == ("gyeongnam", 1062)
        assert (site.codes("process"), site.codes("interface")) == (["welding", "press"], ["mqtt"])
        systems = [(system.name, system.capability, system.interfaces) for system in site.systems]
        assert systems == [("용접기 PLC", "controller_plc", ["opcua", "modbus"]), ("회계", None, [])]
        stated = session.scalar(select(Assessment))
        assert (stated.scale, stated.level, stated.basis) == ("company_level", 2, "self_reported")
    assert rows(app, select(AuditEntry.act).where(AuditEntry.object_type == "Site")) == ["site.describe"]
    listed = text_of(maker.client.get("/sites"))
    assert "창원 1공장" in listed
    assert "기업 수준 2" in listed


def test_the_same_form_sent_twice_makes_one_factory(app, maker):
    word = form_word(maker.client.get("/sites/new"))
    first = maker.post("/sites/new", {**NEW, "form_id": word})
    second = maker.post("/sites/new", {**NEW, "form_id": word})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(app, Site) == 1


def test_it_goes_on_to_where_the_person_came_from_but_never_off_this_site(app, maker):
    there = maker.post("/sites/new", {**NEW, "next": "/demands/new"})
    assert there.location == "/demands/new"
    away = maker.post("/sites/new", {**NEW, "next": "https://elsewhere.example/"})
    assert away.location == "/sites"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "꼭 적어 주세요."),
        ({"name": "공장\x00"}, "name", "보이지 않는 제어 문자"),
        ({"industry": "11:999"}, "industry", "목록에 없는 값이에요: 999"),
        ({"industry": ""}, "industry", "비워 둘 수 없어요."),
        ({"region": "atlantis"}, "region", "목록에 없는 값이에요: atlantis"),
        ({"headcount": "-1"}, "headcount", "1에서 1000000 사이로"),
        ({"headcount": "9" * 31}, "headcount", "1에서 1000000 사이로"),
        ({"headcount": "예순"}, "headcount", "정수로 적어 주세요."),
        ({"systems/2/capability": "telepathy"}, "systems/2/capability", "목록에 없는 값이에요: telepathy"),
        ({"systems/2/name": "", "systems/2/capability": "mes"}, "systems/2/name", "꼭 적어 주세요."),
        ({"level/scale": ""}, "level/scale", "꼭 적어 주세요."),
        ({"level/scale": "system_level", "level/value": "5"}, "level/value", "1에서 4 사이로"),
        ({"level/value": "7"}, "level/value", "1에서 5 사이로"),
        ({"level/value": ""}, "level/value", "꼭 적어 주세요."),
        ({"level/basis": "guessed"}, "level/basis", "정해진 값 가운데"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_stored(app, maker, changes, field, sentence):
    answer = maker.post("/sites/new", {**NEW, **changes})
    page = text_of(answer)
    assert answer.status_code == 422
    error = page[page.index(f'id="f-{field.replace("/", "-")}-error"') :]
    assert sentence in error[: error.index("</div>")]
    assert (count(app, Site), count(app, Assessment), count(app, SiteSystem)) == (0, 0, 0)
    if "name" not in changes:
        assert 'value="창원 1공장"' in page
    assert 'value="용접기 PLC"' in page


def test_the_level_may_stay_unsaid_or_be_stated_as_unknown(app, maker):
    maker.post("/sites/new", {**NEW, "level/scale": "", "level/value": ""})
    assert count(app, Assessment) == 0
    maker.post("/sites/new", {**NEW, "level/value": "unknown"})
    assert rows(app, select(Assessment.level)) == [None]
    assert "기업 수준 모름" in text_of(maker.client.get("/sites"))


def test_a_factory_is_shown_and_revised_with_its_history_of_levels(app, maker):
    site_id = own_site(app, maker)
    page = text_of(maker.client.get(f"/sites/{site_id}"))
    assert 'value="창원 공장"' in page
    assert 'value="PLC"' in page
    answer = maker.post(f"/sites/{site_id}", {**NEW, "level/value": "3"})
    assert answer.status_code == 303
    assert rows(app, select(Site.name)) == ["창원 1공장"]
    assert rows(app, select(SiteSystem.name)) == ["용접기 PLC", "회계"]
    assert rows(app, select(Assessment.level).order_by(Assessment.id)) == [2, 3]
    assert "기업 수준 3" in text_of(maker.client.get("/sites"))


def test_a_refused_revision_leaves_the_factory_as_it_was(app, maker):
    site_id = own_site(app, maker)
    answer = maker.post(f"/sites/{site_id}", {**NEW, "level/scale": "system_level", "level/value": "5"})
    assert answer.status_code == 422
    assert rows(app, select(Site.name)) == ["창원 공장"]
    assert rows(app, select(SiteSystem.name)) == ["PLC"]


def test_an_exact_code_is_taken_once_the_official_list_is_loaded(app, maker):
    assert 'name="ksic"' not in text_of(maker.client.get("/sites/new"))
    with acting(app) as session:
        industries.load(
            session,
            [industries.IndustryName("11", "30310", "자동차 엔진용 신품 부품 제조업", "Engine parts")],
        )
    assert "자동차 엔진용 신품 부품 제조업" in text_of(maker.client.get("/sites/new"))
    assert maker.post("/sites/new", {**NEW, "ksic": "30310"}).status_code == 303
    assert rows(app, select(Site.industry_code)) == ["30310"]
    refused = text_of(maker.post("/sites/new", {**NEW, "ksic": "99999"}))
    assert 'id="f-ksic-error"' in refused
    assert 'value="99999"' in refused


def test_a_foreign_factory_is_not_there(app, maker):
    foreign = own_site(app, person(app, "manufacturer"))
    assert maker.client.get(f"/sites/{foreign}").status_code == 404
    assert maker.post(f"/sites/{foreign}", NEW).status_code == 404
    assert rows(app, select(Site.name)) == ["창원 공장"]
    assert "창원 공장" not in text_of(maker.client.get("/sites"))


def test_other_roles_stay_out(app):
    assert person(app, "vendor").client.get("/sites").status_code == 403
    assert app.test_client().get("/sites").status_code == 303


def test_an_unknown_parameter_is_left_out_with_a_notice(maker):
    assert "모르는 조건은 빼고 보여드려요." in text_of(maker.client.get("/sites?colour=red"))
    assert "모르는 조건은" not in text_of(maker.client.get("/sites"))


def test_the_pages_need_few_statements(app, maker):
    ids = [own_site(app, maker) for _ in range(5)]
    for path in ("/sites", "/sites/new", f"/sites/{ids[0]}"):
        with counted(app) as sent:
            assert maker.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)


def test_what_people_wrote_is_escaped_and_marked_as_korean_in_english(app, maker):
    own_site(app, maker, name="<b>창원</b>")
    page = maker.client.get("/sites").get_data(as_text=True)
    assert "<b>창원" not in page
    maker.client.set_cookie("locale", "en")
    assert '<span lang="ko">&lt;b&gt;창원' in maker.client.get("/sites").get_data(as_text=True)


DEPTH = {
    "products": "브래킷,\r\n보강판",
    "shifts": "2",
    "revenue_band": "10b_30b",
    "records": "files",
    "history": "1y_3y",
    "staff": "none",
    "network": "closed",
    "residency": "plant",
    "budget_year": "2027",
    "systems/0/product": "보기 제어기",
    "systems/0/vendor_name": "보기 회사",
    "systems/0/version": "2.1",
    "systems/0/in_use_since": "2021-03",
}


def test_everything_that_a_factory_states_comes_back_in_its_form(app, maker):
    assert maker.post("/sites/new", {**NEW, **DEPTH}).status_code == 303
    with app.extensions["database"].session(reading=True) as session:
        site = session.scalar(select(Site))
        assert (site.products, site.shifts, site.revenue_band) == ("브래킷,\n보강판", 2, "10b_30b")
        assert (site.records, site.history, site.staff) == ("files", "1y_3y", "none")
        assert (site.network, site.residency, site.budget_year) == ("closed", "plant", 2027)
        system = site.systems[0]
        assert (system.product, system.vendor_name, system.version) == ("보기 제어기", "보기 회사", "2.1")
        assert (system.in_use_since, system.listing_id) == ("2021-03", None)
        site_id = site.public_id
    page = text_of(maker.client.get(f"/sites/{site_id}"))
    for value in ("보기 제어기", "보기 회사", "2.1", "2021-03", "2027"):
        assert f'value="{value}"' in page, value
    for value in ("10b_30b", "files", "1y_3y", "none", "closed", "plant"):
        assert f'<option value="{value}" selected>' in page, value


def test_what_is_left_at_unknown_is_stored_as_unknown_and_listed_as_missing(app, maker):
    maker.post("/sites/new", {**NEW, "level/scale": "", "level/value": "", "shifts": "", "records": ""})
    with app.extensions["database"].session(reading=True) as session:
        site = session.scalar(select(Site))
        assert [site.shifts, site.records, site.staff, site.network, site.budget_year] == [None] * 5
    page = text_of(maker.client.get("/sites"))
    assert "더 적으면 추천이 정확해져요" in page
    assert "기업 수준 → 수준과 상승 폭" in page
    assert "시스템의 연동 규격 → 연동" in page
    assert "외부 인터넷" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"shifts": "5"}, "shifts", "1에서 4 사이로"),
        ({"revenue_band": "lots"}, "revenue_band", "정해진 값 가운데"),
        ({"records": "memory"}, "records", "정해진 값 가운데"),
        ({"budget_year": "27"}, "budget_year", "2000에서 2100 사이로"),
        ({"products": "가" * 301}, "products", "300자까지"),
        ({"systems/0/in_use_since": "지난봄"}, "systems/0/in_use_since", "달을 2021-03처럼"),
        ({"systems/0/in_use_since": "2098-01"}, "systems/0/in_use_since", "아직 오지 않은 날짜예요."),
        ({"systems/0/version": "1" * 41}, "systems/0/version", "40자까지"),
        ({"systems/2/listing_id": "없는 솔루션"}, "systems/2/listing_id", "그런 이름의 솔루션이 없어요"),
    ],
)
def test_a_deeper_fact_that_cannot_be_is_said_at_its_field(app, maker, changes, field, sentence):
    answer = maker.post("/sites/new", {**NEW, **DEPTH, **changes})
    page = text_of(answer)
    assert answer.status_code == 422
    error = page[page.index(f'id="f-{field.replace("/", "-")}-error"') :]
    assert sentence in error[: error.index("</div>")]
    assert (count(app, Site), count(app, SiteSystem)) == (0, 0)
    assert 'value="보기 제어기"' in page


def test_a_system_is_linked_to_a_listing_by_its_name(app, maker, tmp_path):
    with acting(app) as session:
        judge, store = factories.company(session, "validator"), FolderStore(tmp_path / "bytes")
        first, second = (factories.company(session, "vendor", name=name) for name in ("가람", "나루"))
        listing = factories.published(session, first, judge, store, title="결마루 MES")
        session.flush()
        listing_id = listing.public_id
    near = maker.post("/sites/new", {**NEW, "systems/0/listing_id": "결마루"})
    assert "비슷한 이름: ‘결마루 MES · 가람’" in text_of(near)
    assert maker.post("/sites/new", {**NEW, "systems/0/listing_id": "결마루 mes"}).status_code == 303
    assert rows(app, select(SiteSystem.listing_id).order_by(SiteSystem.position)) == [listing_id, None]
    site_id = rows(app, select(Site.public_id))[0]
    assert 'value="결마루 MES · 가람"' in text_of(maker.client.get(f"/sites/{site_id}"))
    with acting(app) as session:
        other = factories.published(
            session, session.merge(second), session.merge(judge), store, title="결마루 MES"
        )
        session.flush()
        other_id = other.public_id
    several = text_of(maker.post(f"/sites/{site_id}", {**NEW, "systems/0/listing_id": "결마루 MES"}))
    assert "이름이 같은 솔루션이 여럿이에요." in several
    exact = maker.post(f"/sites/{site_id}", {**NEW, "systems/0/listing_id": "결마루 MES · 나루"})
    assert exact.status_code == 303
    assert rows(app, select(SiteSystem.listing_id).order_by(SiteSystem.position)) == [other_id, None]


def test_a_linked_listing_that_left_the_store_stays_linked(app, maker, tmp_path):
    with acting(app) as session:
        vendor, judge = (
            factories.company(session, "vendor", name="가람"),
            factories.company(session, "validator"),
        )
        listing = factories.published(
            session, vendor, judge, FolderStore(tmp_path / "bytes"), title="결마루 MES"
        )
        session.flush()
        listing_id = listing.public_id
    maker.post("/sites/new", {**NEW, "systems/0/listing_id": "결마루 MES"})
    site_id = rows(app, select(Site.public_id))[0]
    with acting(app) as session:
        session.merge(listing).live_release = None
    again = maker.post(f"/sites/{site_id}", {**NEW, "systems/0/listing_id": "결마루 MES · 가람"})
    assert again.status_code == 303
    assert rows(app, select(SiteSystem.listing_id).order_by(SiteSystem.position)) == [listing_id, None]


def test_nobody_may_state_a_level_as_certified_or_checked(app, maker):
    for basis in ("certified", "self_check"):
        assert maker.post("/sites/new", {**NEW, "level/basis": basis}).status_code == 422
    assert count(app, Assessment) == 0
