"""Leads, offers of contact, capacity and saved searches, in and out."""

from typing import Any

from marshmallow import fields

from catalog import capacity
from marketplace.schemas.fields import Choice, Line, Strict, Text, Whole
from matching.models.lead import DECLINE_CODES, STATES

UUID_ERRORS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "required",
    "null": "null",
    "invalid_uuid": "uuid",
}
MESSAGE_LENGTH = 1000
#: How somebody can be reached, in a line.
CONTACT_LENGTH = 120
REASON_LENGTH = 300
ANSWERS = ("accept", "decline")


class AcceptIn(Strict):
    """The vendor asks for contact with one of its listings; `contact` is kept back until it is accepted."""

    listing_id = fields.UUID(required=True, error_messages=UUID_ERRORS)
    message = Text(MESSAGE_LENGTH, 1, required=True)
    contact = Line(CONTACT_LENGTH, 1, required=True)


class DeclineIn(Strict):
    """The vendor does not want the demand."""

    reason = Choice(DECLINE_CODES, required=True)
    text = Text(REASON_LENGTH, load_default="")


class LeadAnswerIn(Strict):
    """Either: `accept` needs listing_id, message and contact, `decline` a reason."""

    answer = Choice(ANSWERS, required=True)
    listing_id = fields.UUID(error_messages=UUID_ERRORS)
    message = Text(MESSAGE_LENGTH)
    contact = Line(CONTACT_LENGTH)
    reason = Choice(DECLINE_CODES)
    text = Text(REASON_LENGTH)


class ContactIn(Strict):
    """The manufacturer accepts contact, and says how it can be reached."""

    contact = Line(CONTACT_LENGTH, 1, required=True)


class RefusalIn(Strict):
    """The manufacturer does not want contact; the vendor reads what it says."""

    text = Text(REASON_LENGTH, load_default="")


class CapacityIn(Strict):
    """Projects that the vendor can start in a quarter; null: not known."""

    projects_per_quarter = Whole(0, capacity.MOST, required=True, allow_none=True)


class CapacityOut(CapacityIn):
    """The statement with the day on which it was made."""

    as_of = fields.Date(required=True, allow_none=True)


class PointsOut(Strict):
    """One axis in whole points of the points that there are to get."""

    axis = fields.String(required=True)
    state = fields.String(required=True)
    weight = fields.Integer(required=True)
    points = fields.Integer(required=True)
    share = fields.Integer(required=True)


class LeadReasonOut(Strict):
    """One reason for, against, or what is not known; about the vendor's own listing."""

    axis = fields.String(required=True)
    sign = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.String(required=True)


class LeadStandingOut(Strict):
    """How one of the vendor's listings stands: whole points, or the causes for which it is left out."""

    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    score = fields.Integer(required=True, allow_none=True)
    parts = fields.List(fields.Nested(PointsOut), required=True)
    reasons = fields.List(fields.Nested(LeadReasonOut), required=True)
    codes = fields.List(fields.String(), required=True)
    text = fields.String(required=True)
    change = fields.String(required=True)


class LeadAskedOut(Strict):
    """A capability asked for; the quality shows to named vendors only."""

    capability = fields.String(required=True)
    must = fields.Boolean(required=True)
    min_quality = fields.Integer(required=True, allow_none=True)


class LeadDemandOut(Strict):
    """What of the demand shows: the name and the words only to a named vendor or once contact is accepted."""

    id = fields.UUID(required=True)
    headline = fields.String(required=True)
    organization = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)
    level = fields.Integer(required=True, allow_none=True)
    level_basis = fields.String(required=True, allow_none=True)
    target_level = fields.Integer(required=True, allow_none=True)
    requirements = fields.List(fields.Nested(LeadAskedOut), required=True)
    budget = fields.String(required=True)
    quarter = fields.String(required=True)


class LeadOut(Strict):
    """A lead; `demand` is null once the demand is closed or not shown to the vendor any more."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    offered_at = fields.AwareDateTime(required=True, allow_none=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    weights = fields.String(required=True)
    demand = fields.Nested(LeadDemandOut, required=True, allow_none=True)
    listing = fields.UUID(required=True, allow_none=True)
    standings = fields.List(fields.Nested(LeadStandingOut), required=True)
    message = fields.String(required=True)
    contact = fields.String(required=True, allow_none=True)


class OfferOut(Strict):
    """An offer of contact as the manufacturer reads it: names and listing only to whom it named, or once accepted."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    answered_at = fields.AwareDateTime(required=True)
    message = fields.String(required=True)
    score = fields.Integer(required=True, allow_none=True)
    capabilities = fields.List(fields.String(), required=True)
    price_band = fields.String(required=True)
    field_sites = fields.Integer(required=True)
    vendor = fields.String(required=True, allow_none=True)
    listing = fields.UUID(required=True, allow_none=True)
    contact = fields.String(required=True, allow_none=True)


class SavedSearchIn(Strict):
    """A name, and the part of the store's address after the question mark."""

    name = Line(80, 1, required=True)
    query = Line(2000, 1, required=True)


class SavedSearchOut(SavedSearchIn):
    """With what was found last."""

    id = fields.UUID(required=True)
    found = fields.Integer(required=True)
    found_at = fields.AwareDateTime(required=True, allow_none=True)


class Removed(Strict):
    """Nothing is left."""
