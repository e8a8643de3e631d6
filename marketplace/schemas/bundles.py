"""Bundles, their versions, checks and prices, in and out."""

from typing import Any

from marshmallow import fields

from catalog.bundle_states import CONSENT_STATES, VERSION_STATES
from catalog.bundles.signing import MAX_DAYS, MIN_DAYS, USUAL_DAYS
from catalog.publishing_states import STATES
from catalog.shares import KINDS
from marketplace.schemas.alliances import HASH_LENGTH, REASON_LENGTH
from marketplace.schemas.bundle_changes import BundleChangesIn, BundleShareIn, BundleTextsIn
from marketplace.schemas.fields import Choice, Flag, Items, Line, Part, Strict, Text, Whole, Won
from marketplace.schemas.reviews import NoteOut, RemarkOut

_UUID: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
#: The number of a working copy rises with every change; nobody changes one so often.
MAX_NUMBER = 10**6
#: A fix names a listing and a plan, each by its id.
VALUE_LENGTH = 80


class BundleIn(Strict):
    """A bundle that begins without parts; `demand_id` is a demand in the alliance's pipeline for which it is made."""

    texts = Part(BundleTextsIn, required=True)
    level_from = Whole(1, 5, required=True)
    level_to = Whole(1, 5, required=True)
    demand_id = fields.UUID(load_default=None, allow_none=True, error_messages=_UUID)


class Numbered(Strict):
    """Names the working copy that was read."""

    draft_number = Whole(1, MAX_NUMBER, required=True)


class BundleChangeIn(BundleChangesIn, Numbered):
    """Any parts of the working copy of that number; what is left out stays as it is."""


class BundleMendIn(Numbered):
    """A fix as the checks offer it."""

    act = Line(20, 1, required=True)
    item = Line(8, load_default="")
    value = Line(VALUE_LENGTH, load_default="")


class BundlePriceIn(Numbered):
    """Another discount or other shares; `save` keeps them, else they are only calculated."""

    discount_amount = Won()
    shares = Items(Part(BundleShareIn), 60)
    save = Flag(load_default=False)


class BundleSendIn(Numbered):
    """In how many days it has to be signed by all."""

    days = Whole(MIN_DAYS, MAX_DAYS, load_default=USUAL_DAYS)


class BundleSignatureIn(Strict):
    """The hashes of the version and of the own part that were read."""

    sha256 = Line(HASH_LENGTH, 1, required=True)
    part_sha256 = Line(HASH_LENGTH, 1, required=True)


class BundleRefusalIn(Strict):
    """Why; the coordinator reads it."""

    reason = Text(REASON_LENGTH, 1, required=True)


class BundleStateOut(Strict):
    """Where a version stands."""

    number = fields.Integer(required=True)
    state = Choice(VERSION_STATES, required=True)
    price_amount = fields.Integer(required=True)


