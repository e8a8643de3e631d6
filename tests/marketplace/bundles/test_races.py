"""Two acts at once around one bundle: one effect, one clean refusal."""

from sqlalchemy import func, select

from catalog.models import BundleConsent, BundleVersion, Review
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from tests.marketplace.web.looking import one, rows
from tests.test_concurrency import at_once


def states(app):
    return rows(app, select(BundleVersion.state).order_by(BundleVersion.number))


def test_two_signatures_of_one_vendor_at_once_are_one(app, around):
    around.send()
    given = at_once(*(lambda: around.sign(around.runner).status_code for _ in range(2)))
    assert set(given) <= {200, 409}
    assert rows(app, select(func.count()).where(BundleConsent.state == "given")) == [1]


def test_the_last_two_signatures_at_once_complete_it_once(app, around):
    around.send()
    around.sign(around.runner)
    assert at_once(*(lambda who=who: around.sign(who).status_code for who in around.members)) == [200, 200]
    assert states(app) == ["signed"]
    told = select(func.count()).where(
        Notice.event == "bundle.signed", Notice.user_id == around.runner.user_key
    )
    assert one(app, told) == 1


def test_a_signature_while_the_version_is_taken_back_is_one_of_both(app, around):
    around.send()
    given = at_once(
        lambda: around.sign(around.runner).status_code,
        lambda: around.runner.api("POST", f"{around.path}/versions/1/withdrawal").status_code,
    )
    assert given in ([200, 200], [409, 200])
    assert states(app) == ["taken_back"]


def test_two_changes_of_one_working_copy_at_once_are_one(app, around):
    def change(won):
        return around.runner.api(
            "PATCH", around.path, json={"draft_number": 2, "discount_amount": won}
        ).status_code

    assert sorted(at_once(lambda: change(1), lambda: change(2))) == [200, 409]
    assert around.inside()["draft_number"] == 3


def test_two_sendings_at_once_leave_one_that_waits(app, around):
    assert at_once(*(lambda: around.send().status_code for _ in range(2))) == [201, 201]
    assert states(app) == ["taken_back", "signing"]


def test_two_publications_at_once_are_one(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    path = f"{around.path}/versions/1/publication"
    assert sorted(at_once(*(lambda: around.runner.api("POST", path).status_code for _ in range(2)))) == [
        200,
        409,
    ]
    assert one(app, select(func.count()).select_from(Review).where(Review.state == "waiting")) == 1
    assert rows(app, select(AuditEntry.act)).count("bundle.publish") == 1
