"""People and organizations, in and out."""

from marshmallow import fields

from catalog.organizations import OWN_ROLES
from marketplace.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from marketplace.schemas.fields import Choice, Code, Email, Items, Line, Strict, Text


class SignUpIn(Strict):
    """A new account."""

    email = Email(required=True)
    password = Line(MAX_LENGTH, MIN_LENGTH, required=True)
    name = Line(80, 1, required=True)


class SignInIn(Strict):
    """Proof of an account."""

    email = Email(required=True)
    password = Line(MAX_LENGTH, 1, required=True)


class PasswordIn(Strict):
    """A new password."""

    password = Line(MAX_LENGTH, MIN_LENGTH, required=True)


class OrganizationIn(Strict):
    """A company that registers itself."""

    name = Line(80, 1, required=True)
    name_en = Line(80, load_default="")
    registration_number = Line(20, 1, required=True)
    roles = Items(Choice(OWN_ROLES), len(OWN_ROLES), 1, required=True)
    region = Code("region", load_default=None, allow_none=True)
    description = Text(1000, load_default="")
    description_en = Text(1000, load_default="")


class DescriptionIn(Strict):
    """What an organization says about itself; what is left out stays as it is."""

    name_en = Line(80)
    region = Code("region", allow_none=True)
    description = Text(1000)
    description_en = Text(1000)


class CorrectionIn(DescriptionIn):
    """The same, with what the operator confirms: it can be corrected until then."""

    name = Line(80, 1)
    registration_number = Line(20, 1)


class TakenIn(Strict):
    """Word to the operator that somebody else registered the number of one's own company."""

    registration_number = Line(20, 1, required=True)
    text = Text(1000, 10, required=True)


class RoleIn(Strict):
    """A further role to take on."""

    role = Choice(OWN_ROLES, required=True)


class CompetitorIn(Strict):
    """The business number of an organization that one competes with."""

    registration_number = Line(20, 1, required=True)


class SignUpOut(Strict):
    """A new account with its first token."""

    user_id = fields.UUID(required=True)
    email = fields.String(required=True)
    token = fields.String(required=True)


class OrganizationOut(Strict):
    """An organization as its own people and the operator see it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    registration_number = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)
    region = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    refusal = fields.String(
        required=True, metadata={"description": "Why it was refused; empty unless it is."}
    )
    description = fields.String(required=True)
    description_en = fields.String(required=True)
    synthetic = fields.Boolean(required=True)
