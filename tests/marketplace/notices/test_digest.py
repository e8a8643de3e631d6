"""The daily digest: one mail a person and Korean day, whatever dies meanwhile; and what happens without the guards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from catalog import outbox
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import extensions, mail, notices, worker
from marketplace.accounts.models import User
from marketplace.notices import digest, preferences
from marketplace.notices.models import DAILY, NONE, NOW, Notice
from tests.marketplace.mailbox import in_folder
from tests.marketplace.people import person
from tests.marketplace.relay import DIES, RELAY, STEPS, end_leases, relay

#: 08:00 in Korea on 21 November.
EIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def readers(app):
    """Two people of two companies."""
    return [person(app, "manufacturer"), person(app, "manufacturer")]


@pytest.fixture
def happen(app, session, monkeypatch):
    """Something that is told daily, to one person, at a moment."""

    def at(moment, who, key="k"):
        monkeypatch.setattr(extensions, "now", lambda: moment)
        organization = session.get(Organization, who.organization_key)
        params = {"demand": "불량 줄이기", "title": f"솔루션 {key}", "title_en": ""}
        with app.app_context():
            notices.tell(
                session,
                "match.new",
                key=key,
                link=f"/demands/{key}/matches",
                about=organization,
                organization=organization,
                params=params,
            )
        session.commit()

    return at


def ring(session, moment):
    digest.ask_due(session, moment)
    session.commit()


def due(session):
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == digest.TOPIC))
    return sorted((row.payload["user"], row.payload["day"]) for row in rows)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (EIGHT, date(2026, 11, 21)),
        (EIGHT - MINUTE, date(2026, 11, 20)),
        (datetime(2026, 11, 21, 14, 59, tzinfo=UTC), date(2026, 11, 21)),  # 23:59 in Korea
        (
            datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
            date(2026, 11, 21),
        ),  # 00:00 of the 22nd: 08:00 is still to come
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),  # the new year begins in Korea first
    ],
)
def test_the_day_is_korean_and_begins_at_eight(moment, day):
    assert digest.day_of_digest(moment) == day


def test_what_happened_around_midnight_in_korea_comes_in_one_mail(app, session, readers, happen, tmp_path):
    reader = readers[0]
    happen(datetime(2026, 11, 20, 14, 59, tzinfo=UTC), reader, "before")  # 23:59 on the 20th
    happen(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), reader, "after")  # 00:00 on the 21st
    happen(EIGHT, reader, "late")  # belongs to the next morning
    ring(session, EIGHT - MINUTE)
    assert due(session) == []
    for _twice in range(2):
        ring(session, EIGHT)
        worker.drain(app)
    (letter,) = in_folder(tmp_path / "mail")
    text = letter.get_content()
    assert (letter["To"], letter["Subject"]) == (reader.email, "[이음] 어제부터 온 소식 2건")
    assert text.index("/demands/before/matches") < text.index("/demands/after/matches")
    assert "/demands/late/matches" not in text
    assert "/unsubscribe/" in letter["List-Unsubscribe"]
    ring(session, EIGHT + timedelta(days=1))
    worker.drain(app)
    assert len(in_folder(tmp_path / "mail")) == 2


def test_a_worker_that_was_away_catches_up_with_one_mail(app, session, readers, happen, tmp_path):
    happen(EIGHT - MINUTE, readers[0], "a")
    happen(EIGHT + MINUTE, readers[0], "b")
    ring(session, EIGHT + timedelta(days=3))
    worker.drain(app)
    (letter,) = in_folder(tmp_path / "mail")
    assert letter["Subject"] == "[이음] 어제부터 온 소식 2건"


def test_each_person_gets_their_own(app, session, readers, happen, tmp_path):
    for reader in readers:
        happen(EIGHT - MINUTE, reader, f"of-{reader.user_key}")
    ring(session, EIGHT)
    worker.drain(app)
    letters = {letter["To"]: letter.get_content() for letter in in_folder(tmp_path / "mail")}
    assert len(letters) == 2
    for reader, other in (readers, readers[::-1]):
        assert f"of-{reader.user_key}" in letters[reader.email]
        assert f"of-{other.user_key}" not in letters[reader.email]


@pytest.mark.parametrize("change", ["off", "unproved"])
def test_what_is_switched_off_or_unproved_by_morning_is_not_mailed(
    app, session, readers, happen, tmp_path, change
):
    happen(EIGHT - MINUTE, readers[0])
    user = session.get(User, readers[0].user_key)
    if change == "off":
        preferences.choose(session, user, {"match.new": NONE})
    else:
        user.email_proved_at = None
    ring(session, EIGHT)
    worker.drain(app)
    assert in_folder(tmp_path / "mail") == []
    preferences.choose(session, user, {"match.new": DAILY})
    user.email_proved_at = EIGHT
    ring(session, EIGHT + timedelta(days=1))
    worker.drain(app)
    assert in_folder(tmp_path / "mail") == []


def test_what_was_mailed_at_once_is_not_in_the_digest(app, session, readers, happen, tmp_path):
    preferences.choose(session, session.get(User, readers[0].user_key), {"match.new": NOW})
    happen(EIGHT - MINUTE, readers[0])
    ring(session, EIGHT)
    worker.drain(app)
    (letter,) = in_folder(tmp_path / "mail")
    assert "불량 줄이기" in letter["Subject"]


def test_the_running_worker_makes_digests(app, session, readers, happen):
    happen(EIGHT - MINUTE, readers[0])
    worker.tick(app, EIGHT)
    assert len(due(session)) == 1


@pytest.fixture
def waiting(session, readers, happen):
    """Two people's digests, recorded and not yet written."""
    for reader in readers:
        happen(EIGHT - MINUTE, reader, f"of-{reader.user_key}")
    ring(session, EIGHT)
    return session


@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_nothing(waiting, settings, tmp_path, step):
    assert relay(settings, crash_at=step) == DIES
    end_leases(waiting)
    assert relay(settings) == 0
    assert len(in_folder(tmp_path / "mail")) == 2
    states = waiting.scalars(select(OutboxMessage.state)).all()
    assert states == [outbox.DONE] * 4
    assert waiting.scalar(select(func.count(Notice.id)).where(Notice.mailed_at.is_(None))) == 0


#: The same relay without the two guards: no notice is marked, and no mail is known by person and day.
UNGUARDED = (
    "import uuid; from marketplace import mail; from marketplace.notices import digest; "
    "real, ask = digest._waiting, mail.ask; "
    "digest._waiting = lambda day: (real(day)[0], real(day)[2]); "
    "mail.ask = lambda session, key, **rest: ask(session, key=uuid.uuid4().hex, **rest); " + RELAY
)


def test_without_the_guards_the_same_death_doubles(waiting, settings, tmp_path):
    assert relay(settings, UNGUARDED, crash_at="outbox.acted") == DIES
    end_leases(waiting)
    assert relay(settings, UNGUARDED) == 0
    asked = select(func.count(OutboxMessage.id)).where(OutboxMessage.topic == mail.TOPIC)
    assert waiting.scalar(asked) == 3
    assert len(in_folder(tmp_path / "mail")) == 3
