"""docs/fit-score.md is true: every table and the worked example are read from the page and recomputed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from catalog.subsidy import Funder, net
from matching.judged import measure
from matching.scoring import axes
from matching.scoring.facts import EvidenceFact, Need, Partner, PlanFact, Requirement, offer_from_content
from matching.scoring.score import EXCLUSION_CODES, exclusion, score
from matching.scoring.weights import AXES, BUILT_IN, HEADINGS
from tests.matching.scoring.cases import NEED, OFFER

PAGE = (Path(__file__).parents[3] / "docs" / "fit-score.md").read_text(encoding="utf-8")
WEIGHTS = BUILT_IN


def table(name):
    """The rows of a table of the page, as dictionaries; "–" is None."""
    section = re.split(r"\n#{3,4} Table: ", PAGE)
    body = next(part for part in section if part.startswith(f"{name}\n"))
    lines = re.search(r"(?:^\|.*\n)+", body, re.MULTILINE).group().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head, _, *rows = cells
    assert rows, name
    return [{key: None if cell == "–" else cell for key, cell in zip(head, row, strict=True)} for row in rows]


def number(cell):
    return None if cell is None else int(cell)


def key(cell):
    revision, code = cell.split(":")
    return revision, code


def check_value(cell, value):
    """`value` is what the page says to the digits it prints; halves go either way in floating point."""
    assert value == pytest.approx(float(cell), abs=0.5001 * 10 ** -len(cell.partition(".")[2]))


def example():
    facts = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL).group(1))
    stated = facts["need"]
    need = Need(
        **{
            **stated,
            "requirements": tuple(Requirement(**row) for row in stated["requirements"]),
            "industry": tuple(stated["industry"]),
            "connections": tuple(frozenset(system) for system in stated["connections"]),
            "partners": tuple(_partner(row) for row in stated["partners"]),
        }
    )
    return need, offer_from_content(
        facts["listing"], listing="example", certificate_valid=True, **facts["vendor"]
    )


def _partner(row):
    systems = tuple(frozenset(system) for system in row["systems"])
    return Partner(row["direction"], row["basis"], frozenset(row["listings"]), systems, tuple(row["kinds"]))


def test_weights():
    heading = {axis: each.id for each in HEADINGS for axis in each.axes}
    expected = [(axis, WEIGHTS.axis[axis], axis not in WEIGHTS.not_in_use, heading[axis]) for axis in AXES]
    rows = table("weights")
    assert [(r["axis"], int(r["weight"]), r["in use"] == "yes", r["heading"]) for r in rows] == expected
    assert f"## Weights, version {WEIGHTS.version}" in PAGE
    assert f"highest denominator is {sum(WEIGHTS.counted(axis) for axis in AXES)}" in PAGE


def test_exclusions():
    assert [row["code"] for row in table("exclusions")] == list(EXCLUSION_CODES)


def test_quality():
    for row in table("quality"):
        need = replace(NEED, requirements=(Requirement("mes", False, int(row["m"])),))
        plan = PlanFact("p", "p", None, {"mes": int(row["q"])})
        check_value(row["value"], axes.capability(need, OFFER, plan).value)


def test_maturity():
    for row in table("maturity"):
        need = replace(NEED, level=int(row["L"]), target_level=number(row["T"]))
        check_value(
            row["value"],
            axes.maturity(need, replace(OFFER, level_from=int(row["from"]), level_to=int(row["to"]))).value,
        )


def test_industry():
    for row in table("industry"):
        site, claimed = key(row["site"]), key(row["claimed"])
        assert axes.relation(site, claimed) == row["relation"]
        check_value(
            row["value"],
            axes.industry(replace(NEED, industry=site), replace(OFFER, industries=(claimed,))).value,
        )


def test_strength():
    rows = {
        row["kind"]: (float(row["one record"]), float(row["together at most"])) for row in table("strength")
    }
    assert rows == {kind: (axes.STRENGTH[kind], axes.STRENGTH_CAP[kind]) for kind in axes.STRENGTH}
    assert f"× {axes.OTHER_DIVISION} when it was not measured" in PAGE


def test_evidence():
    for row in table("evidence"):
        kinds = [(kind, True) for kind in (row["improved"] or "").split()]
        kinds += [(kind, False) for kind in (row["failed"] or "").split()]
        records = tuple(
            EvidenceFact(kind, NEED.industry, improved, f"site {n}")
            for n, (kind, improved) in enumerate(kinds)
        )
        check_value(row["value"], axes.evidence(NEED, replace(OFFER, evidence=records)).value)


def test_price():
    for row in table("price"):
        plan = PlanFact("p", "p", int(row["P"]), {})
        check_value(row["value"], axes.price(replace(NEED, budget_amount=int(row["B"])), plan).value)


def test_delivery():
    for row in table("delivery"):
        assert row["region"] == "covered"
        need = replace(NEED, weeks_left=number(row["weeks left"]))
        check_value(
            row["value"], axes.region(need, replace(OFFER, install_weeks=number(row["install weeks"]))).value
        )


#: OFFER has the interface rest; what a partner of each kind has.
PARTNERS = {
    "uses": (frozenset({OFFER.listing}), ()),
    "connects": (frozenset(), (frozenset({"rest"}),)),
    "apart": (frozenset(), (frozenset({"edi"}),)),
}


def test_supply_chain():
    for row in table("supply_chain"):
        if row["partners"].startswith("statistics"):
            _, strength, how = row["partners"].replace(",", "").split()
            need = replace(NEED, industry_prior={"30": float(strength)})
            offer = OFFER if how == "measured" else replace(OFFER, evidence=())
        else:
            words = [pair.split() for pair in row["partners"].split(", ")]
            partners = tuple(Partner("supplier", basis, *PARTNERS[kind]) for basis, kind in words)
            need, offer = replace(NEED, partners=partners), OFFER
        check_value(row["value"], axes.supply_chain(need, offer).value)


def test_capacity():
    for row in table("capacity"):
        need = replace(NEED, weeks_left=number(row["weeks left"]))
        offer = replace(
            OFFER,
            install_weeks=number(row["install weeks"]),
            capacity_per_quarter=number(row["projects a quarter"]),
        )
        check_value(row["value"], axes.capacity(need, offer).value)


def _funders(row):
    for payer, column in (("national", "state"), ("local", "province")):
        if row[column]:
            rate, *cap = re.findall(r"\d+", row[column])
            yield Funder(payer, column, int(rate) * 100, int(cap[0]) if cap else None)


def test_money():
    for row in table("money"):
        found = net(int(row["list price"]), tuple(_funders(row)))
        shown = [int(row[name]) for name in ("national", "local", "own", "VAT")]
        assert shown == [found.national_amount, found.local_amount, found.own_amount, found.vat_amount]


def test_what_the_judgements_say():
    verdict = measure.judge(WEIGHTS)
    counts = f"{verdict.judgements} judgements"
    assert counts in PAGE
    assert f"in {verdict.demands} demands, {verdict.held_out} of them held out" in PAGE
    orders = (verdict.fit, verdict.portal, verdict.fit_shown, verdict.portal_shown)
    for row, means in zip(table("judged"), orders, strict=True):
        check_means(row, means)
    without = {row["axis"]: row for row in table("without")}
    assert list(without) == list(AXES)
    for axis, means in verdict.without.items():
        check_means(without[axis], means)
    one, other = re.search(r"\(([\d.]+) against ([\d.]+) held out\)", PAGE).groups()
    check_value(one, verdict.fit_shown.held_out)
    check_value(other, verdict.portal.held_out)


def check_means(row, means):
    for column, value in (("train", means.train), ("held out", means.held_out), ("all", means.every)):
        check_value(row[column], value)


def test_example():
    need, offer = example()
    result = score(need, offer, WEIGHTS)
    *rows, total = table("example")
    for row, part in zip(rows, result.parts, strict=True):
        assert (row["axis"], row["state"], int(row["weight"])) == (part.axis, part.state, part.weight)
        assert int(row["shown"]) == part.shown_points
        check_value(row["value"], part.value)
        check_value(row["weight × value"], part.weight * part.value)
        check_value(row["points"], part.points)
    assert (int(total["weight"]), int(total["shown"])) == (result.denominator, result.shown_fit)
    check_value(total["points"], result.fit)
    check_value(total["weight × value"], sum(part.weight * part.value for part in result.parts))
    assert (result.plan, exclusion(need, offer)) == ("plus", None)


def test_example_of_the_plan_not_considered():
    need, offer = example()
    basic = score(need, replace(offer, plans=offer.plans[:1]), WEIGHTS)
    points = [
        22 * each.part("capability").value + 10 * each.part("price").value
        for each in (basic, score(need, offer, WEIGHTS))
    ]
    assert [f"{value:.2f}" for value in points] == re.findall(
        r"together\s+(?:22 × [\d.]+ \+ 10 × 1 = )?([\d.]+)\. \*?\*?P", PAGE
    )


def changed(change, need, offer):
    return {
        "nothing": (need, offer),
        "the demand states no budget": (replace(need, budget_amount=None), offer),
        "the listing names no prices": (
            need,
            replace(offer, plans=tuple(replace(plan, first_year_amount=None) for plan in offer.plans)),
        ),
        "the failed record is not published yet": (
            need,
            replace(offer, evidence=tuple(record for record in offer.evidence if record.improved)),
        ),
        "the site stands at level 1": (replace(need, level=1), offer),
        "the budget is 13 million won": (replace(need, budget_amount=13_000_000), offer),
        "no trade partner is known": (replace(need, partners=()), offer),
        "the deadline is 12 weeks later": (replace(need, weeks_left=24), offer),
        "a programme pays a half": (
            replace(need, programme="p", funders=(Funder("national", "p", 5000, None),)),
            offer,
        ),
    }[change]


def test_variations():
    for row in table("variations"):
        need, offer = changed(row["change"], *example())
        result = score(need, offer, WEIGHTS)
        check_value(row["fit"], result.fit)
        found = exclusion(need, offer)
        assert (int(row["shown"]), int(row["denominator"])) == (result.shown_fit, result.denominator)
        assert row["excluded"] == (found.code if found else None)


def test_the_order_value_of_the_example():
    need, offer = example()
    fit, text, order = re.search(r"order value is ([\d.]+) \+ 0 \+ 15 × ([\d.]+) = ([\d.]+)\.", PAGE).groups()
    result = score(need, offer, WEIGHTS, text=float(text))
    check_value(fit, result.fit)
    check_value(order, result.order_value)
