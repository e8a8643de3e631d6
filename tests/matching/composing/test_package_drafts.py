"""What a package promises as a bundle: to each of its demands what it did for that one alone."""

from datetime import timedelta

from catalog.bundles.facts import Facts, PartFacts
from catalog.bundles.form import Wanted
from matching.composer.instance import Requirement
from matching.composing.drafts import of_package
from matching.packages.answers import Member
from matching.packages.instance import SegmentDemand
from tests.factories import TODAY

MEMBERS = (Member("o1", "p1", ("mes",)), Member("o2", "p1", ("erp", "wms")))


def facts(**entry_levels):
    """Parts of which only the level is asked from which they are for."""
    return Facts(
        TODAY,
        {
            listing: PartFacts(
                title=listing,
                vendor="v",
                is_bundle=False,
                release=1,
                release_hash="0" * 64,
                certificate_until=TODAY + timedelta(365),
                level_from=level,
                level_to=5,
                interfaces=frozenset({"rest"}),
                plans={},
                is_member=True,
            )
            for listing, level in entry_levels.items()
        },
    )


def demand(name, level, *musts):
    """Musts as (capability, least quality, latest stage); it also wishes for a WMS."""
    asked = tuple(Requirement(code, quality, stage) for code, quality, stage in musts)
    return SegmentDemand(name, 1, "", level, None, (*asked, Requirement("wms", 5, 1, must=False)))


def test_the_best_quality_and_the_earliest_time_that_any_needs_count_from_the_lowest_level():
    """At level 2 the ERP is due in that site's first stage, which is the second of a bundle that begins at level 1."""
    served = [demand("d1", 1, ("mes", 2, 3), ("erp", 3, 3)), demand("d2", 2, ("mes", 4, 1), ("erp", 1, 1))]
    made = of_package(MEMBERS, served, [("mes", "erp"), ("erp", "mes"), ("mes", "plm")], facts(o1=1, o2=2))
    assert (made.level, made.target_level) == (1, 4)
    assert [(item.offer, item.stage) for item in made.items] == [("o1", 1), ("o2", 2)]
    assert made.wanted == (
        Wanted("mes", 4, must=True, stage=2),
        Wanted("erp", 3, must=True, stage=2),
        Wanted("wms", 1, must=False, stage=2),  # brought, and nobody's must: no promise of a quality
    )
    assert made.exchanges == (("erp", "mes"), ("mes", "plm"))


def test_a_target_ends_at_the_highest_level():
    made = of_package(MEMBERS[:1], [demand("d1", 5, ("mes", 1, 1))], [], facts(o1=1))
    assert (made.level, made.target_level, made.wanted[0].stage) == (5, 5, 1)
