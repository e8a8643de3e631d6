"""Mail: asked for once an occasion, written as a message that a mail program opens, said to the right people only."""

from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select

from catalog.db import utcnow
from catalog.files.folder import FolderStore
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import mail, worker
from marketplace.api.examples import DECISION
from marketplace.mail import FolderMail
from marketplace.tasks import GiveUp
from tests import factories
from tests.marketplace.people import person

LETTER = {
    "to": "kim@example.com",
    "subject": "[이음] ‘웰드아이’ 심사 결과",
    "body": "승인했습니다.\n\nhttp://x/y\n",
}


@pytest.fixture
def post(tmp_path):
    return FolderMail(tmp_path / "mail", "ieum@ieum.example")


def letters(folder):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))
    ]


def test_a_letter_reads_as_it_was_written(post):
    post.deliver("mail.send:k", LETTER)
    (letter,) = letters(post.folder)
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "ieum@ieum.example",
        LETTER["to"],
        LETTER["subject"],
    )
    assert letter.get_content() == LETTER["body"]
    assert abs((parsedate_to_datetime(letter["Date"]) - utcnow()).total_seconds()) < 60
    assert letter["Message-ID"] == f"<{post.file_name('mail.send:k').removesuffix('.eml')}@ieum.example>"


@pytest.mark.parametrize("length", [1, 40, 70, 200])
def test_a_subject_keeps_every_letter_and_space(post, length):
    subject = "[이음] " + "‘WeldEye v2 비전 all@example.com’ 결과 " * (length // 20 + 1) + "x" * length
    post.deliver("k", {**LETTER, "subject": subject})
    (letter,) = letters(post.folder)
    assert letter["Subject"] == subject
    (path,) = post.folder.iterdir()
    assert max(len(line) for line in path.read_bytes().splitlines()) <= 78
    assert path.read_bytes().isascii()


def test_the_same_key_writes_the_same_file_and_another_key_another(post):
    for _twice in range(2):
        post.deliver("mail.send:k", LETTER)
    post.deliver("mail.send:other", LETTER)
    assert sorted(path.name for path in post.folder.iterdir()) == sorted(
        [post.file_name("mail.send:k"), post.file_name("mail.send:other")]
    )


def test_a_key_is_never_a_path(post):
    post.deliver("mail.send:../../x/\x00", LETTER)
    (path,) = post.folder.iterdir()
    assert path.parent == post.folder
    assert len(path.name) == 36


def test_no_line_can_be_slipped_into_the_head(post):
    with pytest.raises(GiveUp):
        post.deliver("k", {**LETTER, "to": "x@example.com\r\nBcc: all@example.com"})
    assert letters(post.folder) == []
    post.deliver("k", {**LETTER, "subject": "나쁜\r\nBcc: all@example.com"})
    (letter,) = letters(post.folder)
    assert (letter["Subject"], letter["Bcc"]) == ("나쁜 Bcc: all@example.com", None)


def test_a_long_address_fits_the_outbox(session, app, tmp_path):
    address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"
    for _twice in range(2):
        mail.ask(session, to=address, key="occasion", subject="s", body="b")
        session.commit()
    assert worker.drain(app) == 1
    assert [letter["To"] for letter in letters(tmp_path / "mail")] == [address]


@pytest.mark.parametrize("url", ["mailto:x@mail.example", "file:", "", "/var/mail"])
def test_other_ways_of_posting_are_refused(url):
    with pytest.raises(ValueError, match="MAIL_URL"):
        mail.from_url(url, "http://x")


def test_the_sender_stands_at_the_sites_own_address(tmp_path):
    assert mail.from_url(f"file:{tmp_path}", "https://ieum.example:8443").sender == "ieum@ieum.example"
    assert mail.from_url(f"file:{tmp_path}", "").sender == "ieum@localhost"


def asked(app):
    with app.extensions["database"].session(reading=True) as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == mail.TOPIC))
        return sorted((row.payload["to"], row.payload["subject"]) for row in rows)


def test_a_confirmation_is_said_once_to_the_companys_admins(app, tmp_path):
    boss, other = person(app, "operator"), person(app, "vendor")
    waiting = person(app, "vendor", confirmed=False, name="가람")
    path = f"/organizations/{waiting.organization_id}/confirmation"
    for _twice in range(2):
        assert boss.api("POST", path).status_code == 200
    assert boss.api("POST", f"/organizations/{other.organization_id}/confirmation").status_code == 200
    assert asked(app) == [(waiting.email, "[이음] 가람을 확인했습니다")]
    worker.drain(app)
    (letter,) = letters(tmp_path / "mail")
    assert (letter["To"], "http://127.0.0.1:8000/organization" in letter.get_content()) == (
        waiting.email,
        True,
    )


def test_a_decision_is_said_to_the_vendor_without_what_the_house_wrote(app, session, tmp_path):
    owner, judge = person(app, "vendor"), person(app, "validator")
    person(app, "vendor")
    organization = session.get(Organization, owner.organization_key)
    listing = factories.draft(session, organization, FolderStore(tmp_path / "files"))
    factories.submitted(session, listing)
    session.commit()
    secret = {"audience": "internal", "text": "두 번째 현장은 직접 봐야 해요."}
    word = {"audience": "vendor", "text": "표본을 나눠 적어 주세요."}
    body = {**DECISION, "decision": "send_back", "notes": [secret, word]}
    assert judge.api("POST", f"/listings/{listing.public_id}/decision", json=body).status_code == 200
    assert asked(app) == [(owner.email, "[이음] ‘웰드아이 비전’ 심사 결과")]
    worker.drain(app)
    (letter,) = letters(tmp_path / "mail")
    text = letter.get_content()
    assert "보완을 요청했어요" in text
    assert f"/listings/{listing.public_id}" in text
    assert secret["text"] not in text


def test_a_refused_decision_writes_to_nobody(app, session, tmp_path):
    owner, judge = person(app, "vendor"), person(app, "validator")
    organization = session.get(Organization, owner.organization_key)
    listing = factories.draft(session, organization, FolderStore(tmp_path / "files"))
    factories.submitted(session, listing)
    session.commit()
    body = {**DECISION, "points": {"method": 1}}
    assert judge.api("POST", f"/listings/{listing.public_id}/decision", json=body).status_code == 422
    assert asked(app) == []
