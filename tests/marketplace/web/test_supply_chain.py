"""The page of trade links: list and map, declaring with nothing lost, answering, a list of partners, who may see."""

import csv
import io

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.models import Organization
from marketplace.audit import AuditEntry
from matching.models.trade_link import ChainViewer, LinkImport, TradeLink
from matching.supply_chain import flows, links, statistic
from tests import factories
from tests.factories import TODAY
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of
from tests.matching.supply_chain.conftest import said

OUTSIDE = regno.make("777881234")
NEW = {
    "direction": "supplier",
    "registration_number": OUTSIDE,
    "name": "바깥 도금",
    "item": "아연 도금",
    "since": "2019-03-04",
    "until": "",
    "site_id": "",
    "invite_email": "",
}


@pytest.fixture
def anchor(app):
    return person(app, "manufacturer", name="한빛모빌리티")


def organization(session, who):
    return session.get(Organization, who.organization_key)


def village(app, anchor):
    """Two presses that show, two platers of level 1 below them, and one that hides what is below it."""
    with acting(app) as session:
        top = organization(session, anchor)
        made = {}
        for name, industry, level in (
            ("프레스 하나", "25", 3),
            ("프레스 둘", "25", 3),
            ("도금 하나", "20", 1),
            ("도금 둘", "20", 1),
            ("숨은 곳", "26", 2),
        ):
            made[name] = factories.company(session, "manufacturer", name=name)
            factories.site(session, made[name], level=level, industry={"revision": "11", "code": industry})
        factories.site(session, top, level=4)
        for supplier, customer, shows in (
            ("프레스 하나", None, True),
            ("프레스 둘", None, True),
            ("숨은 곳", None, False),
            ("도금 하나", "프레스 하나", True),
            ("도금 둘", "프레스 둘", True),
        ):
            below = made[supplier]
            above = top if customer is None else made[customer]
            done = links.declare(session, below, said("customer", above, share_chain=shows), TODAY)
            session.flush()
            links.confirm(session, done.link, above, TODAY, share_systems=False, share_chain=False)
            session.flush()


def test_without_a_partner_the_page_says_what_to_do(anchor):
    page = anchor.client.get("/supply-chain")
    assert page.status_code == 200, text_of(page)
    assert "아직 거래 관계가 없어요" in text_of(page)
    assert "공장을 등록하면 그 업종의 통계를 보여 드려요" in text_of(page)
    assert '<svg class="map__svg' not in text_of(page)


def test_a_partner_is_declared_once_whatever_is_sent_twice(app, anchor):
    form = anchor.client.get("/supply-chain/new")
    data = {**NEW, "form_id": form_word(form)}
    first = anchor.post("/supply-chain/new", data)
    assert first.status_code == 303, text_of(first)
    assert anchor.post("/supply-chain/new", data).location == first.location
    assert rows(app, select(TradeLink.supplier_name)) == ["바깥 도금"]
    page = text_of(anchor.client.get(first.location))
    assert "아연 도금" in page
    assert "등록하지 않은 기업" in page
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act.startswith("link."))) == ["link.declare"]


def test_a_refusal_is_said_at_its_field_and_keeps_what_was_typed(app, anchor):
    wrong = {**NEW, "registration_number": "123-45-67890", "since": "2019-02-30", "share_systems": "1"}
    answer = anchor.post("/supply-chain/new", wrong)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-since-error"' in page
    assert 'value="바깥 도금"' in page
    assert page.count(" checked") == 2, "the direction and the consent"
    number = anchor.post("/supply-chain/new", {**NEW, "registration_number": "123-45-67890"})
    assert 'id="f-registration_number-error"' in text_of(number)
    assert one(app, select(func.count(TradeLink.id))) == 0


def test_the_partner_answers_on_the_page(app, anchor):
    press = person(app, "manufacturer", name="진명테크")
    number = one(app, select(Organization.registration_number).where(Organization.name == "한빛모빌리티"))
    data = {**NEW, "direction": "customer", "registration_number": number, "share_chain": "1"}
    where = press.post("/supply-chain/new", data).location
    page = text_of(anchor.client.get(where))
    assert "맞는 관계인가요?" in page
    assert "납품처가 우리 기업 수준" not in page, "only a supplier is asked"
    silent = anchor.post(f"{where}/answer", {"confirm": "no", "reason": ""})
    assert silent.status_code == 422
    assert 'id="f-reason-error"' in text_of(silent)
    done = anchor.post(f"{where}/answer", {"confirm": "yes", "share_systems": "1"})
    assert done.status_code == 303, text_of(done)
    link = one(app, select(TradeLink))
    assert (link.state, link.customer_shares, link.shows_below) == ("confirmed", True, True)
    press.post(f"{where}/consents", {})
    assert one(app, select(TradeLink.shows_below)) is False
    assert anchor.post(f"{where}/end").status_code == 303
    assert one(app, select(TradeLink.state)) == "ended"