class BundleOut(Strict):
    """A bundle as its coordinator and the vendors in it see it; the working copy is the coordinator's alone."""

    id = fields.UUID(required=True)
    alliance_id = fields.UUID(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    listing_id = fields.UUID(required=True)
    listing_state = Choice(STATES, required=True)
    demand_id = fields.UUID(required=True, allow_none=True)
    on_sale = fields.Boolean(required=True)
    broken_on = fields.Date(required=True, allow_none=True)
    versions = fields.List(fields.Nested(BundleStateOut), required=True)
    draft_number = fields.Integer(required=True, allow_none=True)
    draft = fields.Dict(keys=fields.String(), required=True, allow_none=True)


class BundleFixOut(Strict):
    """What would mend a finding, and by how many won it changes the price; null where that is not known."""

    act = fields.String(required=True)
    item = fields.String(required=True)
    value = fields.String(required=True)
    difference_amount = fields.Integer(required=True, allow_none=True)


class BundleFindingOut(Strict):
    """What stands in the way (`conflict`) or may (`caution`)."""

    code = fields.String(required=True)
    severity = Choice(("conflict", "caution"), required=True)
    pointer = fields.String(required=True)
    params = fields.Dict(keys=fields.String(), required=True)
    fixes = fields.List(fields.Nested(BundleFixOut), required=True)


class ProblemLineOut(Strict):
    """What is unfinished or wrong with the working copy by itself."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)


class BundleCheckOut(Strict):
    """Whether the working copy may be sent for signing, and everything that stands in the way."""

    draft_number = fields.Integer(required=True)
    may_be_sent = fields.Boolean(required=True)
    problems = fields.List(fields.Nested(ProblemLineOut), required=True)
    findings = fields.List(fields.Nested(BundleFindingOut), required=True)


class BundleShareOut(Strict):
    """What one vendor gets."""

    vendor = fields.UUID(required=True)
    kind = Choice(KINDS, required=True)
    value = fields.Integer(required=True)
    amount = fields.Integer(required=True)


class BundlePriceOut(Strict):
    """The price, and to whom every won of it goes."""

    draft_number = fields.Integer(required=True)
    saved = fields.Boolean(required=True)
    list_amount = fields.Integer(required=True)
    links_amount = fields.Integer(required=True)
    discount_amount = fields.Integer(required=True)
    price_amount = fields.Integer(required=True)
    shares = fields.List(fields.Nested(BundleShareOut), required=True)


class BundleConsentOut(Strict):
    """What a vendor was asked and what it answered."""

    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = Choice(CONSENT_STATES, required=True)
    part_sha256 = fields.String(required=True)
    signed_sha256 = fields.String(required=True, allow_none=True)
    carried_from = fields.Integer(required=True, allow_none=True)
    signed_by = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True, allow_none=True)
    reason = fields.String(required=True)
    reminders = fields.Integer(required=True)
    opened_at = fields.DateTime(required=True, allow_none=True)


class BundleChangeOut(Strict):
    """One thing that is not what it was; the lines themselves, and by how many won an amount moved."""

    place = fields.String(required=True)
    key = fields.String(required=True)
    vendor = fields.String(required=True, allow_none=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)
    difference_amount = fields.Integer(required=True, allow_none=True)


class BundleDifferenceOut(Strict):
    """What a version changes against another one."""

    number = fields.Integer(required=True)
    changes = fields.List(fields.Nested(BundleChangeOut), required=True)


class BundleVersionOut(Strict):
    """A version. `sha256` is of the canonical JSON of `content`: sorted keys, no spaces, UTF-8."""

    bundle_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = Choice(VERSION_STATES, required=True)
    sha256 = fields.String(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    sent_on = fields.Date(required=True)
    until = fields.Date(required=True)
    signed_on = fields.Date(required=True, allow_none=True)
    in_force_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    release = fields.Integer(required=True, allow_none=True)
    consents = fields.List(fields.Nested(BundleConsentOut), required=True)
    against_before = fields.Nested(BundleDifferenceOut, required=True, allow_none=True)
    against_in_force = fields.Nested(BundleDifferenceOut, required=True, allow_none=True)


class BundleRemarksOut(Strict):
    """What a validator found in a bundle that it sent back, and what it wrote to the vendors."""

    number = fields.String(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    findings = fields.List(fields.Nested(RemarkOut), required=True)
    notes = fields.List(fields.Nested(NoteOut), required=True)


class PublicBundleOut(Strict):
    """What is sold, to everybody: its content without the vendors' shares and what each of them answers for inside."""

    id = fields.UUID(required=True)
    listing_id = fields.UUID(required=True)
    alliance_id = fields.UUID(required=True)
    alliance = fields.String(required=True)
    lead_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    in_force_on = fields.Date(required=True)
    broken_on = fields.Date(required=True, allow_none=True)
    texts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    level_from = fields.Integer(required=True)
    level_to = fields.Integer(required=True)
    price_amount = fields.Integer(required=True)
    items = fields.List(fields.Dict(keys=fields.String()), required=True)
    links = fields.List(fields.Dict(keys=fields.String()), required=True)
    duties = fields.List(fields.Dict(keys=fields.String()), required=True)


class ReviewedConsentOut(Strict):
    """That a vendor agreed to exactly this version; who signed for it is the vendor's own business."""

    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = Choice(CONSENT_STATES, required=True)
    at = fields.DateTime(required=True, allow_none=True)


class ReviewedBundleOut(Strict):
    """The version that a review judges: everything that it promises to buyers, without the vendors' shares."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    lead_id = fields.UUID(required=True)
    texts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    level_from = fields.Integer(required=True)
    level_to = fields.Integer(required=True)
    discount_amount = fields.Integer(required=True)
    price_amount = fields.Integer(required=True)
    wanted = fields.List(fields.Dict(keys=fields.String()), required=True)
    exchanges = fields.List(fields.List(fields.String()), required=True)
    items = fields.List(fields.Dict(keys=fields.String()), required=True)
    links = fields.List(fields.Dict(keys=fields.String()), required=True)
    duties = fields.List(fields.Dict(keys=fields.String()), required=True)
    consents = fields.List(fields.Nested(ReviewedConsentOut), required=True)


class PublicBundleDetailOut(PublicBundleOut):
    """With how many manufacturers say that they run all of it together at one site; null: fewer than five do.

    `against_before`: what is not as it was in the version that was sold before, if one was.
    """

    references = fields.Integer(required=True, allow_none=True)
    against_before = fields.Nested(BundleDifferenceOut, required=True, allow_none=True)
