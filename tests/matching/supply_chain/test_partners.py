"""What links tell the score, and the statistic of industries."""

import csv
import io

import pytest

from matching.scoring.facts import Partner
from matching.supply_chain import flows, links, partners, statistic
from tests import factories
from tests.factories import TODAY
from tests.matching.supply_chain.conftest import said

MES = {"name": "MES", "capability": "mes", "interfaces": ["rest", "opcua"]}


def lines(**special):
    """A whole statistic in which nothing trades but what `special` says: "25_30" → (purchases, sales, lift)."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(flows.COLUMNS)
    for supplier in sorted(flows.SECTORS):
        for buyer in sorted(flows.SECTORS):
            shares = special.get(f"s{supplier}b{buyer}", (0, 0, 0))
            writer.writerow([supplier, f"업종 {supplier}", buyer, f"업종 {buyer}", 100, *shares])
    return target.getvalue().splitlines(keepends=True)


def test_a_partner_counts_with_its_systems_only_if_it_says_so(session, firm, supply):
    anchor, open_, shut = firm("anchor"), firm("open"), firm("shut")
    for owner in (open_, shut):
        factories.site(session, owner, systems=[MES])
    supply(open_, anchor, supplier_shares=True)
    supply(shut, anchor)
    assert partners.of(session, anchor.id) == (
        Partner("supplier", "confirmed", frozenset(), ()),
        Partner("supplier", "confirmed", frozenset(), (frozenset({"rest", "opcua"}),), kinds=("mes",)),
    )
    assert partners.of(session, open_.id) == (Partner("customer", "confirmed", frozenset(), ()),)


def test_what_only_the_others_say_is_no_partner(session, firm):
    anchor, press = firm("anchor"), firm("press")
    links.declare(session, press, said("customer", anchor, share_systems=True), TODAY)
    session.flush()
    factories.site(session, press, systems=[MES])
    assert partners.of(session, anchor.id) == ()
    assert partners.of(session, press.id) == (Partner("customer", "declared", frozenset(), ()),)


def test_an_unconfirmed_company_has_no_partners(session, firm):
    assert partners.of(session, firm("new", confirmed=False).id) == ()


def test_without_the_statistic_there_is_no_prior(session):
    assert partners.prior(session, ("11", "303")) is None
    assert partners.purchases(session, ("11", "303")) is None


def test_the_prior_is_the_stronger_direction_and_leaves_sector_34_out(session):
    special = {
        "s25b30": (0.10, 0.02, 1.5),
        "s30b25": (0.01, 0.20, 2.0),
        "s24b30": (0.10, 0.10, 0.5),
        "s34b30": (0.90, 0.90, 9.0),
        "s13_14b30": (0.50, 0.01, 1.0),
    }
    assert statistic.load(session, flows.parse(lines(**special))) == 23 * 23
    session.flush()
    # 25: sold 0.20 / 0.25 × min(1, 2.0) = 0.8 beats bought 0.10 / 0.25 = 0.4 · 24: 0.4 × 0.5 = 0.2
    assert partners.prior(session, ("11", "303")) == {"13": 1.0, "14": 1.0, "24": 0.2, "25": 0.8}
    assert partners.prior(session, ("11", "340")) == {}
    assert partners.prior(session, None) == {}
    assert partners.prior(session, ("11", "C")) == {}
    bought = partners.purchases(session, ("11", "303"))
    assert [row.supplier for row in bought][:3] == ["13_14", "24", "25"]
    assert "34" not in {row.supplier for row in bought}


def test_loading_again_replaces(session):
    statistic.load(session, flows.parse(lines(s25b30=(0.1, 0.1, 1))))
    session.flush()
    statistic.load(session, flows.parse(lines(s25b30=(0.25, 0.1, 1))))
    session.flush()
    assert partners.prior(session, ("11", "303")) == {"25": 1.0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: [rows[0].replace("lift", "other"), *rows[1:]], "column lift is missing"),
        (lambda rows: rows[:-1], "34 to 34 is missing"),
        (lambda rows: [*rows, rows[-1]], "stands twice"),
        (lambda rows: [*rows[:-1], rows[-1].replace("34,업종 34,100", "99,업종 34,100")], "is no sector"),
        (
            lambda rows: [*rows[:-1], rows[-1].replace("100,0,0,0", "100,many,0,0")],
            "purchase_share is 'many'",
        ),
        (
            lambda rows: [*rows[:-1], rows[-1].replace("100,0,0,0", "100,2,0,0")],
            "expected a figure from -1 to 1",
        ),
    ],
)
def test_a_file_that_is_no_statistic_is_refused_with_its_place(change, words):
    with pytest.raises(flows.FlowFormatError, match=words):
        flows.parse(change(lines()))


def test_the_strength_of_the_worked_example():
    assert flows.strength(0.099027, 1.525) == 0.3961
    assert flows.strength(0.083654, 0.857) == 0.2868
    assert flows.strength(0.4, 1.2) == 1.0
    assert flows.strength(-0.001, 0.5) == 0.0
