"""Two acts at once around one bundle: one effect, one clean refusal."""

from sqlalchemy import func, select

from catalog.bundles import signing
from catalog.errors import Conflict
from catalog.models import BundleConsent, BundleVersion, Organization, Review
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from tests import shelves
from tests.factories import TODAY
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


def answers(slow, waiting, vendor):
    """What each answer of a vendor that was asked for its signature is refused with, if it is."""
    mine = next(each for each in waiting.consents if each.organization_id == vendor.id)
    hashes = {"sha256": waiting.sha256, "part_sha256": mine.part_sha256}
    for act in (
        lambda: signing.sign(slow, waiting, vendor, shelves.SIGNER, TODAY, **hashes),
        lambda: signing.deny(slow, waiting, vendor, shelves.SIGNER, TODAY, reason="까닭"),
    ):
        try:
            act()
        except Conflict as error:
            yield error.code
        else:
            yield None


def test_a_signature_to_a_version_that_is_taken_back_meanwhile_is_refused(app, around):
    """Staged: one side has read the version, the other takes it back, and only then the first signs, or refuses."""
    around.send()
    database = app.extensions["database"]
    with database.session() as slow, database.session() as quick:
        waiting = around.row(slow).open_version
        vendor = slow.get_one(Organization, around.members[0].organization_key)
        assert (waiting.state, {each.state for each in waiting.consents}) == ("signing", {"asked"})
        slow.commit()
        signing.take_back(quick, around.row(quick).open_version, TODAY)
        quick.commit()
        refused = list(answers(slow, waiting, vendor))
        slow.rollback()
    assert refused == ["bundle.taken_back"] * 2
    assert states(app) == ["taken_back"]
    assert set(rows(app, select(BundleConsent.state))) == {"asked"}


def test_two_changes_of_one_working_copy_at_once_are_one(app, around):
    def change(won):
        return around.runner.api(
            "PATCH", around.path, json={"draft_number": 2, "discount_amount": won}
        ).status_code

    assert sorted(at_once(lambda: change(1), lambda: change(2))) == [200, 409]
    assert around.inside()["draft_number"] == 3


def test_two_sendings_at_once_leave_one_that_waits(app, around):
    def twice():
        return sorted(at_once(*(lambda: around.send().status_code for _ in range(2))))

    assert twice() == [201, 409]
    assert states(app) == ["signing"]
    body = {"draft_number": around.inside()["draft_number"], "discount_amount": 1_000_000}
    assert around.runner.api("PATCH", around.path, json=body).status_code == 200
    assert twice() == [201, 409]
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
