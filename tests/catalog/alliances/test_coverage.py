"""The matrix of what members cover: counts, the strongest basis, gaps."""

import pytest

from catalog import taxonomy
from catalog.alliances import coverage, shelf
from catalog.alliances.coverage import Offered
from catalog.files.folder import FolderStore
from tests import alliances, factories
from tests.alliances import TODAY

STEPS = ((1, 2), (2, 3))


def offered(*capabilities, vendor="v1", level=(1, 3), basis="field_proven", scope=None):
    quality = [{"capability": code, "quality": 4, "basis": basis} for code in capabilities]
    content = {
        "capabilities": list(capabilities),
        "level": {"from": level[0], "to": level[1]},
        "plans": [{"quality": quality}],
    }
    given = {"capabilities": list(capabilities), "field_sites": 2, "test_reports": 1} | (scope or {})
    return Offered(vendor, f"{vendor}-{capabilities}", content, given)


def cell(found, capability, step):
    (row,) = [one for one in found.rows if one.capability == capability]
    return row.cells[found.steps.index(step)]


def test_steps_go_one_level_up_each():
    assert coverage.steps(1, 2) == STEPS
    assert coverage.steps(3, 4) == ((3, 4), (4, 5))


def test_a_capability_is_needed_where_it_can_be_entered_and_leads_further():
    found = coverage.coverage([], STEPS)
    needed = {code: [cell(found, code, step).needed for step in STEPS] for code in ("erp", "mes", "scm")}
    assert needed == {"erp": [True, False], "mes": [True, True], "scm": [False, True]}
    levels = {code: taxonomy.capability(code) for code in needed}
    assert {code: (one.entry_level, one.lifts_to_level) for code, one in levels.items()} == {
        "erp": (1, 2),
        "mes": (1, 3),
        "scm": (2, 3),
    }


def test_what_nobody_needs_in_the_range_has_no_row():
    codes = {row.capability for row in coverage.coverage([offered("digital_twin", level=(1, 5))], STEPS).rows}
    assert {"digital_twin", "consulting"} & codes == set()
    assert {row.capability for row in coverage.coverage([], ((4, 5),)).rows} == {"digital_twin", "cps"}


def test_a_cell_counts_listings_and_names_the_strongest_basis():
    found = coverage.coverage(
        [
            offered("mes", basis="claimed", scope={"capabilities": []}),
            offered("mes", vendor="v2", basis="document"),
            offered("mes", vendor="v2", level=(2, 3)),
        ],
        STEPS,
    )
    first, second = (cell(found, "mes", step) for step in STEPS)
    assert (first.count, first.basis, first.vendors) == (2, "test_report", {"v1", "v2"})
    assert (second.count, second.basis) == (3, "field")


@pytest.mark.parametrize(
    ("level", "covers"),
    [((1, 3), (True, True)), ((1, 2), (True, False)), ((2, 3), (False, True)), ((2, 2), (False, False))],
)
def test_a_listing_covers_a_step_if_it_begins_before_and_ends_after_it(level, covers):
    found = coverage.coverage([offered("mes", level=level)], STEPS)
    assert tuple(bool(cell(found, "mes", step).count) for step in STEPS) == covers


def test_a_listing_without_levels_covers_nothing():
    without = offered("mes")
    without.content["level"] = None
    assert coverage.coverage([without], STEPS).gaps()["mes"] == STEPS


@pytest.mark.parametrize(
    ("stated", "scope", "basis"),
    [
        ("field_proven", {}, "field"),
        ("field_proven", {"field_sites": 0}, "test_report"),
        ("field_proven", {"field_sites": 0, "test_reports": 0}, "document"),
        ("field_proven", {"capabilities": []}, "claimed"),
        ("document", {}, "test_report"),
        ("document", {"test_reports": 0}, "document"),
        ("claimed", {"capabilities": []}, "claimed"),
    ],
)
def test_nothing_is_field_proven_beyond_the_certificates_scope(stated, scope, basis):
    one = offered("mes", basis=stated, scope=scope)
    assert coverage.basis(one.content, one.scope, "mes") == basis


def test_gaps_name_the_steps_at_which_something_is_missing():
    found = coverage.coverage([offered("mes", level=(1, 2))], STEPS)
    gaps = found.gaps()
    assert (gaps["mes"], gaps["erp"], gaps["scm"]) == (((2, 3),), ((1, 2),), ((2, 3),))
    covered, needed = found.covered((1, 2))
    assert (covered, needed) == (1, 22)
    assert found.covered((2, 3)) == (0, 26)


def test_what_one_member_alone_covers_is_lost_without_it():
    rows = [
        offered("mes", vendor="v1"),
        offered("mes", "qms", vendor="v2"),
        offered("erp", vendor="v2", level=(1, 2)),
    ]
    assert coverage.lost_without(rows, STEPS, "v1") == ()
    assert set(coverage.lost_without(rows, STEPS, "v2")) == {"qms", "erp"}


def test_capabilities_without_a_public_listing_are_told():
    assert coverage.unlisted(["mes", "qms"], [offered("mes"), offered("qms", vendor="v2")], "v1") == ("qms",)


def test_the_shelf_is_what_is_public_and_certified_today(session, vendors, tmp_path):
    validator, store = factories.company(session, "validator"), FolderStore(tmp_path / "files")
    kept = factories.published(session, vendors[0], validator, store)
    factories.published(session, vendors[2], validator, store, title="남의 것")
    factories.draft(session, vendors[0], store, title="초안")
    session.flush()
    keys = [vendor.id for vendor in vendors[:2]]
    (row,) = shelf.of_vendors(session, keys, TODAY)
    assert (row.vendor, row.listing) == (vendors[0].public_id, kept.public_id)
    assert coverage.basis(row.content, row.scope, "ai_vision") == "field"
    last = kept_until = factories.date(2027, 11, 20)
    assert [len(shelf.of_vendors(session, keys, day)) for day in (last, kept_until.replace(day=21))] == [1, 0]
    assert shelf.of_vendors(session, [], TODAY) == []


def test_the_matrix_of_an_alliance_costs_one_statement(session, vendors, tmp_path):
    validator, store = factories.company(session, "validator"), FolderStore(tmp_path / "files")
    for vendor in vendors:
        factories.published(session, vendor, validator, store, title=f"{vendor.name}의 것")
    alliance = alliances.active(session, *vendors)
    rows = shelf.of_vendors(session, [one.organization_id for one in alliance.members], TODAY)
    content = alliance.charter.content
    found = coverage.coverage(rows, coverage.steps(content["level_from"], content["level_to"]))
    assert cell(found, "ai_vision", (2, 3)).count == 3
    assert cell(found, "ai_vision", (1, 2)).needed is False


def test_divisions_are_named_with_the_year_of_their_body():
    codes = [one.code for one in taxonomy.divisions()]
    assert len(codes) == len(set(codes)) == 21
    assert [code.split(":")[0] for code in codes] == ["2025"] * 10 + ["2024"] * 11
    one = taxonomy.division("2025:ai_factory")
    assert one.name("ko") == "AI 팩토리 · M.AX 얼라이언스 (제조 AX 얼라이언스)"
    assert one.name("en") == "AI Factory · M.AX (Manufacturing AX) Alliance"
    assert (taxonomy.division("2025:ai_factory").complete, taxonomy.division("2024:steel").complete) == (
        True,
        False,
    )
    assert taxonomy.division("ai_factory") is None
