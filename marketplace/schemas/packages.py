"""Packages for a segment of demands, in and out."""

from marshmallow import fields

from marketplace.schemas.composing import TITLE_LENGTH, AnyRunOut, BoughtOut
from marketplace.schemas.fields import Choice, Code, Line, Strict, Whole
from matching.composer.instance import MAX_LEVEL, MAX_QUALITY, MIN_LEVEL
from matching.composing import wishes
from matching.composing.segment_wishes import (
    MAX_CAPABILITIES,
    MAX_PACKAGES,
    MAX_VENDORS,
    WHOSE,
    SegmentWishes,
)
from matching.composing.segments import LEVEL_UNKNOWN
from matching.packages.answers import CODES

_USUAL = SegmentWishes()
#: Why a demand is left out.
LEFT_OUT = (*CODES, LEVEL_UNKNOWN)


class PackagesIn(Strict):
    """Which segment of the demands that the alliance is shown, and how many packages of which size."""

    industry = Code(load_default=None, allow_none=True)
    level = Whole(MIN_LEVEL, MAX_LEVEL, load_default=None, allow_none=True)
    count = Whole(1, MAX_PACKAGES, load_default=_USUAL.count)
    max_vendors = Whole(1, MAX_VENDORS, load_default=_USUAL.max_vendors)
    max_capabilities = Whole(1, MAX_CAPABILITIES, load_default=_USUAL.max_capabilities)
    pool = Choice(WHOSE, load_default=_USUAL.pool)
    min_quality = Whole(1, MAX_QUALITY, load_default=_USUAL.min_quality)
    seconds = Whole(wishes.LEAST_SECONDS, wishes.MOST_SECONDS, load_default=_USUAL.seconds)


class PackageDraftIn(Strict):
    """Which package of an answer becomes a draft, and what it is called."""

    place = Whole(0, MAX_PACKAGES - 1, load_default=0)
    title = Line(TITLE_LENGTH, 1, required=True)
    title_en = Line(TITLE_LENGTH, load_default="")


class DemandServedOut(Strict):
    """A demand that a package serves, and what it would pay: the members that it needs, joined to the hub."""

    demand_id = fields.UUID(required=True)
    own_amount = fields.Integer(required=True)


class PackageOut(Strict):
    """Listings that stand together. `served_total` also counts demands that are not shown to the alliance any more."""

    hub = fields.String(required=True, allow_none=True)
    members = fields.List(fields.Nested(BoughtOut), required=True)
    vendors = fields.Integer(required=True)
    served = fields.List(fields.Nested(DemandServedOut), required=True)
    served_total = fields.Integer(required=True)


class DemandLeftOutOut(Strict):
    """A demand that no package serves, and the first reason."""

    demand_id = fields.UUID(required=True)
    code = Choice(LEFT_OUT, required=True)


class PackagesOut(Strict):
    """What was found; demands that are not shown to the alliance any more are counted (`gone`) and not named.

    `sound` is false where the independent checker does not accept the answer: a defect, and no package is shown.
    """

    status = Choice(("proven", "good"), required=True)
    sound = fields.Boolean(required=True)
    asked_total = fields.Integer(required=True)
    served_total = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    packages = fields.List(fields.Nested(PackageOut), required=True)
    left_out = fields.List(fields.Nested(DemandLeftOutOut), required=True)
    said = fields.Dict(keys=fields.String(), required=True)


class PackagesRunOut(AnyRunOut):
    """A run for a segment; `answer` once it is done, `failure` if there can be none."""


class PackagesRunInFullOut(PackagesRunOut):
    """A run for a segment with its answer."""

    answer = fields.Nested(PackagesOut, required=True, allow_none=True)
