"""In the store a bundle claims what all of its parts can keep, and nothing else."""

import pytest

from catalog.bundles import face
from tests.catalog.bundles.forms import form


def content(number, *, industries=("C",), regions=("busan", "ulsan"), weeks=6, **lists):
    """The release of listing `number`, whose plan brings everything at quality 4."""
    every = ("mes", "lot", "plm", "erp", "wms")
    return {
        "industries": [{"revision": "11", "code": code} for code in industries],
        "regions": list(regions),
        "install_weeks": weeks,
        "processes": [],
        "interfaces": [],
        "deployment": [],
        **lists,
        "plans": [
            {"id": "other", "quality": [{"capability": "mes", "quality": 1, "basis": "claimed"}]},
            {
                "id": f"plan-{number}",
                "quality": [{"capability": each, "quality": 4, "basis": "document"} for each in every],
            },
        ],
    }


def releases(**changes):
    return {f"listing-{number}": content(number, **changes.get(f"of_{number}", {})) for number in (1, 2, 3)}


def test_what_stands_in_the_store():
    made = face.fields(
        form(),
        releases(of_1={"interfaces": ["rest"], "deployment": ["cloud"]}, of_3={"interfaces": ["soap"]}),
    )
    assert made["capabilities"] == ["erp", "lot", "mes", "plm"]
    assert (made["title"], made["title_en"]) == ("묶음", "Bundle")
    assert made["level"] == {"scale": "company_level", "from": 1, "to": 3}
    assert (made["interfaces"], made["deployment"]) == (["rest", "soap"], ["cloud"])
    [plan] = made["plans"]
    assert (plan["price_amount"], plan["kind"]) == (100_000_000, "one_off")
    assert [(each["capability"], each["quality"]) for each in plan["quality"]] == [
        ("erp", 4), ("lot", 4), ("mes", 4), ("plm", 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ((("C",), ("C",), ("C",)), ["C"]),
        ((("C",), ("30",), ("C",)), ["30"]),
        ((("30",), ("303", "29"), ("C",)), ["303"]),
        ((("30", "29"), ("303", "29"), ("C", "291")), ["29", "291", "303"]),
        ((("30",), ("29",), ("C",)), []),
    ],
)
def test_it_is_for_industries_for_which_all_parts_are(claims, expected):
    made = releases(**{f"of_{number}": {"industries": codes} for number, codes in enumerate(claims, start=1)})
    assert [each["code"] for each in face.common_industries(list(made.values()))] == expected
    assert [problem.code for problem in face.problems(form(), made)] == (
        [] if expected else ["no_common_industry"]
    )


def test_a_class_of_another_revision_is_another_class():
    one = {"industries": [{"revision": "10", "code": "303"}]}
    other = {"industries": [{"revision": "11", "code": "30"}]}
    assert face.common_industries([one, other]) == []


def test_it_is_sold_where_all_parts_are():
    made = releases(of_2={"regions": ["seoul", "busan"]})
    assert face.fields(form(), made)["regions"] == ["busan"]
    apart = releases(of_2={"regions": ["seoul"]})
    assert [problem.code for problem in face.problems(form(), apart)] == ["no_common_region"]


def test_stages_come_one_after_the_other():
    made = releases(of_1={"weeks": 6}, of_2={"weeks": 10}, of_3={"weeks": 8})
    assert face.install_weeks(form(), made) == 18
    assert face.install_weeks(form(), releases(of_2={"weeks": None})) is None
