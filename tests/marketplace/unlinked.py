"""Pages to which only mails lead, and pages of things that the demo country does not have."""

import io
from urllib.parse import urlsplit

from sqlalchemy import select

from catalog import clock
from catalog.bundle_states import IN_FORCE, SIGNED, SUPERSEDED
from catalog.canonical import fingerprint
from catalog.db import utcnow
from catalog.models import Alliance, Bundle, BundleVersion, Organization, Release, Review, Site
from catalog.models.review import TAKEN
from catalog.publishing_states import SUBMITTED
from marketplace.accounts import invitations, proofs, shares, sign_in
from marketplace.accounts.models import Membership, User
from marketplace.config import DEMO_DOMAIN
from marketplace.demo import logins
from marketplace.hooks import endpoints
from marketplace.journeys import abuse
from marketplace.notices import unsubscribing
from marketplace.operations import closing
from matching.composing import segment_wishes, wishes
from matching.composing.segment_wishes import SegmentWishes
from matching.composing.wishes import Wishes
from matching.maturity import self_checks
from matching.models import AllianceLead, ChainViewer, ComposeRun, MatchList
from matching.supply_chain import importing, reading


def pages(session):
    """(who may look, endpoint) → path, made in the demo country of that session."""
    people = "vendor", "coordinator", "manufacturer", "validator"
    who = {name: logins.find(session, f"{name}@{DEMO_DOMAIN}") for name in people}
    vendor = session.get(Organization, who["vendor"].memberships[0].organization_id)
    guest = User(email="guest@example.com", name="박새롬")
    session.add(guest)
    session.flush()
    session.add(Membership(user_id=guest.id, organization_id=vendor.id))  # somebody who can be taken out
    asked = closing.ask(session, vendor, who["vendor"], "사업을 접습니다.")
    hook = endpoints.register(session, vendor, url="https://erp.example.com/", events=["review.approved"])
    wrong = {"reason": "other", "text": "사실과 달라요.", "email": ""}
    report = abuse.report(
        session, vendor, None, fields=wrong, reporter=who["vendor"], remote="127.0.0.1", now=utcnow()
    )
    invited = invitations.invite(session, vendor, who["vendor"], email="new@example.com", rights=[])
    session.flush()
    way_out = unsubscribing.address(who["vendor"], "match.new")
    return {
        ("", "accounts.welcome"): f"/welcome/{sign_in.issue_link(session, who['coordinator'])}",
        ("", "doors.confirm_email"): f"/confirm-email/{proofs.ask(session, guest)}",
        ("", "doors.invitation"): f"/invitations/{invited[1]}",
        ("operator", "console_deletions.show"): f"/console/deletions/{asked.public_id}",
        ("vendor", "hooks.show"): f"/organization/webhooks/{hook.public_id}",
        ("vendor", "joining.index"): "/organization/join",
        ("vendor", "joining.taken"): f"/organization/taken?registration_number={vendor.registration_number}",
        ("vendor", "reports.show"): f"/reports/{report.public_id}",
        ("", "sharing.shared"): _shared(session),
        ("", "bundles.past"): _sold_before(session),
        ("validator", "reviews.bundle"): _on_the_desk(session, who["validator"]),
        ("coordinator", "home.waiting"): _place_of(session, who["coordinator"]),
        ("", "notices.unsubscribe"): urlsplit(way_out).path,
        **_of_a_plant(session, who["manufacturer"]),
        ("coordinator", "supply_chain.opened"): _opened(session, who["coordinator"]),
        **_of_an_alliance(session, who["coordinator"]),
    }


def _of_a_plant(session, person):
    """A self-check that was begun, and a list of partners that was sent."""
    own = session.get(Organization, person.memberships[0].organization_id)
    site = session.scalars(select(Site).where(Site.organization_id == own.id).order_by(Site.id)).first()
    run = self_checks.start(session, site, clock.day_of(utcnow()))
    sent = importing.keep(session, own, "partners.csv", io.BytesIO(reading.template().encode()))
    session.flush()
    return {
        ("manufacturer", "self_check.ask"): f"/self-check/{run.public_id}/1",
        ("manufacturer", "supply_chain.checked"): f"/supply-chain/imports/{sent.public_id}",
    }


