"""The bell, its page, what a person wants by mail, and the address that ends it without signing in."""

import re

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select

from catalog.models import Organization
from catalog.models.organization import VENDOR
from marketplace import notices
from marketplace.accounts.models import Membership, User
from marketplace.audit import AuditEntry
from marketplace.notices import preferences, unsubscribing
from marketplace.notices.events import EVENTS
from marketplace.notices.models import DAILY, NONE, NOW, Notice
from marketplace.wording.notices import NOTICES
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of

#: An event that nobody can switch off.
DUTY = "account.password_changed"


@pytest.fixture
def reader(app):
    return person(app, "vendor", name="가람정밀")


def happen(app, who, count=1, title="웰드아이", begin=0):
    with acting(app) as session:
        organization = session.get(Organization, who.organization_key)
        for number in range(begin, begin + count):
            notices.tell(
                session,
                "review.approved",
                key=str(number),
                link=f"/listings?n={number}",
                about=organization,
                organization=organization,
                params={"title": title, "title_en": "WeldEye"},
            )


def bell(client, path="/notices"):
    """The words at the bell in the head."""
    head = text_of(client.get(path)).split("<main", 1)[0]
    found = re.search(r'class="icon-btn bell".*?</a>', head, re.DOTALL)
    return None if found is None else re.sub(r"<[^>]+>", "", found.group(0).split(">", 1)[1])


def test_nothing_has_happened_yet(reader, app):
    page = text_of(reader.client.get("/notices"))
    assert "아직 온 소식이 없어요" in page
    assert bell(reader.client) == "알림"
    assert bell(app.test_client(), "/solutions") is None


def test_the_bell_counts_and_following_reads(app, reader):
    happen(app, reader, 2)
    assert bell(reader.client, "/") == "알림 2, 안 읽은 소식 2건"
    page = reader.client.get("/notices")
    assert "검증기관이 ‘웰드아이’를 승인했어요." in text_of(page)
    newest = re.findall(r'action="(/notices/[0-9a-f-]{36})"', text_of(page))[0]
    for _twice in range(2):
        answer = reader.post(newest)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/listings?n=1")
    assert bell(reader.client) == "알림 1, 안 읽은 소식 1건"


def test_everything_can_be_read_at_once_and_only_ones_own(app, reader):
    other = person(app, "vendor")
    happen(app, reader, 3)
    happen(app, other)
    assert reader.post("/notices/read").status_code == 303
    assert bell(reader.client) == "알림"
    assert bell(other.client) == "알림 1, 안 읽은 소식 1건"


def test_anothers_notice_is_not_there(app, reader):
    other = person(app, "vendor")
    happen(app, other)
    notice = one(app, select(Notice.public_id))
    assert reader.post(f"/notices/{notice}").status_code == 404
    assert one(app, select(Notice.read_at)) is None
    assert "웰드아이" not in text_of(reader.client.get("/notices"))


def test_following_acts_for_the_organization_that_it_is_about(app, reader):
    second = person(app, "manufacturer", name="나래산업")
    with acting(app) as session:
        session.add(Membership(user_id=reader.user_key, organization_id=second.organization_key))
    happen(app, second)
    assert "나래산업" in text_of(reader.client.get("/notices")).split("<main")[1]
    own = one(app, select(Notice.public_id).where(Notice.user_id == reader.user_key))
    assert reader.client.get("/demands").status_code == 403
    reader.post(f"/notices/{own}")
    assert reader.client.get("/demands").status_code == 200


def test_twenty_a_page_within_the_budget(app, reader):
    happen(app, reader, 21)
    with counted(app) as sent:
        page = text_of(reader.client.get("/notices"))
    assert page.count('class="bells__go"') == 20
    assert len(sent) <= 12
    assert text_of(reader.client.get("/notices?page=2")).count('class="bells__go"') == 1
    for odd in ("3", "-1", "abc", "1" + "0" * 22):
        page = text_of(reader.client.get(f"/notices?page={odd}"))
        assert "그런 쪽이 없어서 첫 쪽을 보여드려요." in page
    assert "모르는 조건은 빼고 보여드려요." in text_of(reader.client.get("/notices?q=x"))


def test_markup_in_a_title_is_text(app, reader):
    happen(app, reader, title="<script>alert(1)</script>")
    assert "<script>alert" not in reader.client.get("/notices").get_data(as_text=True)


