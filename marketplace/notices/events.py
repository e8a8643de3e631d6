"""The one table of events that people are told of. Its words: `marketplace/wording/notices.py`; a test compares."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.models.organization import MANUFACTURER, OPERATOR, VENDOR
from marketplace.accounts.models import ADMIN
from marketplace.notices.models import DAILY, NOW


@dataclass(frozen=True, slots=True)
class Event:
    """How one event is told.

    Attributes:
        delivery: what holds until a person chooses: "now", "daily" or "none".
        duty: it cannot be switched off, is mailed at once and even to an address that is not proved.
        hears: rights of which one is needed to hear it as a member of the organization; None = all members.
        role: only organizations of this role ever hear it, so only their people are asked how; None = any.
    """

    delivery: str
    duty: bool = False
    hears: frozenset[str] | None = None
    role: str | None = None


_ADMINS = frozenset({ADMIN})

EVENTS: Mapping[str, Event] = {
    # the store
    "organization.confirmed": Event(NOW, hears=_ADMINS),
    "review.approved": Event(NOW, role=VENDOR),
    "review.sent_back": Event(NOW, role=VENDOR),
    "match.new": Event(DAILY, role=MANUFACTURER),
    "level_certificate.confirmed": Event(NOW, role=MANUFACTURER),
    "level_certificate.refused": Event(NOW, role=MANUFACTURER),
    "link.declared": Event(NOW, role=MANUFACTURER),
    "link.confirmed": Event(NOW, role=MANUFACTURER),
    "link.denied": Event(NOW, role=MANUFACTURER),
    "link.ended": Event(NOW, role=MANUFACTURER),
    "chain.opened": Event(NOW),
    "lead.new": Event(NOW, role=VENDOR),
    "lead.named": Event(NOW, role=VENDOR),
    "lead.answered": Event(NOW, role=MANUFACTURER),
    "contact.accepted": Event(NOW, role=VENDOR),
    "contact.refused": Event(DAILY, role=VENDOR),
    # alliances; one that is dissolved concerns the manufacturers that showed it demands as well
    "alliance.invited": Event(NOW, role=VENDOR),
    "alliance.asked": Event(NOW, role=VENDOR),
    "alliance.refused": Event(NOW, role=VENDOR),
    "alliance.joined": Event(NOW, role=VENDOR),
    "alliance.declined": Event(DAILY, role=VENDOR),
    "alliance.leaving": Event(NOW, role=VENDOR),
    "alliance.staying": Event(DAILY, role=VENDOR),
    "alliance.excluded": Event(NOW, role=VENDOR),
    "alliance.dissolved": Event(NOW),
    "alliance.demand": Event(NOW, role=VENDOR),
    "charter.proposed": Event(NOW, role=VENDOR),
    "charter.reminded": Event(NOW, role=VENDOR),
    "charter.in_force": Event(NOW, role=VENDOR),
    # bundles: vendors that sign, and the coordinator
    "bundle.asked": Event(NOW, role=VENDOR),
    "bundle.reminded": Event(NOW, role=VENDOR),
    "bundle.signed": Event(NOW, role=VENDOR),
    "bundle.refused": Event(NOW, role=VENDOR),
    "bundle.taken_back": Event(NOW, role=VENDOR),
    "bundle.expired": Event(NOW, role=VENDOR),
    "bundle.sent_back": Event(NOW, role=VENDOR),
    "bundle.published": Event(NOW, role=VENDOR),
    "bundle.withdrawn": Event(NOW, role=VENDOR),
    "bundle.broken": Event(NOW, role=VENDOR),
    "bundle.conflict": Event(NOW, role=VENDOR),
    "search.found": Event(DAILY),
    "shortlist.changed": Event(DAILY, role=MANUFACTURER),
    # people and their doors
    "account.new_device": Event(NOW, duty=True),
    "account.password_changed": Event(NOW, duty=True),
    "account.second_factor_on": Event(NOW, duty=True),
    "account.second_factor_off": Event(NOW, duty=True),
    "rights.changed": Event(NOW, duty=True),
    "member.removed": Event(NOW, duty=True),
    "join.requested": Event(NOW, hears=_ADMINS),
    "join.accepted": Event(NOW, duty=True),
    "join.refused": Event(NOW, duty=True),
    "invitation.accepted": Event(NOW, hears=_ADMINS),
    # programs
    "hook.switched_off": Event(NOW, hears=_ADMINS),
    # the operator
    "organization.registered": Event(DAILY, role=OPERATOR),
    "report.made": Event(NOW, role=OPERATOR),
    "level_certificate.handed_in": Event(DAILY, role=OPERATOR),
    "weights.published": Event(NOW, role=OPERATOR),
    # the operator's console
    "organization.refused": Event(NOW, duty=True, hears=_ADMINS),
    "listing.suspended": Event(NOW, duty=True, role=VENDOR),
    "listing.lifted": Event(NOW, role=VENDOR),
    "report.decided": Event(NOW),
    "account.suspended": Event(NOW, duty=True),
    "account.restored": Event(NOW, duty=True),
    "support.opened": Event(NOW, duty=True, hears=_ADMINS),
    # own data
    "export.ready": Event(NOW),
    "deletion.asked": Event(NOW, role=OPERATOR),
    "deletion.refused": Event(NOW, duty=True, hears=_ADMINS),
    "deletion.done": Event(NOW, duty=True),
}

#: Those told of an organization as a whole, not of a person: the ones that its webhooks can ask for.
OF_ORGANIZATIONS = (
    "organization.confirmed",
    "organization.refused",
    "review.approved",
    "review.sent_back",
    "listing.suspended",
    "listing.lifted",
    "match.new",
    "level_certificate.confirmed",
    "level_certificate.refused",
    "link.declared",
    "link.confirmed",
    "link.denied",
    "link.ended",
    "chain.opened",
    "lead.new",
    "lead.named",
    "lead.answered",
    "contact.accepted",
    "contact.refused",
    "alliance.invited",
    "alliance.asked",
    "alliance.refused",
    "alliance.joined",
    "alliance.declined",
    "alliance.leaving",
    "alliance.staying",
    "alliance.excluded",
    "alliance.dissolved",
    "alliance.demand",
    "charter.proposed",
    "charter.reminded",
    "charter.in_force",
    "bundle.asked",
    "bundle.reminded",
    "bundle.signed",
    "bundle.refused",
    "bundle.taken_back",
    "bundle.expired",
    "bundle.sent_back",
    "bundle.published",
    "bundle.withdrawn",
    "bundle.broken",
    "bundle.conflict",
    "search.found",
    "shortlist.changed",
    "join.requested",
    "invitation.accepted",
    "support.opened",
    "deletion.refused",
    "hook.switched_off",
)
