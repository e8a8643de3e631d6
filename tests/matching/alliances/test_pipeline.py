"""The shared pipeline: how far each demand has come, who takes care of it, and nothing that is another member's."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from catalog.alliances import membership
from catalog.errors import Conflict, Invalid
from matching import demands, leads, pipeline
from matching.models import Lead
from tests import factories
from tests.alliances import NOW, TODAY, member_of


@pytest.fixture
def shown(session, demand, alliance):
    """The demand, in the pipeline."""
    demands.widen(session, demand, "alliance", [], NOW, alliance=alliance)
    session.flush()
    return demand


def lead(session, demand, vendor, state="offered", **said):
    row = Lead(
        demand=demand, organization=vendor, standings=[{"listing": "x", "fit": 88.0}], weights="2026-1", revision=0,
        state=state, offered_at=NOW, **said,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def entries(session, alliance, reader):
    return pipeline.entries(session, alliance, reader, TODAY + timedelta(days=3))


def test_a_demand_is_new_until_a_member_answers(session, vendors, alliance, shown):
    (entry,) = entries(session, alliance, vendors[0])
    assert (entry.lead.demand, entry.stage, entry.members, entry.own, entry.days) == (
        shown,
        "new",
        (),
        None,
        3,
    )
    row = lead(session, shown, vendors[0])
    (entry,) = entries(session, alliance, vendors[0])
    assert (entry.stage, entry.own) == ("new", row)
    assert not entry.view.named


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        ([], "new"),
        (["offered", "declined"], "new"),
        (["offered", "accepted"], "asked"),
        (["accepted", "contact"], "met"),
        (["declined", "withdrawn"], "over"),
        (["refused"], "over"),
    ],
)
def test_the_furthest_member_counts(states, stage):
    assert pipeline.stage_of(states) == stage


def test_of_another_member_only_the_stage_is_told(session, vendors, alliance, shown):
    told = {"message": "비밀 제안", "vendor_contact": "055-1", "answered_by": "박서린"}
    lead(session, shown, vendors[1], "accepted", **told)
    (entry,) = entries(session, alliance, vendors[0])
    assert [(one.name, stage) for one, stage in entry.members] == [("코어", "asked")]
    assert (entry.own, entry.stage) == (None, "asked")
    shown_of_it = repr((entry.members, entry.view))
    assert not [word for word in told.values() if word in shown_of_it]
    # the fit; ids hold any two digits
    assert not re.search(r"\b88\b", shown_of_it)


def test_a_decline_is_not_told_from_a_refusal(session, vendors, alliance, shown):
    lead(session, shown, vendors[0], "declined", decline_code="budget", answered_at=NOW)
    lead(session, shown, vendors[1], "refused")
    (entry,) = entries(session, alliance, vendors[0])
    assert [stage for _one, stage in entry.members] == ["over", "over"]


def test_the_name_shows_to_the_member_whose_contact_was_accepted_alone(session, vendors, alliance, shown):
    lead(session, shown, vendors[1], "contact", buyer_contact="055-2")
    (mine,) = entries(session, alliance, vendors[1])
    (theirs,) = entries(session, alliance, vendors[0])
    assert (mine.view.organization, theirs.view.organization) == ("해울정밀공업", None)
    assert mine.stage == theirs.stage == "met"


def test_leads_of_vendors_outside_are_nobodys_business(session, vendors, alliance, shown):
    demands.widen(session, shown, "board", [], NOW)
    lead(session, shown, vendors[2], "contact")
    (entry,) = entries(session, alliance, vendors[0])
    assert (entry.stage, entry.members) == ("new", ())


def test_what_was_taken_back_or_closed_is_gone(session, vendors, alliance, demand, shown):
    demands.narrow(session, shown, "private")
    assert entries(session, alliance, vendors[0]) == []


def test_a_member_takes_care_of_it(session, vendors, alliance, shown):
    line = shown.alliance_lead
    pipeline.assign(session, line, vendors[1], TODAY)
    assert line.owner == vendors[1]
    with pytest.raises(Invalid) as refused:
        pipeline.assign(session, line, vendors[2], TODAY)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("owner_id", "not_a_member")]
    assert line.owner == vendors[1]
    pipeline.assign(session, line, None, TODAY)
    assert line.owner is None


def test_nobody_takes_care_of_what_is_shown_no_more(session, vendors, alliance, shown):
    line = shown.alliance_lead
    demands.close(session, shown, "bought")
    with pytest.raises(Conflict, match=r"lead\.gone"):
        pipeline.assign(session, line, vendors[1], TODAY)


def test_stages_are_counted_and_what_nobody_answers_is_late(session, vendors, alliance, shown):
    found = entries(session, alliance, vendors[0])
    assert pipeline.counts(found) == {"new": 1, "asked": 0, "met": 0, "over": 0}
    assert [pipeline.late(found[0], 48, NOW + timedelta(hours=h)) for h in (48, 49)] == [False, True]
    lead(session, shown, vendors[0], "accepted")
    assert not pipeline.late(entries(session, alliance, vendors[0])[0], 48, NOW + timedelta(days=9))


def test_a_member_that_left_answers_no_more_for_the_alliance(session, vendors, alliance, shown):
    row = lead(session, shown, vendors[1])
    member = member_of(alliance, vendors[1])
    membership.leave(session, member, TODAY)
    member.last_day = factories.date(2026, 1, 1)
    session.flush()
    with pytest.raises(Conflict, match=r"lead\.gone"):
        leads.decline(session, row, code="budget", text="", by="코어", now=NOW)
    assert row.state == "offered"


def test_the_pipeline_costs_the_same_however_many_demands(session, vendors, alliance, demand, shown):
    sent = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *call: sent.append(call[2]))

    def cost():
        session.expire_all()
        sent.clear()
        entries(session, alliance, vendors[0])
        return len(sent)

    lead(session, shown, vendors[1])
    before = cost()
    for n in range(3):
        maker = factories.company(session, "manufacturer")
        more = factories.demand(session, factories.site(session, maker), title=f"더 {n}")
        demands.widen(session, more, "alliance", [], NOW, alliance=alliance)
        lead(session, more, vendors[1])
    session.flush()
    assert len(entries(session, alliance, vendors[0])) == 4
    assert cost() == before


def stages(session, alliance, reader):
    """What the morning page counts; the pipeline counts the same."""
    found = pipeline.counts(pipeline.lines(session, [alliance], reader.id, TODAY))
    assert found == pipeline.counts(pipeline.entries(session, alliance, reader, TODAY))
    return found


def test_the_counts_of_the_morning_page_are_those_of_the_pipeline(session, vendors, alliance, shown):
    later = [factories.demand(session, shown.site, title=f"수요 {number}") for number in range(3)]
    for row in later:
        demands.widen(session, row, "alliance", [], NOW, alliance=alliance)
    session.flush()
    lead(session, shown, vendors[0], "refused")
    lead(session, shown, vendors[1], "accepted")
    lead(session, later[0], vendors[1], "contact", buyer_contact="055-2")
    lead(session, later[1], vendors[1], "withdrawn")
    lead(session, later[2], vendors[2], "contact", buyer_contact="055-3")  # no member
    assert stages(session, alliance, vendors[0]) == {"new": 1, "asked": 1, "met": 1, "over": 1}
    demands.close(session, later[0], "not_now", "")
    session.flush()
    assert stages(session, alliance, vendors[0]) == {"new": 1, "asked": 1, "met": 0, "over": 1}


def test_an_alliance_without_demands_has_no_lines(session, vendors, alliance):
    assert stages(session, alliance, vendors[0]) == dict.fromkeys(pipeline.STAGES, 0)
    assert pipeline.lines(session, [], vendors[0].id, TODAY) == []


def test_no_more_demands_are_counted_than_the_pipeline_shows(session, vendors, alliance, demand, monkeypatch):
    monkeypatch.setattr(pipeline, "MOST", 2)
    for number in range(3):
        row = factories.demand(session, demand.site, title=f"수요 {number}")
        demands.widen(session, row, "alliance", [], NOW + timedelta(hours=number), alliance=alliance)
        session.flush()
        lead(session, row, vendors[0], "withdrawn" if number == 0 else "accepted")
    assert stages(session, alliance, vendors[0]) == {"new": 0, "asked": 2, "met": 0, "over": 0}