def test_english_shows_english_words(app, reader):
    happen(app, reader)
    reader.post("/language", {"locale": "en", "next": "/"})
    assert one(app, select(User.locale).where(User.id == reader.user_key)) == "en"
    page = text_of(reader.client.get("/notices"))
    assert "WeldEye" in page
    reader.post("/language", {"locale": "xx", "next": "/"})
    assert one(app, select(User.locale).where(User.id == reader.user_key)) == "en"


def checked(page):
    """By event, the delivery that is chosen."""
    return dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))


def test_choices_are_kept_and_written_down(app, reader):
    before = checked(text_of(reader.client.get("/account/notices")))
    heard = {code: event for code, event in EVENTS.items() if event.role in (None, VENDOR) and not event.duty}
    assert not {"weights.published", "match.new"} & set(heard)
    assert before == {code: event.delivery for code, event in heard.items()}
    answer = reader.post(
        "/account/notices", {"review.approved": NONE, "listing.lifted": DAILY, "strange": "x"}
    )
    assert answer.status_code == 303
    after = checked(text_of(reader.client.get("/account/notices")))
    assert after == {**before, "review.approved": NONE, "listing.lifted": DAILY}
    assert one(app, select(AuditEntry.detail).where(AuditEntry.act == "notices.choose")) == {
        "review.approved": NONE,
        "listing.lifted": DAILY,
    }


def test_a_value_that_is_none_is_refused_and_nothing_is_kept(app, reader):
    answer = reader.post("/account/notices", {"review.approved": NONE, "match.new": "hourly"})
    assert answer.status_code == 422
    assert "정해진 값 가운데 골라 주세요." in text_of(answer)
    with acting(app) as session:
        assert preferences.of(session, reader.user_key)["review.approved"] == NOW


def test_a_duty_cannot_be_switched_off(app, reader):
    page = text_of(reader.client.get("/account/notices"))
    assert f'name="{DUTY}"' not in page
    assert str(NOTICES[DUTY].name) in page.split("늘 바로 보내요")[1].split("</p>")[0]
    assert reader.post("/account/notices", {DUTY: NONE}).status_code == 422


def way_out(app, who, event):
    with acting(app) as session:
        address = unsubscribing.address(session.get(User, who.user_key), event)
    return address.removeprefix(app.config["SITE_URL"])


def held(app, who):
    with acting(app) as session:
        return preferences.of(session, who.user_key)


def test_looking_at_the_way_out_ends_nothing(app, reader):
    answer = app.test_client().get(way_out(app, reader, "review.approved"))
    assert answer.status_code == 200
    assert "심사 승인" in text_of(answer)
    assert held(app, reader)["review.approved"] == NOW


def test_a_mail_program_ends_it_with_one_post_without_session_or_csrf(app, reader):
    path, before = way_out(app, reader, "review.approved"), held(app, reader)
    for _twice in range(2):
        answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert held(app, reader) == {**before, "review.approved": NONE}
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act == "notices.unsubscribe")) != []


def test_the_digests_way_out_ends_all_that_is_daily(app, reader):
    app.test_client().post(way_out(app, reader, None))
    after = held(app, reader)
    assert after == {
        code: NONE if event.delivery == "daily" else event.delivery for code, event in EVENTS.items()
    }


@pytest.mark.parametrize("change", ["x", "cut", "other"])
def test_a_forged_way_out_leads_nowhere(app, reader, change):
    path = way_out(app, reader, "review.approved")
    forged = {"x": path + "x", "cut": path[:-4], "other": "/unsubscribe/" + "A" * 40}[change]
    for answer in (app.test_client().get(forged), app.test_client().post(forged)):
        assert answer.status_code == 404
    assert held(app, reader)["review.approved"] == NOW


def test_a_way_out_signed_for_something_else_leads_nowhere(app, reader):
    token = URLSafeSerializer(app.config["SECRET_KEY"], salt="other").dumps(["x", None])
    assert app.test_client().post(f"/unsubscribe/{token}").status_code == 404


def test_a_page_of_an_error_shows_no_count(app, reader):
    happen(app, reader)
    assert bell(reader.client, "/there-is-no-such-page") == "알림"
    assert one(app, select(func.count(Notice.id)).where(Notice.read_at.is_(None))) == 1


def test_who_signs_up_in_english_is_written_to_in_english(app):
    client = app.test_client()
    client.set_cookie("locale", "en")
    form = {
        "email": "new@example.com",
        "password": "a long pass phrase",
        "name": "Kim",
        "csrf_token": csrf(client),
    }
    assert client.post("/sign-up", data=form).status_code == 303
    assert one(app, select(User.locale).where(User.email == "new@example.com")) == "en"
