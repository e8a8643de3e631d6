"""Colleagues, invitations and requests to join, in and out."""

from typing import Any

from marshmallow import fields

from marketplace.accounts.models import GRANTED
from marketplace.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from marketplace.schemas.fields import Choice, Email, Flag, Items, Line, Strict


def _rights(**kwargs: Any) -> Items:
    return Items(Choice(GRANTED), len(GRANTED), **kwargs)


class RightsIn(Strict):
    """What a member may do besides what every member may."""

    rights = _rights(required=True)


class InvitationIn(Strict):
    """Whom to invite, and with which rights."""

    email = Email(required=True)
    rights = _rights(load_default=list)


class JoinIn(Strict):
    """The organization that one wants to join, and a word to its admins."""

    registration_number = Line(20, 1, required=True)
    message = Line(300, load_default="")


class JoinAnswerIn(Strict):
    """Whether the person may join, and with which rights."""

    accept = Flag(required=True)
    rights = _rights(load_default=list)


class EmailIn(Strict):
    """An address."""

    email = Email(required=True)


class EmailChangeIn(EmailIn):
    """A new address; the password says that it is really the person who asks."""

    password = Line(MAX_LENGTH, 1, required=True)


class AgainIn(Strict):
    """The present password, before what changes the locks."""

    password = Line(MAX_LENGTH, 1, required=True)


class PasswordChangeIn(AgainIn):
    """The present password and the new one."""

    new_password = Line(MAX_LENGTH, MIN_LENGTH, required=True)


class CodeIn(Strict):
    """A code of the authenticator, or a recovery code."""

    code = Line(40, 1, required=True)


class NewMemberIn(Strict):
    """Somebody who signs up through an invitation: the address is the invitation's."""

    name = Line(80, 1, required=True)
    password = Line(MAX_LENGTH, MIN_LENGTH, required=True)


class ColleagueOut(Strict):
    """A member of the organization."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    rights = fields.List(fields.String(), required=True)


class InvitationOut(Strict):
    """An invitation that was sent."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    rights = fields.List(fields.String(), required=True)
    expires_at = fields.DateTime(required=True)


class JoinRequestOut(Strict):
    """A request to join, as the person who made it and the organization see it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    message = fields.String(required=True)


class OwnJoinRequestOut(Strict):
    """A person's own request to join."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    organization_name = fields.String(required=True)
    message = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
