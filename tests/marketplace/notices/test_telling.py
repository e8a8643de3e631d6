"""Who is told of an event, how, in which language, how often."""

import re

import pytest
from sqlalchemy import select

from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import config, extensions, notices, worker
from marketplace.accounts.models import Membership, User
from marketplace.notices import events, preferences
from marketplace.notices.models import DAILY, DELIVERIES, NONE, NOW, Notice
from marketplace.wording.notices import NOTICES
from tests import factories
from tests.marketplace.mailbox import asked, in_folder
from tests.marketplace.people import person


def colleague(session, organization, name, **rights):
    user = User(email=f"{name}@example.com", name=name, email_proved_at=extensions.now())
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organization_id=organization.id, **rights))
    session.flush()
    return user


@pytest.fixture
def company(app, session):
    """A company with its admin (from `person`) and one plain member."""
    with app.test_request_context():
        owner = person(app, "vendor", name="가람", email="boss@example.com")
        organization = session.get(Organization, owner.organization_key)
        colleague(session, organization, "plain")
        yield organization


def tell(session, organization, event="review.approved", key="k", **more):
    params = {"title": "웰드아이", "title_en": "WeldEye", "organization": "가람", "demand": "불량 줄이기"}
    told = {
        "link": "/listings/1",
        "about": organization,
        "organization": organization,
        "params": params,
        **more,
    }
    notices.tell(session, event, key=key, **told)
    session.flush()


def told(session):
    rows = session.execute(select(User.email, Notice.event).join(Notice, Notice.user_id == User.id))
    return sorted(tuple(row) for row in rows)


def test_every_event_has_words_and_every_word_an_event():
    assert list(NOTICES) == list(events.EVENTS)
    for code, event in events.EVENTS.items():
        assert event.delivery in DELIVERIES, code
        assert not event.duty or event.delivery == NOW, code


def test_all_members_hear_or_those_with_the_right(session, company):
    tell(session, company)
    tell(session, company, "organization.confirmed")
    assert told(session) == [
        ("boss@example.com", "organization.confirmed"),
        ("boss@example.com", "review.approved"),
        ("plain@example.com", "review.approved"),
    ]


def test_a_key_is_told_once_and_people_named_besides_hear_it_once(session, company):
    plain = session.scalars(select(User).where(User.email == "plain@example.com")).one()
    for _twice in range(2):
        tell(session, company, users=[plain])
    tell(session, None, key="another", about=company, users=[plain])
    assert told(session) == [
        ("boss@example.com", "review.approved"),
        ("plain@example.com", "review.approved"),
        ("plain@example.com", "review.approved"),
    ]
    assert len(asked(session)) == 3


def test_a_later_colleague_of_a_known_key_is_told_alone(session, company):
    tell(session, company)
    colleague(session, company, "late")
    tell(session, company)
    assert [to for to, _subject in asked(session)] == [
        "boss@example.com",
        "plain@example.com",
        "late@example.com",
    ]


def test_what_is_rolled_back_is_told_to_nobody(session, company):
    session.commit()
    tell(session, company)
    session.rollback()
    assert (told(session), asked(session)) == ([], [])


def test_mail_follows_the_persons_choice_and_the_bell_always_rings(session, company):
    boss, plain = session.scalars(select(User).order_by(User.id)).all()
    preferences.choose(session, boss, {"review.approved": NONE})
    preferences.choose(session, plain, {"review.approved": DAILY})
    tell(session, company)
    assert [notice.delivery for notice in session.scalars(select(Notice).order_by(Notice.user_id))] == [
        NONE,
        DAILY,
    ]
    assert asked(session) == []


@pytest.mark.parametrize("change", [{"email_proved_at": None}, {"suspended_at": factories.NOW}])
def test_no_mail_to_an_address_that_is_not_proved_or_a_person_kept_out(session, company, change):
    for user in session.scalars(select(User)):
        for name, value in change.items():
            setattr(user, name, value)
    tell(session, company)
    assert len(told(session)) == 2
    assert asked(session) == []


def test_a_demo_account_counts_as_proved(session, company):
    user = session.scalars(select(User).where(User.email == "plain@example.com")).one()
    user.email, user.email_proved_at = config.DEMO_EMAILS[0], None
    tell(session, company)
    assert config.DEMO_EMAILS[0] in [to for to, _subject in asked(session)]


def test_a_duty_is_mailed_at_once_without_proof_and_without_a_way_out(session, company):
    for user in session.scalars(select(User)):
        user.email_proved_at = None
    assert events.EVENTS["account.password_changed"].duty
    tell(session, company, "account.password_changed")
    payloads = [message.payload for message in session.scalars(select(OutboxMessage))]
    assert len(payloads) == 2
    assert all(
        "unsubscribe" not in payload and "/unsubscribe/" not in payload["body"] for payload in payloads
    )


def test_the_mail_is_in_the_persons_language_with_a_link_and_a_way_out(session, company, app, tmp_path):
    _boss, plain = session.scalars(select(User).order_by(User.id)).all()
    plain.locale = "en"
    tell(session, company)
    session.commit()
    worker.drain(app)
    korean, english = sorted(in_folder(tmp_path / "mail"), key=lambda letter: letter["To"])
    assert korean["Subject"] == "[이음] ‘웰드아이’ 심사 결과"
    assert english["Subject"] != korean["Subject"]
    assert "WeldEye" in english["Subject"]
    for letter in (korean, english):
        text = letter.get_content()
        assert "http://127.0.0.1:8000/listings/1\n" in text
        (leave,) = re.findall(r"http://127.0.0.1:8000/unsubscribe/\S+", text)
        assert letter["List-Unsubscribe"].strip() == f"<{leave}>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "검증기관이 ‘웰드아이’를 승인했어요." in korean.get_content()


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "listings/1"])
def test_a_notice_leads_nowhere_else(session, company, link):
    with pytest.raises(ValueError, match=r"listings|elsewhere"):
        tell(session, company, link=link)
    assert told(session) == []


def test_a_name_with_line_ends_stays_in_its_line(session, company, app, tmp_path):
    tell(session, company, params={"title": "나쁜\r\nBcc: all@example.com", "title_en": ""})
    session.commit()
    worker.drain(app)
    for letter in in_folder(tmp_path / "mail"):
        assert letter["Bcc"] is None
        assert letter["Subject"] == "[이음] ‘나쁜 Bcc: all@example.com’ 심사 결과"


def test_operators_are_those_who_work_for_the_operator(app, session):
    operator = person(app, "operator")
    person(app, "vendor")
    assert [user.email for user in notices.operators(session)] == [operator.email]
