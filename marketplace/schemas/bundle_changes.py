"""Changes of a bundle's working copy, in."""

from typing import Any

from catalog import shares
from catalog.bundles.form import MAX_HOURS, MAX_ITEMS, MAX_QUANTITY, MAX_STAGES
from catalog.bundles.reading import MAX_QUALITY
from catalog.money import MAX_AMOUNT
from marketplace.schemas.fields import Choice, Code, Flag, Items, Line, Part, Strict, Text, Whole, Won

_UUID: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
#: A bundle promises at most so many capabilities, and pairs of them that exchange data.
MAX_CAPABILITIES, MAX_EXCHANGES = 60, 120
ID_LENGTH = 36


class BundleTextsIn(Strict):
    """What its listing says of itself; what is left out stays."""

    title = Line(80, 1)
    title_en = Line(80)
    summary = Line(120)
    summary_en = Line(160)
    description = Text(4000)
    description_en = Text(4000)


class WantedIn(Strict):
    """A capability that is promised, at a least quality and by a stage."""

    capability = Code(required=True)
    min_quality = Whole(1, MAX_QUALITY, required=True)
    must = Flag(load_default=False)
    stage = Whole(1, MAX_STAGES, required=True)


class BundleItemIn(Strict):
    """A listing in one of its plans; `id` is empty for one that comes in."""

    id = Line(8, load_default="")
    listing = Line(ID_LENGTH, 1, required=True)
    plan = Line(ID_LENGTH, 1, required=True)
    quantity = Whole(1, MAX_QUANTITY, required=True)
    stage = Whole(1, MAX_STAGES, required=True)
    covers = Items(Code(), MAX_CAPABILITIES, load_default=list)
    supports = Items(Code(), MAX_CAPABILITIES, load_default=list)


class BundleLinkIn(Strict):
    """Which of the two vendors of a link answers for it."""

    capabilities = Items(Code(), 2, 2, required=True)
    vendor = Line(ID_LENGTH, 1, required=True)


class BundleShareIn(Strict):
    """How one vendor's share is found: basis points of a percentage, won of a fixed one, 0 of the remainder."""

    vendor = Line(ID_LENGTH, 1, required=True)
    kind = Choice(shares.KINDS, required=True)
    value = Whole(0, MAX_AMOUNT, required=True)


class DutyIn(Strict):
    """Within how many hours a vendor answers, and who takes over; null: it answers to the buyer."""

    vendor = Line(ID_LENGTH, 1, required=True)
    hours = Whole(1, MAX_HOURS, required=True)
    escalates_to = Line(ID_LENGTH, 1, allow_none=True, load_default=None)


class BundleChangesIn(Strict):
    """Any parts of a working copy; what is left out stays as it is."""

    texts = Part(BundleTextsIn)
    level_from = Whole(1, 5)
    level_to = Whole(1, 5)
    wanted = Items(Part(WantedIn), MAX_CAPABILITIES)
    exchanges = Items(Items(Code(), 2, 2), MAX_EXCHANGES)
    items = Items(Part(BundleItemIn), MAX_ITEMS)
    answers = Items(Part(BundleLinkIn), MAX_EXCHANGES)
    discount_amount = Won()
    shares = Items(Part(BundleShareIn), MAX_ITEMS)
    duties = Items(Part(DutyIn), MAX_ITEMS)
