"""What is kept of packages and what a page shows of them: nothing that the independent checker does not accept. Pure.

Of thousands of offers those in a package are kept; the checker needs no others. A demand that the alliance is not shown
any more is counted and not named.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog.canonical import fingerprint
from matching.composing import results
from matching.composing.segments import SegmentQuestion
from matching.packages import reading
from matching.packages.answers import Answer, Member
from matching.packages.checker import check
from matching.packages.instance import Segment, SegmentDemand


@dataclass(frozen=True, slots=True)
class PackageShown:
    """A package.

    Attributes:
        place: in the answer, from 0.
        hub: the interface that joins its members; None for one member.
        vendors: how many.
        served: (demand, what it would pay in whole won), of those that are still shown.
        served_total: all of them.
    """

    place: int
    hub: str | None
    members: tuple[Member, ...]
    vendors: int
    served: tuple[tuple[str, int], ...]
    served_total: int


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """An answer as a page shows it.

    Attributes:
        is_sound: whether the checker accepts it; if not it is a defect, and nothing of it is shown.
        left_out: (demand, code) of those that are still shown.
        asked: how many demands were looked at; served: how many of them a package serves.
        gone: how many of them are not shown any more.
        offers: by listing its title, vendor and plans as they were; prices: by (listing, plan).
        segment: what was asked, with the offers that are in a package.
    """

    status: str
    is_sound: bool
    packages: tuple[PackageShown, ...]
    left_out: tuple[tuple[str, str], ...]
    asked: int
    served: int
    gone: int
    offers: Mapping[str, Mapping[str, Any]]
    prices: Mapping[tuple[str, str], int]
    said: Mapping[str, Any]
    segment: Segment

    def package(self, place: int) -> PackageShown | None:
        """Return a package by its place; None if there is none."""
        return next((one for one in self.packages if one.place == place), None)

    def demands(self, package: PackageShown) -> tuple[SegmentDemand, ...]:
        """Return the demands that a package serves, of those that are still shown, as they were asked about."""
        named = {name for name, _amount in package.served}
        return tuple(one for one in self.segment.demands if one.id in named)

    def is_member(self, listing: str) -> bool:
        """Whether the listing's vendor belonged to the alliance then."""
        return self.offers[listing]["vendor"] in self.said["members"]


def digest(segment: Segment) -> str:
    """SHA-256 (hex) of a segment."""
    return fingerprint(reading.to_json(segment))


def kept(question: SegmentQuestion, answer: Answer) -> dict[str, Any]:
    """Return as JSON what is kept of an answer."""
    used = {member.offer for package in answer.packages for member in package.members}
    segment = question.segment
    only = replace(
        segment,
        offers=tuple(one for one in segment.offers if one.id in used),
        conflicts=tuple(pair for pair in segment.conflicts if used.issuperset(pair)),
        industries={name: made for name, made in segment.industries.items() if name in used},
    )
    return {
        "answer": answer.to_json(),
        "segment": reading.to_json(only),
        "count": question.count,
        "offers": {name: results.offer_facts(question.documents[name]) for name in sorted(used)},
        "said": dict(question.said),
    }


def named(result: Mapping[str, Any]) -> frozenset[str]:
    """Return the demands that stand in what `kept` wrote."""
    return frozenset([*(one["id"] for one in result["segment"]["demands"]), *result["said"]["unasked"]])


def shown(result: Mapping[str, Any], visible: Collection[str]) -> SegmentShown:
    """Return what a page shows, judged by the checker again.

    Args:
        visible: the demands (public ids) that the alliance is shown now.
    """
    segment, answer = reading.read(result["segment"]), Answer.from_json(result["answer"])
    is_sound = not check(segment, result["count"], answer)
    unasked = result["said"]["unasked"]
    every = named(result)
    left_out = [*((one.demand, one.code) for one in answer.left_out), *sorted(unasked.items())]
    return SegmentShown(
        status=answer.status,
        is_sound=is_sound,
        packages=_packages(answer, segment, visible) if is_sound else (),
        left_out=tuple(one for one in left_out if one[0] in visible) if is_sound else (),
        asked=len(every),
        served=len(answer.served),
        gone=len(every - {*visible}),
        offers=result["offers"],
        prices={(one.id, plan.id): plan.price_amount for one in segment.offers for plan in one.plans},
        said=result["said"],
        segment=segment,
    )


def _packages(answer: Answer, segment: Segment, visible: Collection[str]) -> tuple[PackageShown, ...]:
    vendors = {one.id: one.vendor for one in segment.offers}
    found = []
    for place, package in enumerate(answer.packages):
        served = [one for one in answer.served if one.package == place]
        found.append(
            PackageShown(
                place=place,
                hub=package.hub,
                members=package.members,
                vendors=len({vendors[member.offer] for member in package.members}),
                served=tuple((one.demand, one.own_amount) for one in served if one.demand in visible),
                served_total=len(served),
            )
        )
    return tuple(found)
