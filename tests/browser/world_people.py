"""The people of the quiet world who show what doors, locks and colleagues can look like.

lead       admin of a crew: invitations are out, people ask to join, copies are in every state, support looked in
member     plain member of the crew, its person's own copies are in every state
double     belongs to two organizations, and asks to join a third
careful    the second factor is on, and was passed
halfway    the second factor is on, only the password was given
starting   chose a secret, has not typed a code yet
leaving    asked for the organization's deletion, refused once before
looker     operator who looks at the crew for support
"""

import hashlib
import io
from datetime import timedelta

import pyotp

from catalog.db import utcnow
from catalog.models import Organization
from marketplace.accounts import invitations, joining, passwords, proofs, second_factor
from marketplace.accounts.data_requests import ASKED, GONE, READY, DataExport
from marketplace.accounts.models import Membership, User
from marketplace.accounts.oversight import AbuseReport, SupportAccess
from marketplace.operations import closing
from tests.marketplace.people import PASSWORD, person

HOUSE = "world.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONG = "아주긴이름의회사" * 8
ROLES = {
    "lead": ["vendor", "manufacturer"],
    "double": ["manufacturer"],
    "careful": ["vendor"],
    "halfway": ["vendor"],
    "starting": ["vendor"],
    "leaving": ["vendor"],
    "looker": ["operator"],
}
ARCHIVE = b"PK\x05\x06" + bytes(18)


def sign_up(app):
    """Everybody with an organization of their own, by name."""
    return {name: person(app, *roles, email=f"{name}@{HOUSE}") for name, roles in ROLES.items()}


def make(session, people, store):
    """Fill the database; answers {name: path} of what only this module knows how to reach."""
    own = {name: session.get(Organization, who.organization_key) for name, who in people.items()}
    users = {name: session.get(User, who.user_key) for name, who in people.items()}
    users["member"] = _user(session, "member", "구성원", password_hash=passwords.hashed(PASSWORD))
    paths = _crew(session, own["lead"], users)
    for name in ("careful", "halfway", "starting"):
        users[name].totp_secret = SECRET
        users[name].totp_on_at = None if name == "starting" else utcnow()
    second_factor.renew_recovery(session, users["careful"], "")
    for who, of in (("member", None), ("lead", own["lead"])):
        _copies(session, store, users[who], of)
    closing.refuse(session, closing.ask(session, own["leaving"], users["leaving"], ""), LONG, utcnow())
    closing.ask(session, own["leaving"], users["leaving"], LONG)
    return paths | _links(session) | _reports(session, own["lead"], users["double"])


def arrive(who, page):
    """What that person does right after the password; the page is where the password led."""
    if who == "careful":
        page.locator("[name=code]").fill(pyotp.TOTP(SECRET).now())
        page.locator("main form.panel button").click()
        page.wait_for_url(lambda address: "second" not in address)
    if who == "looker":
        page.goto("/console/organizations?q=" + LONG[:10])
        page.locator("tbody th a").first.click()
        page.goto(page.url + "/support")
        page.locator("main form [name=reason]").fill("고객이 부탁해서 구성원 목록을 함께 봐요.")
        page.locator("main form").first.evaluate("form => form.requestSubmit()")
        page.wait_for_selector(".support-bar")


def _crew(session, crew, users):
    """Members, invitations and requests of one organization with a very long name."""
    crew.name = LONG
    seat = Membership(user_id=users["double"].id, organization_id=crew.id)
    seat.grant(["finance"])
    session.add_all([seat, Membership(user_id=users["member"].id, organization_id=crew.id)])
    signer = Membership(user_id=_user(session, "x" * 60, LONG).id, organization_id=crew.id)
    signer.grant(["signer"])
    session.add(signer)
    session.flush()
    paths = {}
    for name, rights in {"stranger": ["finance", "signer"], "newcomer": [], "idle": ["admin"]}.items():
        made = invitations.invite(session, crew, users["lead"], email=f"{name}@{HOUSE}", rights=rights)
        paths[f"invited-{name}"] = f"/invitations/{made[1]}"
    for n, message in enumerate(["", LONG * 3]):
        asker = _user(session, f"asker{n}", f"합류하려는 사람 {n + 1}")
        joining.ask_to_join(session, asker, crew.registration_number, message)
    look = SupportAccess(organization=crew, operator_email=f"boss@{HOUSE}", reason=LONG * 3, session_id=None)
    look.created_at, look.ends_at = utcnow() - timedelta(hours=3), utcnow() - timedelta(hours=2)
    session.add(look)
    return paths


def _copies(session, store, user, organization):
    """A copy that waits, one to be fetched, one whose week is over."""
    for state in (GONE, READY, ASKED):
        row = DataExport(user=user, organization=organization, state=state)
        session.add(row)
        session.flush()
        if state == READY:
            store.put(row.storage_key, io.BytesIO(ARCHIVE))
            row.size, row.sha256 = len(ARCHIVE), hashlib.sha256(ARCHIVE).hexdigest()
            row.expires_at = utcnow() + timedelta(days=6)


def _links(session):
    """Links of mails: an address to prove, one that somebody took meanwhile."""
    unproved = _user(session, "unproved", "확인 전", email_proved_at=None)
    late = _user(session, "late", "늦은 사람")
    paths = {
        "proof": f"/confirm-email/{proofs.ask(session, unproved)}",
        "late": f"/confirm-email/{proofs.ask_change(session, late, f'taken@{HOUSE}')}",
    }
    taker = _user(session, "taken", "먼저 온 사람")
    reset = proofs.ask_reset(session, taker.email)
    return paths | {"reset": f"/welcome/{reset[1]}"}


def _reports(session, vendor, reporter):
    """Reports that were answered, one way and the other."""
    paths = {}
    for state in ("suspended", "no_action"):
        row = AbuseReport(
            organization=vendor, reporter_id=reporter.id, reason="other", text=LONG, source="", state=state
        )
        row.note, row.decided_by, row.decided_at = LONG, f"boss@{HOUSE}", utcnow()
        session.add(row)
        session.flush()
        paths[f"report-{state}"] = f"/reports/{row.public_id}"
    return paths


def _user(session, name, called, **facts):
    user = User(email=f"{name}@{HOUSE}", name=called[:80], **{"email_proved_at": utcnow()} | facts)
    session.add(user)
    session.flush()
    return user
