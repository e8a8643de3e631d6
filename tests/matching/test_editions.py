"""Editions of the weights: what is valid, which one holds on a day, and two operators at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.errors import Conflict, Invalid, NotFound
from catalog.models import Release
from matching import editions, keeping, matchmaking, preview
from matching.models import WeightsEdition
from matching.scoring import editions as validity
from matching.scoring import facts
from matching.scoring.editions import Parts
from matching.scoring.score import exclusion, score
from matching.scoring.weights import AXES, BUILT_IN
from tests import factories
from tests.matching.scoring.cases import needs, offers, with_one_fact_unknown

NOW, TODAY = factories.NOW, factories.TODAY
BITS = 1e-9
FIRST = validity.parts_of(BUILT_IN)


def pointers(parts):
    return [(problem.pointer, problem.code) for problem in validity.problems(parts)]


def weighing(**changes):
    """The first edition's parts with other weights; what is added to one axis is taken from another by the caller."""
    return replace(FIRST, axis={**FIRST.axis, **changes})


@st.composite
def valid_parts(draw):
    """Any valid edition: nine weights that sum to 100, evidence among those that count."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=8, max_size=8)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    axis = dict(zip(AXES, shares, strict=True))
    assume(axis["evidence"] > 0)
    others = [name for name in AXES if name != "evidence"]
    unused = draw(st.lists(st.sampled_from(others), unique=True, max_size=3))
    return Parts(axis, unused, draw(st.integers(0, 30)), draw(st.integers(0, 10)))


@given(valid_parts())
def test_what_is_drawn_as_valid_is_valid(parts):
    assert validity.problems(parts) == []


@given(valid_parts(), needs, offers)
def test_with_any_valid_edition_a_fact_made_unknown_never_raises_the_score(parts, need, offer):
    edition = validity.weights("any", parts)
    before = score(need, offer, edition)
    assert 0 <= before.fit <= 100
    assert before.denominator >= parts.axis["evidence"] > 0
    for other in with_one_fact_unknown(offer):
        after = score(need, other, edition)
        assert after.fit <= before.fit + BITS
        assert after.denominator == before.denominator
        if exclusion(need, offer) and exclusion(need, other) is None:
            assert after.part("price").value == 0


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (FIRST, []),
        (weighing(price=11), [("axis", "weights_total")]),
        (weighing(price=-1, capability=33), [("axis/price", "range")]),
        (weighing(price=101), [("axis/price", "range")]),
        (weighing(evidence=0, price=22), [("axis/evidence", "axis_always_counted")]),
        (replace(FIRST, not_in_use=["evidence", *FIRST.not_in_use]), [("not_in_use", "axis_always_counted")]),
        (replace(FIRST, not_in_use=["supply_chain", "capacity"]), []),
        (replace(FIRST, not_in_use=["taste", *FIRST.not_in_use]), [("not_in_use", "unknown_code")]),
        (replace(FIRST, text_weight=31), [("text_weight", "range")]),
        (replace(FIRST, policy_term=-1), [("policy_term", "range")]),
        (weighing(taste=0), [("axis/taste", "unknown_field")]),
        (
            replace(FIRST, axis={a: w for a, w in FIRST.axis.items() if a != "price"}),
            [("axis/price", "required")],
        ),
    ],
)
def test_problems_stand_at_their_fields(parts, found):
    assert pointers(parts) == found


@pytest.mark.parametrize(
    ("versions", "name"), [(["2026-1"], "2026-2"), (["2025-9"], "2026-1"), (["2026-9", "2026-10"], "2026-11")]
)
def test_the_next_name(versions, name):
    assert validity.following(versions, 2026) == name


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-0", "2026-02", "2026-100", "1999-1", "２０２６-1", "2026-1 "]
)
def test_what_is_no_name(name):
    assert validity.version_problem(name, []).code == "edition_version"


def published(session, version, from_on, parts=FIRST, today=TODAY):
    row = editions.draft(session, today, NOW)
    session.flush()
    editions.change(session, row, parts, NOW)
    editions.publish(
        session, row, version=version, reason="이유", from_on=from_on, revision=2, today=today, now=NOW
    )
    session.flush()
    return row


def test_the_newest_edition_that_has_begun_holds(session):
    assert editions.in_force(session, TODAY) is BUILT_IN
    published(session, "2026-2", TODAY, weighing(price=12, capability=20))
    published(session, "2026-3", TODAY + timedelta(days=10))
    versions = [editions.in_force(session, TODAY + timedelta(days=n)).version for n in (-1, 0, 9, 10, 99)]
    assert versions == ["2026-1", "2026-2", "2026-2", "2026-3", "2026-3"]
    assert editions.by_version(session, "2026-2").axis["price"] == 12
    assert editions.by_version(session, "2026-1") is BUILT_IN
    with pytest.raises(NotFound):
        editions.by_version(session, "2026-9")


def test_an_edition_cannot_begin_before_one_that_is_published(session):
    published(session, "2026-2", TODAY + timedelta(days=10))
    row = editions.draft(session, TODAY, NOW)
    session.flush()
    with pytest.raises(Invalid, match="from_on: edition_day"):
        editions.publish(
            session, row, version="2026-3", reason="이유", from_on=TODAY, revision=1, today=TODAY, now=NOW
        )
    assert (row.state, row.version) == ("draft", None)


def test_lists_keep_their_edition_and_are_recomputed_by_it(session, market):
    """The kept facts and the release that was ranked give the kept fit, whatever holds today."""
    market.publish("하나")
    demand = market.demand()
    old = market.match(demand)
    published(session, "2026-2", TODAY, weighing(evidence=30, capability=4))
    new = market.match(demand)
    assert (old.weights, new.weights) == ("2026-1", "2026-2")
    assert old.matches[0].fit != pytest.approx(new.matches[0].fit)
    content = session.scalars(select(Release.content)).one()
    for kept in (old, new):
        (match,) = kept.matches
        offer = facts.offer_from_content(content, listing=match.listing, certificate_valid=True)
        edition = editions.by_version(session, kept.weights)
        assert score(keeping.need_of_list(kept.need), offer, edition).fit == pytest.approx(
            match.fit, abs=1e-9
        )


def test_a_kept_need_reads_back_as_it_was(session, market):
    market.publish()
    demand = market.demand()
    found = market.match(demand)
    assert keeping.need_of_list(found.need) == matchmaking.need_of(session, demand, TODAY)


def test_a_preview_says_who_rises_and_who_falls(session, market):
    proven = market.publish("근거", plans=[factories.plan(quality=3, price=45_000_000)])
    claim = factories.evidence_fields(kind="claim")
    cheap = market.publish(
        "값쌈",
        plans=[factories.plan(quality=5, price=20_000_000, basis="claimed")],
        records=[claim],
    )
    market.match(market.demand())
    engine = market.follower.fresh(session)
    new = validity.weights("", weighing(evidence=40, price=0, capability=4))
    (effect,) = preview.effects(session, engine, BUILT_IN, new, TODAY)
    places = {place.listing: (place.before, place.after, place.rises, place.falls) for place in effect.places}
    assert places == {
        proven.public_id: (2, 1, True, False),
        cheap.public_id: (1, 2, False, True),
    }
    assert (effect.moved, effect.first_changes) == (2, True)
    assert (effect.industry, effect.level) == ({"revision": "11", "code": "303"}, 2)
    (same,) = preview.effects(session, engine, BUILT_IN, BUILT_IN, TODAY)
    assert (same.moved, same.first_changes) == (0, False)


def test_a_preview_takes_the_ten_newest_open_demands_with_a_list(session, market):
    market.publish()
    site = factories.site(session, market.maker)
    for number in range(12):
        market.match(market.demand(site, title=f"수요 {number}"))
    market.demand(site, title="목록 없음")
    assert len(preview.effects(session, market.follower.fresh(session), BUILT_IN, BUILT_IN, TODAY)) == 10


@pytest.fixture
def two(app):
    """Two sessions on the database."""
    with app.extensions["database"].session() as one, app.extensions["database"].session() as other:
        yield one, other


def publish(session, row, version):
    editions.publish(
        session, row, version=version, reason="이유", from_on=TODAY, revision=1, today=TODAY, now=NOW
    )
    session.commit()


def test_who_publishes_second_finds_it_published(two):
    one, other = two
    draft = editions.draft(one, TODAY, NOW)
    one.commit()
    stale = other.get(WeightsEdition, draft.id)
    other.commit()  # what it has read stays in its memory
    publish(one, draft, "2026-2")
    with pytest.raises(Conflict, match=r"edition\.published"):
        publish(other, stale, "2026-3")
    other.rollback()
    assert other.scalars(select(WeightsEdition.version)).all() == ["2026-2"]


def test_two_drafts_cannot_take_one_name(two):
    one, other = two
    drafts = [editions.draft(one, TODAY, NOW) for _ in range(2)]
    one.commit()
    stale = other.get(WeightsEdition, drafts[1].id)
    other.commit()
    publish(one, drafts[0], "2026-2")
    with pytest.raises(Invalid, match="version: repeated"):
        publish(other, stale, "2026-2")
    other.rollback()
    states = other.execute(select(WeightsEdition.version, WeightsEdition.state).order_by(WeightsEdition.id))
    assert [tuple(row) for row in states] == [("2026-2", "published"), (None, "draft")]


def test_who_saves_what_was_thrown_away_is_told(two):
    one, other = two
    draft = editions.draft(one, TODAY, NOW)
    one.commit()
    stale = other.get(WeightsEdition, draft.id)
    other.commit()
    editions.discard(one, draft)
    one.commit()
    with pytest.raises(NotFound):
        editions.change(other, stale, FIRST, NOW)
