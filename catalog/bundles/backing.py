"""What the parts of a bundle bear out: the records that stand behind each capability that it must bring. Pure.

A bundle has no evidence of its own, and is believed as far as its parts are. Of a part count the records of its present
release, up to the basis on which it brings what it answers for: where a vendor only says that it can do something, the
plants in which its product does something else prove nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from catalog.bundles import proof
from catalog.bundles.form import Form, Item
from catalog.bundles.proof import Cited
from catalog.content import Backing, Records

#: Content of a part's present release, and its certificate's scope.
Released = tuple[Mapping[str, Any], Mapping[str, Any]]

_FIELDS: Final = ("kind", "direction", "baseline", "after", "site")
#: Kinds of records that stand behind each basis; of what is unproven nothing but the vendor's word.
_BEHIND: Final[Mapping[str, frozenset[str]]] = {
    proof.FIELD_PROVEN: frozenset({"field", "test_report", "claim"}),
    proof.DOCUMENT: frozenset({"test_report", "claim"}),
    proof.CLAIMED: frozenset({"claim"}),
    proof.UNPROVEN: frozenset({"claim"}),
}


def backing(form: Form, released: Mapping[str, Released]) -> Backing:
    """Return what stands behind each capability that a version must bring; of one without any must behind all.

    Args:
        released: by listing; a part that is not public any more bears out nothing.
    """
    answering = {capability: item for item in form.items for capability in item.covers}
    asked = sorted(wanted.capability for wanted in form.wanted if wanted.must) or sorted(answering)
    return tuple(
        _records(capability, answering[capability], released)
        for capability in asked
        if capability in answering
    )


def _records(capability: str, item: Item, released: Mapping[str, Released]) -> Records:
    if item.listing not in released:
        return ()
    content, scope = released[item.listing]
    claimed = next(
        (
            each["basis"]
            for plan in content["plans"]
            if plan["id"] == item.plan
            for each in plan["quality"]
            if each["capability"] == capability and each["quality"]
        ),
        proof.CLAIMED,
    )
    cited = Cited(capabilities=frozenset(scope["capabilities"]), field_sites=scope["field_sites"])
    basis, _ = proof.borne_out(capability, claimed, cited)
    return tuple(
        {name: record[name] for name in _FIELDS}
        for record in content["evidence"]
        if record["kind"] in _BEHIND[basis]
    )
