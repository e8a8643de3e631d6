"""Trade links, lists of partners and chains, in and out."""

from typing import Any, cast

from marshmallow import fields

from marketplace.accounts.access.chain import FILTERS
from marketplace.schemas.fields import Choice, Day, Email, Flag, Line, Strict, Text
from matching.models.trade_link import SIDES, STATES
from matching.supply_chain.importing import MODES, OUTCOMES
from matching.supply_chain.links import LinkFields

_ID: dict[str, Any] = {"null": "null", "invalid_uuid": "uuid"}


class TradeLinkIn(Strict):
    """A partner: `direction` is what it is to us. `name` is needed if no confirmed company has the number."""

    direction = Choice(SIDES, required=True)
    registration_number = Line(40, 1, required=True)
    name = Line(80, load_default="")
    item = Line(80, load_default="")
    since = Day(load_default=None, allow_none=True)
    until = Day(load_default=None, allow_none=True)
    site_id = fields.UUID(load_default=None, allow_none=True, error_messages=_ID)
    share_systems = Flag(load_default=False)
    share_chain = Flag(load_default=False)
    invite_email = Email(load_default=None, allow_none=True)


class LinkConsentIn(Strict):
    """What the partner may have of ours. `share_chain` is a supplier's alone."""

    share_systems = Flag(required=True)
    share_chain = Flag(load_default=False)


class LinkAnswerIn(Strict):
    """Whether it is so; a denial says why."""

    confirm = Flag(required=True)
    reason = Text(500, load_default="")
    site_id = fields.UUID(load_default=None, allow_none=True, error_messages=_ID)
    share_systems = Flag(load_default=False)
    share_chain = Flag(load_default=False)


class LinkInviteIn(Strict):
    """Where the invitation goes; the address is not kept."""

    invite_email = Email(required=True)


class ChainViewerIn(Strict):
    """Who may see our chain."""

    registration_number = Line(40, 1, required=True)


class LinkListModeIn(Strict):
    """Whether the good rows are declared, or all or none."""

    mode = Choice(MODES, required=True)


class LinkListForm(Strict):
    """What the page sends with a list."""

    mode = Choice(MODES, required=True)


class TradeLinkOut(Strict):
    """A link as its firm sees it."""

    id = fields.UUID(required=True)
    direction = Choice(SIDES, required=True)
    registration_number = fields.String(required=True)
    name = fields.String(required=True)
    registered = fields.Boolean(required=True)
    item = fields.String(required=True)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    basis = Choice(("confirmed", "declared"), required=True, allow_none=True)
    declared_by_us = fields.Boolean(required=True)
    declared_on = fields.Date(required=True)
    answered_on = fields.Date(required=True, allow_none=True)
    denial = fields.String(required=True)
    waits_for_us = fields.Boolean(required=True)
    share_systems = fields.Boolean(required=True)
    share_chain = fields.Boolean(required=True)


class LinkRowFindingOut(Strict):
    """One thing about a row: the field, a code, words."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class LinkRowOut(Strict):
    """What becomes of one line of the file."""

    line = fields.Integer(required=True)
    registration_number = fields.String(required=True)
    name = fields.String(required=True)
    outcome = Choice(OUTCOMES, required=True)
    findings = fields.List(fields.Nested(LinkRowFindingOut), required=True)


class LinkListOut(Strict):
    """A list that was checked: how many rows have each outcome, and every row with a finding."""

    id = fields.UUID(required=True)
    file_name = fields.String(required=True)
    rows = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    findings = fields.List(fields.Nested(LinkRowOut), required=True)
    applied_on = fields.Date(required=True, allow_none=True)


class ChainFirmOut(Strict):
    """A firm of a chain. A level is a company level 1–5 with its basis; null is unknown or not shown."""

    key = fields.Integer(required=True)
    name = fields.String(required=True)
    tier = fields.Integer(required=True)
    division = fields.String(required=True)
    level = fields.Integer(required=True, allow_none=True)
    level_scale = fields.String(required=True)
    level_basis = fields.String(required=True, allow_none=True)
    registered = fields.Boolean(required=True)
    shows_below = fields.Boolean(required=True)


class ChainLinkOut(Strict):
    """A link between two firms of the answer, by their keys."""

    supplier = fields.Integer(required=True)
    customer = fields.Integer(required=True)
    item = fields.String(required=True)
    basis = Choice(("confirmed", "declared"), required=True)


class ChainBottleneckOut(Strict):
    """The group that holds the chain's level back."""

    tier = fields.Integer(required=True)
    division = fields.String(required=True)
    firms = fields.Integer(required=True)
    known = fields.Integer(required=True)
    mean_level = fields.Float(required=True)
    links = fields.Integer(required=True)
    text = fields.String(required=True)


class SupplyChainOut(Strict):
    """What can be seen from an anchor; `hidden` counts firms by tier that are not named."""

    anchor_id = fields.UUID(required=True)
    firms = fields.List(fields.Nested(ChainFirmOut), required=True)
    links = fields.List(fields.Nested(ChainLinkOut), required=True)
    hidden = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    loops = fields.List(fields.List(fields.Integer()), required=True)
    bottleneck = fields.Nested(ChainBottleneckOut, required=True, allow_none=True)


class ChainViewerOut(Strict):
    """Who may see our chain."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class AnchorOut(Strict):
    """An anchor that lets us see its chain."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class LinkFilter(Strict):
    """Which links; see `FILTERS`."""

    narrowed = Choice(FILTERS, load_default="all", data_key="only")


def link_fields(data: dict[str, Any]) -> LinkFields:
    """A parsed partner as the domain takes it."""
    apart = ("site_id", "invite_email")
    return cast(LinkFields, {key: value for key, value in data.items() if key not in apart})
