"""Shortlists: order, notes that nobody overwrites unseen, what has changed since, and two people at once."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalog import publishing
from catalog.errors import Conflict, Invalid, NotFound
from catalog.models import Listing, Release
from marketplace.extensions import Database
from matching import shortlists
from matching.models import Demand, ShortlistItem
from matching.shortlists import Change
from tests import factories


def release_of(session, listing):
    """What the public sees of it, or None."""
    session.flush()
    rows = select(Release).join(
        Listing, (Listing.id == Release.listing_id) & (Listing.live_release == Release.number)
    )
    rows = rows.where(Listing.id == listing.id).options(
        joinedload(Release.certificate), joinedload(Release.listing)
    )
    return session.scalar(rows.execution_options(populate_existing=True))


def put(market, demand, listing, plan=None):
    """Put it on the list; answers its row."""
    return shortlists.add(market.session, demand, release_of(market.session, listing), plan)[0]


def titles(market, demand):
    return [item.card["title"] for item in shortlists.items(market.session, demand)]


def test_a_listing_is_put_on_once_with_what_was_public_of_it(market):
    demand, listing = market.demand(), market.publish("웰드아이")
    item = put(market, demand, listing)
    again, fresh = shortlists.add(market.session, demand, release_of(market.session, listing))
    assert (again.id, fresh) == (item.id, False)
    assert (item.listing, item.release, item.position) == (listing.public_id, 1, 0)
    assert (item.price_amount, item.certificate_expires_on) == (30_000_000, date(2027, 11, 20))
    assert item.card == {
        "title": "웰드아이",
        "title_en": "WeldEye Vision",
        "kind": "solution",
        "vendor_name": "가람비전",
        "plan_name": "표준",
    }


def test_the_plan_that_was_looked_at_is_kept_else_the_cheapest(market):
    plans = [factories.plan(price=40_000_000, name="큰 것"), factories.plan(price=10_000_000, name="작은 것")]
    listing, demand = market.publish(plans=plans), market.demand()
    content = release_of(market.session, listing).content
    dear = next(plan["id"] for plan in content["plans"] if plan["name"] == "큰 것")
    assert put(market, demand, listing, dear).price_amount == 40_000_000
    other = market.demand()
    assert put(market, other, listing, "no such plan").price_amount == 10_000_000


def test_a_full_list_says_so(market):
    demand = market.demand()
    for n in range(3):
        put(market, demand, market.publish(f"비전 {n}"))
    last = market.publish("넘치는 비전")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortlists, "MOST", 3)
        with pytest.raises(Conflict, match=r"shortlist\.full"):
            put(market, demand, last)
    assert len(titles(market, demand)) == 3


def test_lines_move_one_place_and_stay_at_the_ends(market):
    demand = market.demand()
    rows = [put(market, demand, market.publish(title)) for title in ("가", "나", "다")]
    shortlists.move(market.session, demand, rows[2], up=True)
    assert titles(market, demand) == ["가", "다", "나"]
    shortlists.move(market.session, demand, rows[0], up=True)
    shortlists.move(market.session, demand, rows[1], up=False)
    assert titles(market, demand) == ["가", "다", "나"]
    shortlists.remove(market.session, demand, rows[2])
    shortlists.move(market.session, demand, rows[0], up=False)
    assert titles(market, demand) == ["나", "가"]


def test_a_note_that_somebody_else_has_saved_is_not_overwritten_unseen(market):
    demand = market.demand()
    item = put(market, demand, market.publish())
    shortlists.write(market.session, demand, item, "현장 확인", 1)
    with pytest.raises(Conflict, match=r"shortlist\.changed"):
        shortlists.write(market.session, demand, item, "다른 말", 1)
    shortlists.write(market.session, demand, item, "현장 확인", 1)  # the same words sent twice are no quarrel
    assert (item.note, item.revision) == ("현장 확인", 2)
    with pytest.raises(Invalid):
        shortlists.write(market.session, demand, item, "가" * 501, 2)
    shortlists.write(market.session, demand, item, "가" * 500, 2)


def test_what_was_taken_off_is_gone(market):
    demand = market.demand()
    item = put(market, demand, market.publish())
    shortlists.remove(market.session, demand, item)
    with pytest.raises(NotFound):
        shortlists.remove(market.session, demand, item)
    with pytest.raises(NotFound):
        shortlists.write(market.session, demand, item, "", 1)


def test_nothing_has_changed_at_first(market):
    listing = market.publish()
    item = put(market, market.demand(), listing)
    assert shortlists.changes(item, release_of(market.session, listing), factories.TODAY) == []


def test_another_price_of_the_looked_at_plan_shows(market):
    listing = market.publish()
    item = put(market, market.demand(), listing)

    def dearer(row):
        row.plans[0].price_amount = 35_000_000

    market.republish(listing, dearer)
    found = shortlists.changes(item, release_of(market.session, listing), factories.TODAY)
    assert found == [Change("price", 30_000_000, 35_000_000)]

    def on_request(row):
        row.plans[0].price_amount = None
        row.plans[0].kind = "project"

    market.republish(listing, on_request)
    found = shortlists.changes(item, release_of(market.session, listing), factories.TODAY)
    assert found == [Change("price_unknown", 30_000_000)]


def test_certificates_that_end_or_move_show(market):
    listing = market.publish()
    item = put(market, market.demand(), listing)
    release = release_of(market.session, listing)
    last = date(2027, 11, 20)
    assert shortlists.changes(item, release, last) == []
    day_after = last + timedelta(days=1)
    assert shortlists.changes(item, release, day_after) == [Change("certificate_expired", last, last)]
    publishing.reopen(market.session, listing)
    factories.approved(market.session, listing, market.validator, expires_on=date(2028, 1, 1))
    renewed = release_of(market.session, listing)
    assert shortlists.changes(item, renewed, factories.TODAY) == [
        Change("certificate_extended", last, date(2028, 1, 1))
    ]


def test_a_new_edition_alike_in_both_is_only_named(market):
    listing = market.publish()
    item = put(market, market.demand(), listing)
    market.republish(listing, lambda row: None)
    found = shortlists.changes(item, release_of(market.session, listing), factories.TODAY)
    assert found == [Change("release", 1, 2)]


def test_a_listing_that_is_public_no_more_says_only_that(market):
    item = put(market, market.demand(), market.publish())
    assert shortlists.changes(item, None, factories.TODAY) == [Change("withdrawn")]


def test_two_people_at_once_put_the_same_listing_on_once(market, database_url):
    demand, listing = market.demand(), market.publish()
    market.session.commit()
    keys, ready, failed = (demand.id, listing.id), threading.Barrier(2), []

    def act():
        database = Database(database_url)
        try:
            with database.session() as session:
                ready.wait(10)
                release = release_of(session, session.get_one(Listing, keys[1]))
                shortlists.add(session, session.get_one(Demand, keys[0]), release)
                session.commit()
        except Exception as error:  # noqa: BLE001  # told to the test below, whatever it is
            failed.append(error)
        finally:
            database.engine.dispose()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert len(market.session.scalars(select(ShortlistItem)).all()) == 1


def test_two_people_at_once_write_one_note_and_the_other_is_told(market, database_url):
    demand = market.demand()
    item = put(market, demand, market.publish())
    market.session.commit()
    keys, ready, told = (demand.id, item.id), threading.Barrier(2), []

    def act(words):
        database = Database(database_url)
        with database.session() as session:
            ready.wait(10)
            row = session.get_one(ShortlistItem, keys[1])
            try:
                shortlists.write(session, session.get_one(Demand, keys[0]), row, words, 1)
                session.commit()
                told.append("saved")
            except Conflict as error:
                told.append(error.code)
        database.engine.dispose()

    threads = [threading.Thread(target=act, args=(words,)) for words in ("가", "나")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["saved", "shortlist.changed"]
