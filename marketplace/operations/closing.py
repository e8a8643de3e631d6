"""An organization asks to be deleted; the operator does it or says why not. What others rely on stays.

`DECISIONS` says it table by table, `matching.supply_chain.links.forget` for trade links, which name firms by number;
the page (`templates/own_data/_goes.html`) says the same in words. In short:

* What is the organization's alone goes: factories with levels, papers, their files and self-checks; demands with
  versions, lists, shortlists, shared links and the leads that vendors had of them; saved searches, lists of partners.
* What it said to others goes: its leads as a vendor, who may see its chain, links that only it declared.
* Charters of alliances stay as all members agreed to them, without its name; what it ran is dissolved. So do bundles
  that were sold; one that it led is withdrawn, one that was never judged goes.
* What others said themselves stays theirs, without its name: a trade link that the partner declared or confirmed. A
  demand that named it names it no longer, and is private if it named nobody else.
* What was judged or published stays on record, out of the catalogue; so do the operator's own records.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from catalog import clock, publishing
from catalog.alliances import forgetting, standing
from catalog.bundle_states import BUNDLE
from catalog.bundles import forgetting as bundles
from catalog.db import Base
from catalog.errors import Conflict, NotAllowed
from catalog.files import FileStore, keeping
from catalog.models import Alliance, Listing, Organization, Release, Review, Site
from catalog.models.organization import OPERATOR
from catalog.models.review import TAKEN
from catalog.models.review import WAITING as IN_QUEUE
from marketplace import notices
from marketplace.accounts import joining
from marketplace.accounts.data_requests import (
    DONE,
    READY,
    REFUSED,
    WAITING,
    WITHDRAWN,
    DataExport,
    DeletionRequest,
)
from marketplace.accounts.models import Membership, User
from marketplace.notices.dissolving import tell_of_dissolution
from marketplace.operations import own_data
from marketplace.operations.removal import NOBODY
from matching import demands
from matching.composing import runs
from matching.models import Assessment, Demand, LevelCertificate, MatchList, SelfCheck
from matching.supply_chain import links

DELETE, RELEASE, UNJUDGED, KEEP = "delete", "release", "unjudged", "keep"
#: What becomes of every row that names the organization: it goes; it stays and names it no longer; it goes unless it
#: was published or judged; it stays. A column that is not here fails a test.
DECISIONS: Mapping[str, str] = {
    # an alliance that it ran is dissolved, and stays as what its members agreed to: see `forgetting.forget`
    "alliance.coordinator_id": KEEP,
    # another firm's demand that it took care of for an alliance
    "alliance_lead.owner_id": RELEASE,
    # the place in the charters of others, without its words and the names of its people
    "alliance_member.organization_id": KEEP,
    "api_token.organization_id": DELETE,
    # what it signed with others, without the names of its people: see `bundles.forgetting.forget`
    "bundle_consent.organization_id": KEEP,
    "chain_viewer.anchor_id": DELETE,
    "chain_viewer.viewer_id": DELETE,
    "competitor_declaration.competitor_id": DELETE,
    "competitor_declaration.declaring_id": DELETE,
    # with requirements, versions, audience, lists, shortlist, shared links and the leads of vendors
    "demand.organization_id": DELETE,
    # other firms' demands: see `demands.unname`
    "demand_viewer.organization_id": DELETE,
    "hook.organization_id": DELETE,
    "invitation.organization_id": DELETE,
    "join_request.organization_id": DELETE,
    # as a vendor: how its solutions stood, what its people wrote and how they can be reached
    "lead.organization_id": DELETE,
    "link_import.organization_id": DELETE,
    "membership.organization_id": DELETE,
    "saved_search.organization_id": DELETE,
    # with systems, levels, papers and their files, self-checks
    "site.organization_id": DELETE,
    # a sign-in is its person's, who acts for nobody now
    "user_session.organization_id": RELEASE,
    "listing.organization_id": UNJUDGED,
    "stored_file.organization_id": UNJUDGED,
    # the operator's record, and what others were shown and decided by
    "abuse_report.organization_id": KEEP,
    "certificate.validator_id": KEEP,
    "deletion_request.organization_id": KEEP,
    "organization_role.organization_id": KEEP,
    "review.validator_id": KEEP,
    "support_access.organization_id": KEEP,
    # theirs whom it was told or made for; the bytes of a copy go
    "data_export.organization_id": KEEP,
    "notice.organization_id": KEEP,
}
#: What the withdrawn pages would say to their owner, if there still were one.
REASON = "deleted at its owner's request"


def ask(session: Session, organization: Organization, user: User, reason: str) -> DeletionRequest:
    """Ask the operator to delete the organization; a request that waits is answered again.

    Raises:
        NotAllowed: it is the operator's own.
    """
    if organization.plays(OPERATOR):
        raise NotAllowed("deletion.operator")
    joining.lock(session, organization.id)
    waiting = open_request(session, organization)
    if waiting is not None:
        return waiting
    row = DeletionRequest(organization=organization, user=user, reason=reason, state=WAITING)
    session.add(row)
    session.flush()  # the notice names it
    notices.tell(
        session,
        "deletion.asked",
        key=row.public_id,
        link=f"/console/deletions/{row.public_id}",
        about=row,
        users=notices.operators(session),
        params={"organization": organization.name},
    )
    return row


def open_request(session: Session, organization: Organization) -> DeletionRequest | None:
    """The request that waits, if any."""
    rows = select(DeletionRequest).where(DeletionRequest.organization_id == organization.id)
    return session.scalar(rows.where(DeletionRequest.state == WAITING).limit(1))


def withdraw(session: Session, request: DeletionRequest, now: datetime) -> None:
    """Take the request back. Raises Conflict: it was answered before."""
    _end(session, request, WITHDRAWN, now)


def refuse(session: Session, request: DeletionRequest, answer: str, now: datetime) -> None:
    """Say why not. Raises Conflict: it was answered before."""
    _end(session, request, REFUSED, now)
    request.answer = answer
    notices.tell(
        session,
        "deletion.refused",
        key=request.public_id,
        link="/organization/data",
        about=request,
        organization=request.organization,
        params={"organization": request.organization.name},
    )


def carry_out(
    session: Session, request: DeletionRequest, author: str, store: FileStore, now: datetime
) -> None:
    """Delete what is the organization's alone; what is published or was judged stays on record, out of the catalogue.

    Raises:
        Conflict: it was answered before, or a validator is judging one of its listings.
    """
    _end(session, request, DONE, now)
    own = request.organization
    people = session.scalars(select(User).join(Membership).where(Membership.organization_id == own.id)).all()
    notices.tell(
        session,
        "deletion.done",
        key=request.public_id,
        link="/account",
        about=request,
        users=people,
        params={"organization": own.name},
    )
    bundles.forget(session, own, clock.day_of(now), called=NOBODY)
    kept = _close_shelf(session, own, author, store, now)
    links.forget(session, own, called=NOBODY)
    demands.unname(session, own)
    _leave_alliances(session, own, now)
    _empty_plants(session, own, store)
    _send_away(session, own)
    own.description = own.description_en = ""
    own.region = own.capacity_per_quarter = own.capacity_as_of = None
    if not kept:
        own.name, own.name_en, own.registration_number = NOBODY, "", None
    session.flush()


def _leave_alliances(session: Session, own: Organization, now: datetime) -> None:
    """It is a member no more, and what it ran is dissolved; the other members hear of that."""
    today = clock.day_of(now)
    run = select(Alliance).where(Alliance.coordinator_id == own.id)
    for alliance in session.scalars(run):
        runs.forget(session, alliance)
    belonged = {
        alliance.id: [member.organization for member in standing.standing_members(alliance, today)]
        for alliance in session.scalars(run)
    }
    for alliance in forgetting.forget(session, own, today, called=NOBODY):
        others = [organization for organization in belonged[alliance.id] if organization.id != own.id]
        tell_of_dissolution(session, alliance, others, demands.unshare(session, alliance))


def _end(session: Session, request: DeletionRequest, state: str, now: datetime) -> None:
    joining.lock(session, request.organization_id)
    session.refresh(request, ["state"])
    if request.state != WAITING:
        raise Conflict("deletion.answered")
    request.state, request.answered_at = state, now


def _close_shelf(session: Session, own: Organization, author: str, store: FileStore, now: datetime) -> bool:
    """Take what is public out of the catalogue and delete what nobody ever judged; whether anything stays."""
    shelf = session.scalars(select(Listing).where(Listing.organization_id == own.id)).all()
    mine = select(Review).where(Review.listing_id.in_([listing.id for listing in shelf]))
    if session.scalar(mine.where(Review.state == TAKEN).limit(1)) is not None:
        raise Conflict("deletion.review")
    kept = False
    for listing in shelf:
        if session.scalar(mine.where(Review.listing_id == listing.id, Review.state == IN_QUEUE)) is not None:
            publishing.recall(session, listing, of_bundle=listing.kind == BUNDLE)
        if listing.live_release is not None:
            publishing.suspend(session, listing, reason=REASON, author=author, now=now)
        session.flush()
        judged = session.scalar(select(Review.id).where(Review.listing_id == listing.id).limit(1))
        released = session.scalar(select(Release.id).where(Release.listing_id == listing.id).limit(1))
        if judged is not None or released is not None:
            kept = True
            continue
        for record in listing.evidence:
            for stored in record.files:
                keeping.delete(session, store, stored.storage_key)
        session.delete(listing)
    return kept or session.scalar(select(Review.id).where(Review.validator_id == own.id).limit(1)) is not None


def _empty_plants(session: Session, own: Organization, store: FileStore) -> None:
    wanted = select(Demand.id).where(Demand.organization_id == own.id)
    for found in session.scalars(select(MatchList).where(MatchList.demand_id.in_(wanted))).all():
        session.delete(found)
    session.flush()
    stated = session.scalars(select(Demand).where(Demand.organization_id == own.id)).all()
    runs.forget_demands(session, [demand.public_id for demand in stated])
    for demand in stated:
        session.delete(demand)
    session.flush()
    for site in session.scalars(select(Site).where(Site.organization_id == own.id)).all():
        for run in session.scalars(select(SelfCheck).where(SelfCheck.site_id == site.id)).all():
            session.delete(run)
        session.flush()  # the runs point at the statements that go next
        _drop_papers(session, site, store)
        session.execute(delete(Assessment).where(Assessment.site_id == site.id))
        session.delete(site)
    session.flush()


def _drop_papers(session: Session, site: Site, store: FileStore) -> None:
    papers = session.scalars(select(LevelCertificate).where(LevelCertificate.site_id == site.id)).all()
    for row in papers:
        stored = row.file
        session.delete(row)
        session.flush()  # the paper points at its file
        keeping.delete(session, store, stored.storage_key)
        session.delete(stored)


def _send_away(session: Session, own: Organization) -> None:
    """Nobody acts for it any more, nothing is sent to it, and no row names it that should not."""
    exports = select(DataExport).where(DataExport.organization_id == own.id, DataExport.state == READY)
    for row in session.scalars(exports).all():
        own_data.forget(session, row)
    for place, decision in DECISIONS.items():
        name, column = place.split(".")
        table: Table = Base.metadata.tables[name]
        theirs = table.c[column] == own.id
        if decision == DELETE:
            session.execute(delete(table).where(theirs))
        elif decision == RELEASE:
            session.execute(update(table).where(theirs).values({column: None}))