def _of_an_alliance(session, person):
    """Runs of the composer that wait for the worker, for one demand and for all, and a bundle's version."""
    own = person.memberships[0].organization_id
    shown = (
        select(AllianceLead).join(Alliance).where(Alliance.coordinator_id == own).order_by(AllianceLead.id)
    )
    lead = session.scalars(shown).first()
    asked = {"wishes_sha256": "0" * 64, "asked_by": person.email}
    chosen = {"demand": lead.demand, "demand_version": lead.demand.version, "wishes": wishes.plain(Wishes())}
    run = ComposeRun(alliance=lead.alliance, **chosen, **asked)
    packages = ComposeRun(alliance=lead.alliance, wishes=segment_wishes.plain(SegmentWishes()), **asked)
    session.add_all([run, packages])
    session.flush()
    bundles = select(Bundle).join(Alliance).where(Alliance.coordinator_id == own).order_by(Bundle.id)
    bundle = session.scalars(bundles).first()
    inside = f"/alliances/{lead.alliance.public_id}/inside"
    demand = f"{inside}/demands/{lead.demand.public_id}"
    return {
        ("coordinator", "composing.show"): f"{demand}/compose/{run.public_id}",
        ("coordinator", "packages.show"): f"{inside}/packages/{packages.public_id}",
        (
            "coordinator",
            "bundle_life.confirm_publication",
        ): f"/bundles/{bundle.public_id}/versions/1/publication",
    }


def _sold_before(session):
    """A version of a bundle that was sold before the one that is."""
    past = _another(session, SUPERSEDED)
    past.ended_on, past.release = past.in_force_on, past.bundle.in_force.release
    session.flush()
    return f"/bundles/{past.bundle.public_id}/sold/{past.number}"


def _on_the_desk(session, person):
    """A version of a bundle that somebody of the validator's house judges."""
    version = _another(session, SIGNED)
    listing = version.bundle.listing
    listing.state = SUBMITTED
    content = session.scalars(select(Release.content).where(Release.listing_id == listing.id)).first()
    review = Review(
        number="V-2099-0001",
        listing=listing,
        state=TAKEN,
        content=content,
        content_hash=fingerprint(content),
        validator_id=person.memberships[0].organization_id,
        validator_email=person.email,
        taken_at=utcnow(),
    )
    session.add(review)
    session.flush()
    return f"/desk/{review.public_id}/bundle"


def _another(session, state):
    """One more version, like the one that is sold, of a bundle that has no other."""
    versions = select(BundleVersion.bundle_id).where(BundleVersion.state.in_((SUPERSEDED, SIGNED)))
    sold = session.scalars(
        select(BundleVersion).where(BundleVersion.state == IN_FORCE, BundleVersion.bundle_id.not_in(versions))
    ).first()
    told = ("content", "sha256", "sent_on", "until", "signed_on", "in_force_on")
    same = {name: getattr(sold, name) for name in told}
    made = BundleVersion(number=sold.number + 1, state=state, **same)
    sold.bundle.versions.append(made)
    session.flush()
    return made


def _opened(session, person):
    """The chain of an anchor that lets the coordinator see it."""
    own = session.get(Organization, person.memberships[0].organization_id)
    anchors = select(Organization).join(ChainViewer, ChainViewer.anchor_id == Organization.id)
    anchor = session.scalars(anchors.where(ChainViewer.viewer_id == own.id)).one()
    return f"/supply-chain/chains/{anchor.public_id}"


def _shared(session):
    """A link to the newest list of the demo country."""
    newest = session.scalars(select(MatchList).order_by(MatchList.id.desc()).limit(1)).one()
    _row, secret = shares.make(session, newest, None, days=7, named=True, with_notes=True, now=utcnow())
    return f"/shared/{secret}"


def _place_of(session, person):
    """A line of the switcher, which asks for its number when it is opened."""
    organization = session.get(Organization, person.memberships[0].organization_id)
    return f"/inbox/waiting?organization={organization.public_id}&role=manufacturer"