def test_the_map_and_the_list_say_the_same(app, anchor):
    village(app, anchor)
    with counted(app) as sent:
        page = text_of(anchor.client.get("/supply-chain"))
    assert len(sent) <= 12, "\n".join(x[:150].replace("\n", " ") for x in sent)
    assert 'aria-label="2차 협력사 화학 물질 및 화학제품 2곳, 수준 1: 2곳"' in page.replace(
        "; 의약품 제외", ""
    )
    assert "병목: 2차 협력사" in page
    assert "기업 수준을 아는 2곳이 모두 수준 1이에요." in page
    assert "위 차수에 2건을 납품하고, 협력사 전체 평균 2.0보다 낮아요." in page
    for name in ("프레스 하나", "도금 둘", "숨은 곳"):
        assert name in page
    assert "공개하지 않음" in page
    assert "기업이 적은 값" in page, "no level without its basis"


def test_a_supplier_does_not_see_its_siblings(app, anchor):
    sibling = person(app, "manufacturer", name="형제 협력사")
    village(app, anchor)
    number = one(app, select(Organization.registration_number).where(Organization.name == "한빛모빌리티"))
    sibling.post("/supply-chain/new", {**NEW, "direction": "customer", "registration_number": number})
    page = text_of(sibling.client.get("/supply-chain"))
    assert "한빛모빌리티" in page
    for name in ("프레스 하나", "도금 하나", "숨은 곳", "병목"):
        assert name not in page
    assert sibling.client.get(f"/supply-chain/chains/{anchor.organization_id}").status_code == 404


def test_the_statistic_stands_apart_from_links(app, anchor):
    with acting(app) as session:
        factories.site(session, organization(session, anchor))
    page = text_of(anchor.client.get("/supply-chain"))
    assert "업종 통계를 아직 불러오지 않았어요" in page
    with acting(app) as session:
        statistic.load(session, flows.parse(_statistic()))
    page = text_of(anchor.client.get("/supply-chain"))
    assert "기업 사이의 관계가 아니라" in page
    assert '<b class="num">27%</b>' in page
    assert "거래처가 없어요" in page


def test_a_list_is_checked_before_anything_is_declared(app, anchor):
    empty = anchor.post("/supply-chain/import")
    assert empty.status_code == 422
    assert 'id="f-file-error"' in text_of(empty)
    text = f"관계,사업자등록번호,기업 이름\n공급처,{OUTSIDE},바깥\n공급처,1,틀림\n"
    data = {"csrf_token": csrf(anchor.client), "file": (io.BytesIO(text.encode()), "명단.csv")}
    answer = anchor.client.post("/supply-chain/import", data=data)
    assert answer.status_code == 303, text_of(answer)
    page = text_of(anchor.client.get(answer.location))
    assert "사업자등록번호: 사업자등록번호가 아니에요." in page
    assert "1건 신고" in page
    whole = anchor.post(answer.location, {"mode": "all_or_nothing"})
    assert whole.status_code == 422
    assert one(app, select(func.count(TradeLink.id))) == 0
    assert anchor.post(answer.location, {"mode": "good_rows"}).status_code == 303
    assert one(app, select(func.count(TradeLink.id))) == 1
    assert one(app, select(LinkImport.applied_on)) is not None
    assert "에 신고했어요" in text_of(anchor.client.get(answer.location))


def test_the_template_is_a_file(anchor):
    answer = anchor.client.get("/supply-chain/template.csv")
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith("\ufeff관계,사업자등록번호".encode())


def test_a_coordinator_is_let_in_and_out(app, anchor):
    village(app, anchor)
    coordinator = person(app, "vendor", name="코디네이터")
    number = one(app, select(Organization.registration_number).where(Organization.name == "코디네이터"))
    wrong = anchor.post("/supply-chain/viewers", {"registration_number": OUTSIDE})
    assert wrong.status_code == 422
    assert 'id="f-registration_number-error"' in text_of(wrong)
    anchor.post("/supply-chain/viewers", {"registration_number": number})
    chain = f"/supply-chain/chains/{anchor.organization_id}"
    with counted(app) as sent:
        page = text_of(coordinator.client.get(chain))
    assert len(sent) <= 12
    assert "도금 둘" in page
    assert f'href="{chain}"' in text_of(coordinator.client.get("/organization"))
    held = one(app, select(ChainViewer.public_id))
    anchor.post(f"/supply-chain/viewers/{held}/end")
    assert coordinator.client.get(chain).status_code == 404
    assert chain not in text_of(coordinator.client.get("/organization"))


def test_the_filter_of_the_list_and_an_unknown_one(app, anchor):
    anchor.post("/supply-chain/new", NEW)
    assert "바깥 도금" in text_of(anchor.client.get("/supply-chain?only=declared"))
    assert "이 상태의 관계가 없어요" in text_of(anchor.client.get("/supply-chain?only=denied"))
    assert "바깥 도금" in text_of(anchor.client.get("/supply-chain?only=nonsense&page=99"))


def _statistic():
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(flows.COLUMNS)
    for supplier in flows.SECTORS:
        for buyer in flows.SECTORS:
            share = 0.27 if (supplier, buyer) == ("24", "30") else 0.01
            writer.writerow([supplier, "업종", buyer, "업종", 1, share, share, 1.2])
    return io.StringIO(target.getvalue())
