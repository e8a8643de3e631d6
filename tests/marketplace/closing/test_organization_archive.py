"""The archive of an organization holds a row of every table that is its own, and of others what its pages show."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from catalog.models import Organization
from marketplace import worker
from marketplace.accounts.data_requests import DataExport
from marketplace.operations import organization_archive, own_archive
from marketplace.operations.organization_archive import LEFT_OUT, PLACES
from matching.models import LevelCertificate
from matching.supply_chain import links
from tests import factories
from tests.marketplace.closing import whole_firm
from tests.marketplace.closing.tables import naming, pointing
from tests.marketplace.people import PASSWORD
from tests.marketplace.web.looking import acting, one, rows, text_of
from tests.matching.supply_chain.conftest import said


@pytest.fixture
def data(world):
    """The firm's archive, with everything that there can be."""
    whole_firm.judged(world)
    answer = world.firm.post("/organization/data/deletion", {"password": PASSWORD, "reason": "폐업"})
    assert answer.status_code == 303
    return gathered(world, world.firm)


def gathered(world, who):
    """What one of them would get, as it stands in data.json."""
    with world.app.extensions["database"].session(reading=True) as session:
        found, _files = organization_archive.of_organization(session, world.of(session, who))
        return json.loads(json.dumps(found, default=own_archive.as_text))


def at(value, place):
    """Everything that stands at a place: lists are walked through."""
    if isinstance(value, list):
        return [found for part in value for found in at(part, place)]
    if not place:
        return [] if value in (None, "", {}) else [value]
    first, _, rest = place.partition(".")
    return at(value[first], rest) if value is not None else []


def test_every_column_that_names_an_organization_or_its_things_has_a_place_or_a_reason():
    """A new table must stand in the archive, or say why not; what hangs on those in it likewise."""
    known = set(PLACES) | set(LEFT_OUT)
    assert naming() | pointing({place.split(".")[0] for place in PLACES}) == known
    assert set(PLACES) & set(LEFT_OUT) == set()
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_something_stands_at_every_place(data):
    assert {table: place for table, place in PLACES.items() if not at(data, place)} == {}


def test_trade_links_stand_there_as_the_own_page_shows_them(world, data):
    found = {row["item"]: row for row in data["trade_links"]}
    assert set(found) == {"우리가 신고", "거래처가 신고", "브래킷"}
    (site,) = data["sites"]
    ours, theirs, waiting = found["우리가 신고"], found["거래처가 신고"], found["브래킷"]
    assert (ours["partner"], ours["direction"], ours["state"], ours["declared_by_us"], ours["site"]) == (
        "남는정공",
        "customer",
        "confirmed",
        True,
        site["public_id"],
    )
    assert (theirs["direction"], theirs["declared_by_us"], theirs["site"]) == (
        "supplier",
        False,
        site["public_id"],
    )
    assert (waiting["partner"], waiting["partner_number"], waiting["site"]) == (
        "바깥 도금",
        whole_firm.OUTSIDE,
        None,
    )
    assert [row["registration_number"] for row in data["link_imports"][0]["rows"]] == [whole_firm.OUTSIDE]
    assert (data["chain_viewers"], data["opened_chains"]) == (["지역 연합"], ["남는정공"])


def test_what_the_partner_lets_us_have_and_where_it_delivers_is_not_told(world):
    """Both partners consented and named a site; each reads its own consent and its own site."""
    for who in (world.firm, world.partner):
        mine = gathered(world, who)
        sites = {site["public_id"] for site in mine["sites"]}
        both = [row for row in mine["trade_links"] if row["state"] == "confirmed"]
        assert len(both) == 2
        assert {row["site"] for row in both} == sites
        assert set(both[0]) == {
            *("public_id", "created_at", "item", "since", "until", "state", "declared_on", "answered_on"),
            *("denial", "partner", "partner_number", "direction", "declared_by_us", "site", "invited_on"),
            *("share_systems", "share_chain"),
        }
    with acting(world.app) as session:
        own = world.of(session, world.firm)
        for link in session.scalars(
            select(whole_firm.TradeLink).where(links.touches(own.registration_number))
        ):
            if link.state == "confirmed":
                links.consent(session, link, own, share_systems=False, share_chain=False)
    assert {row["share_systems"] for row in gathered(world, world.firm)["trade_links"]} == {False}
    assert {row["share_systems"] for row in gathered(world, world.partner)["trade_links"]} == {True}


def test_an_unconfirmed_firm_gets_nothing_of_what_others_said_of_its_number(world):
    with acting(world.app) as session:
        newcomer = factories.company(session, "manufacturer", confirmed=False)
        partner = world.of(session, world.partner)
        links.declare(session, partner, said("supplier", newcomer, name="들은 이름"), factories.TODAY)
        key = newcomer.id
    with world.app.extensions["database"].session(reading=True) as session:
        found, _files = organization_archive.of_organization(session, session.get_one(Organization, key))
    assert found["trade_links"] == []


def test_an_offer_names_nobody_before_the_page_does(world):
    """The vendor was named by the firm, so its name shows; its person and contact show since contact was accepted."""
    (offer,) = [row for demand in gathered(world, world.firm)["demands"] for row in demand["offers"]]
    assert (offer["vendor"], offer["vendor_contact"], offer["buyer_contact"]) == (
        "가람비전",
        "박서린 055-1",
        "김하늬 055-2",
    )
    with acting(world.app) as session:
        lead = session.scalars(select(whole_firm.Lead).where(whole_firm.Lead.state == "contact")).one()
        lead.state = "accepted"
        lead.demand.named.clear()
    (offer,) = [row for demand in gathered(world, world.firm)["demands"] for row in demand["offers"]]
    hidden = ("vendor", "listing", "answered_by", "vendor_contact")
    assert [offer[name] for name in hidden] == [None] * 4
    assert offer["message"] == "보고 싶어요"


def test_the_files_of_papers_are_in_the_archive(world):
    row = one(world.app, select(DataExport))
    worker.drain(world.app)
    answer = world.firm.client.get(f"/account/exports/{row.public_id}", buffered=True)
    assert answer.status_code == 200, text_of(answer)
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    found = json.loads(archive.read("data.json"))
    papers = [paper["file"] for paper in found["sites"][0]["level_certificates"]]
    places = {file["public_id"]: file["place"] for file in found["files"]}
    assert len(papers) == len(rows(world.app, select(LevelCertificate.id))) == 2
    assert all(archive.read(places[file]).startswith(b"%PDF") for file in papers)
