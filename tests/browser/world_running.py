"""What the quiet world shows an operator, and programs: work put aside, editions, rules, notices, tokens, webhooks.

maker      has more notices than a page holds, tokens of every age, webhooks that work, fail and are off
buyer      has as many webhooks as there may be
boss       finds work put aside, a backup that failed, editions and rules in every state
"""

from datetime import timedelta
from urllib.parse import urlsplit

from catalog.clock import day_of
from catalog.db import utcnow
from catalog.models import ProgrammeRule
from catalog.models.programme import DRAFT, ENDED, PUBLISHED
from catalog.outbox import DEAD, OutboxMessage
from marketplace import mail
from marketplace.accounts import tokens
from marketplace.accounts.models import User
from marketplace.hooks import delivering, endpoints
from marketplace.hooks.models import DELIVERED, FAILED, Hook, HookDelivery
from marketplace.notices import unsubscribing
from marketplace.notices.models import DAILY, Notice
from marketplace.operations.backup_runs import DONE, BackupRun
from marketplace.operations.backup_runs import FAILED as BROKEN
from matching import editions

LONG = "아주긴이름의프로그램" * 8
LONG_URL = "https://erp.hanul.example/" + "a-very-long-path-" * 20
ERROR = "535 5.7.8 authentication failed for somebody@hanul.example " * 8
LATER = timedelta(days=30)
EVENTS = ["review.approved", "review.sent_back", "match.new"]


def make(session, own, people):
    """Fill the database; answers {name: path} of what only this module knows how to reach."""
    makers = session.get(User, people["maker"].user_key)
    _backups(session)
    _notices(session, makers, own["maker"])
    _tokens(session, makers, own["maker"])
    stop = unsubscribing.address(makers, "match.new")
    return {
        "stop": urlsplit(stop).path,
        **_put_aside(session),
        **_editions(session),
        **_rules(session),
        **_hooks(session, own["maker"], own["buyer"]),
    }


def _put_aside(session):
    """Mails and deliveries that the worker gave up."""
    letter = {"to": f"{'x' * 60}@hanul.example", "subject": LONG, "body": LONG * 9}
    rows = [
        OutboxMessage(topic=mail.TOPIC, key=f"{mail.TOPIC}:{LONG}", payload=letter, last_error=ERROR),
        OutboxMessage(topic=mail.TOPIC, key=f"{mail.TOPIC}:one", payload={**letter, "subject": "한 줄"}),
        OutboxMessage(topic=delivering.TOPIC, key=f"{delivering.TOPIC}:one:9", payload={"try": 9}),
    ]
    for row in rows:
        row.state, row.tries, row.last_error = DEAD, 9, row.last_error or "connection refused"
    session.add_all(rows)
    session.flush()
    return {"dead": f"/console/outbox/{rows[0].id}"}


def _editions(session):
    """An edition that is announced and a draft of the one after it."""
    now, today = utcnow(), day_of(utcnow())
    coming = editions.draft(session, today, now)
    session.flush()
    editions.publish(
        session, coming, version=f"{today.year}-2", reason=LONG * 4, from_on=today + LATER,
        revision=coming.revision, today=today, now=now,
    )  # fmt: skip
    draft = editions.draft(session, today, now)
    session.flush()
    return {
        "coming": f"/console/weights/{coming.public_id}",
        "draft": f"/console/weights/{draft.public_id}",
    }


def _rules(session):
    """A rule in each state, each as long as it may be."""
    today, paths = day_of(utcnow()), {}
    for state in (DRAFT, PUBLISHED, ENDED):
        rule = ProgrammeRule(
            name=f"{state} {LONG}"[:120], name_en=f"{state} " + "W" * 100, body=LONG, cap_amount=10**15,
            cap_unit="consortium", rate_bp=5050, months=18, note=LONG * 12, source=LONG * 3, region="gyeongnam",
            source_url=LONG_URL, valid_from=today, valid_to=today + LATER, state=state, level="upgrade1_same",
        )  # fmt: skip
        if state == ENDED:
            rule.ended_on, rule.end_reason = today, LONG * 6
        session.add(rule)
        session.flush()
        paths[f"rule-{state}"] = f"/console/programmes/{rule.public_id}"
    return paths


def _backups(session):
    begun = utcnow() - timedelta(hours=2)
    facts = {"started_at": begun, "ended_at": utcnow(), "counts": {}, "place": "/srv/" + "backup-" * 40}
    session.add(BackupRun(verdict=DONE, files=10**6, size=10**12, **facts))
    session.add(BackupRun(verdict=BROKEN, detail=ERROR, **facts))


def _notices(session, user, organization):
    """More than a page of them, the older ones read."""
    for n in range(23):
        event = EVENTS[n % 3]
        params = {"title": LONG if n % 4 == 0 else f"솔루션 {n}", "demand": "수요", "count": 3}
        notice = Notice(
            user_id=user.id, organization_id=organization.id, event=event, key=f"{event}:{n}", link="/listings",
            about=organization.public_id, params=params, delivery=DAILY, mailed_at=utcnow(),
        )  # fmt: skip
        notice.read_at = utcnow() if n < 12 else None
        session.add(notice)


def _tokens(session, user, organization):
    """One that is past its end, one with a long name and few rights, for the person and for the organization."""
    tokens.issue(session, user, name="지난 프로그램", organization=organization)[0].expires_at = (
        utcnow() - LATER
    )
    long = tokens.issue(session, user, name=LONG, scopes=["listings:write", "inbox:read"])[0]
    long.last_used_at = utcnow()
    tokens.issue_to_organization(session, organization, name=LONG, scopes=["listings:read", "demands:write"])
    tokens.issue_to_organization(session, organization, name="우리 ERP", scopes=["listings:write"])


def _hooks(session, maker, buyer):
    now, paths = utcnow(), {}
    for name, url in {
        "works": "https://erp.hanul.example/ieum",
        "fails": LONG_URL,
        "off": LONG_URL + "off",
    }.items():
        hook = Hook(organization_id=maker.id, url=url, events=EVENTS)
        hook.failing_since = None if name == "works" else now - timedelta(days=2)
        hook.off_at = now if name == "off" else None
        hook.older_until = now + timedelta(hours=9) if name == "fails" else None
        session.add(hook)
        session.flush()
        paths[f"hook-{name}"] = f"/organization/webhooks/{hook.public_id}"
        if name != "works":
            session.add_all(_delivery(hook, n, now) for n in range(24))
    for n in range(endpoints.MAX_HOOKS):
        session.add(
            Hook(organization_id=buyer.id, url=f"https://erp{n}.hanul.example/", events=["match.new"])
        )
    return paths


def _delivery(hook, n, now):
    """One that was given up, one that arrived, by turns."""
    failed = n % 2 == 0
    return HookDelivery(
        hook_id=hook.id, event=delivering.PING if n % 5 == 0 else EVENTS[n % 3], occasion=f"occasion-{n}",
        about_type="Listing", about_id="x", link="/listings", occurred_at=now - timedelta(hours=n),
        state=FAILED if failed else DELIVERED, tries=9 if failed else 1, status=503 if n % 4 == 0 else 200,
        trouble="status" if failed else None, duration_ms=4999, tried_at=now,
    )  # fmt: skip
