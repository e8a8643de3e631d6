"""Bundles by program: the whole way, who may do what, bad input at its field."""

import pytest

from catalog.models import Bundle, BundleVersion
from marketplace.accounts.models import Membership
from marketplace.api.bundle_versions import DENIED
from marketplace.api.bundles import BUNDLE
from tests import shelves
from tests.marketplace.api.refusals import check_refused
from tests.marketplace.web.looking import acting, counted, rows


def code(answer):
    return answer.status_code, answer.get_json()["errors"][0][
        "code"
    ] if answer.status_code == 422 else answer.get_json()["code"]


def test_from_the_first_line_to_the_review_desk(app, around):
    begun = around.runner.api("POST", f"/alliances/{around.alliance}/bundles", json=BUNDLE)
    assert begun.status_code == 201
    made = begun.get_json()
    assert (made["listing_state"], made["on_sale"], made["draft_number"]) == ("draft", False, 1)
    path = f"/bundles/{made['id']}"
    with acting(app) as session:
        given = shelves.changes(around.shelf(session), texts=shelves.TEXTS)
    changed = around.runner.api("PATCH", path, json={"draft_number": 1, **given}).get_json()
    assert (changed["draft_number"], changed["draft"]["price_amount"]) == (2, 90_000_000)
    check = around.runner.api("GET", f"{path}/check").get_json()
    assert (check["may_be_sent"], check["problems"], check["findings"]) == (True, [], [])
    priced = around.runner.api(
        "POST", f"{path}/price", json={"draft_number": 2, "discount_amount": 5_000_000, "save": True}
    ).get_json()
    assert (priced["price_amount"], sum(each["amount"] for each in priced["shares"])) == (85_000_000,) * 2
    around.bundle = made["id"]
    sent = around.send(days=3)
    assert (sent.status_code, sent.get_json()["state"]) == (201, "signing")
    for who in around.vendors:
        assert around.sign(who).status_code == 200
    published = around.runner.api("POST", f"{path}/versions/1/publication")
    assert (published.status_code, published.get_json()["state"]) == (200, "signed")
    assert around.inside()["listing_state"] == "submitted"


def test_what_is_sold_is_public_without_what_the_vendors_are_paid(app, around):
    guest = app.test_client()
    assert guest.get(f"/api/v1{around.path}").status_code == 404
    around.sell()
    seen = guest.get(f"/api/v1{around.path}").get_json()
    assert (seen["number"], seen["price_amount"], len(seen["items"])) == (1, 90_000_000, 3)
    assert "shares" not in seen
    assert "list_amount" not in seen["items"][0]
    listed = guest.get(f"/api/v1/alliances/{around.alliance}/bundles").get_json()
    assert [each["id"] for each in listed["items"]] == [around.bundle]


def test_the_working_copy_is_the_coordinators_alone(around):
    member, outside = around.members[0], around.outside
    for who in (member, outside):
        assert who.api("GET", f"{around.path}/inside").status_code == 404
    assert around.send().status_code == 201
    assert outside.api("GET", f"{around.path}/versions/1").status_code == 404
    seen = member.api("GET", f"{around.path}/inside").get_json()
    assert (seen["draft"], seen["draft_number"], seen["versions"][0]["state"]) == (None, None, "signing")
    assert [each["id"] for each in member.api("GET", "/organization/bundles").get_json()["items"]] == [
        around.bundle
    ]
    assert outside.api("GET", "/organization/bundles").get_json()["items"] == []
    body = {"draft_number": 2, "discount_amount": 1}
    assert member.api("PATCH", around.path, json=body).status_code == 404
    for act in ("reminders", "withdrawal", "publication"):
        assert member.api("POST", f"{around.path}/versions/1/{act}").status_code == 404
    assert around.sign(outside).status_code == 404


def test_a_signature_needs_the_right_to_sign(app, around):
    around.send()
    with acting(app) as session:
        session.query(Membership).filter_by(user_id=around.members[0].user_key).one().is_signer = False
    refused = around.sign(around.members[0])
    assert (refused.status_code, refused.get_json()["code"]) == (403, "right_missing")
    assert around.members[0].api("POST", f"{around.path}/versions/1/refusal", json=DENIED).status_code == 403


def test_a_signature_is_to_what_was_read(around):
    around.send()
    for given in ({"sha256": "0" * 64}, {"part_sha256": "0" * 64}):
        assert code(around.sign(around.runner, **given)) == (422, "bundle_other")


def test_a_refusal_ends_the_version_and_its_reason_is_the_coordinators(around):
    around.send()
    first, second = around.members
    answer = first.api("POST", f"{around.path}/versions/1/refusal", json=DENIED)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "refused")
    path = f"{around.path}/versions/1"

    def reasons(who):
        return {each["reason"] for each in who.api("GET", path).get_json()["consents"]}

    assert DENIED["reason"] in reasons(around.runner) & reasons(first)
    assert reasons(second) == {""}
    assert code(around.sign(second)) == (409, "bundle.refused")


def test_a_version_tells_what_it_changes(around):
    around.send()
    around.runner.api("PATCH", around.path, json={"draft_number": 2, "discount_amount": 1_000_000})
    around.send()
    second = around.runner.api("GET", f"{around.path}/versions/2").get_json()
    changed = {
        (each["place"], each["key"]): each["difference_amount"]
        for each in second["against_before"]["changes"]
    }
    assert changed["discount_amount", ""] == 1_000_000
    assert second["against_before"]["number"] == 1
    assert second["against_in_force"] is None
    assert [each["state"] for each in around.inside()["versions"]] == ["signing", "taken_back"]


def test_an_older_working_copy_is_neither_changed_priced_nor_sent(around):
    around.runner.api("PATCH", around.path, json={"draft_number": 2, "discount_amount": 1})
    old = {"draft_number": 2}
    asked = [
        around.runner.api("PATCH", around.path, json={**old, "discount_amount": 2}),
        around.runner.api("POST", f"{around.path}/price", json=old),
        around.runner.api("POST", f"{around.path}/price", json={**old, "save": True}),
        around.send(**old),
    ]
    assert [code(answer) for answer in asked] == [(409, "bundle.changed")] * 4


def test_a_fix_that_the_checks_offer_is_carried_out(app, around):
    with acting(app) as session:
        shelf = around.shelf(session)
        lines = shelf.items()[:2]
    around.runner.api("PATCH", around.path, json={"draft_number": 2, "items": lines})
    check = around.runner.api("GET", f"{around.path}/check").get_json()
    found = {each["code"]: each for each in check["findings"]}
    assert not check["may_be_sent"]
    fix = found["uncovered"]["fixes"][0]
    body = {"draft_number": 3, **{name: fix[name] for name in ("act", "item", "value")}}
    assert code(around.runner.api("POST", f"{around.path}/fixes", json={**body, "value": "x y"})) == (
        409,
        "bundle.fix_gone",
    )
    mended = around.runner.api("POST", f"{around.path}/fixes", json=body).get_json()
    assert mended["draft"]["price_amount"] == 70_000_000 + fix["difference_amount"]
    assert around.runner.api("GET", f"{around.path}/check").get_json()["may_be_sent"]


def test_with_a_conflict_nothing_is_sent(app, around):
    with acting(app) as session:
        lines = around.shelf(session).items()[:2]
    around.runner.api("PATCH", around.path, json={"draft_number": 2, "items": lines})
    assert code(around.send()) == (409, "bundle.conflicts")


BAD = {
    "a share of -1": ({"shares": [{"vendor": "x", "kind": "fixed", "value": -1}]}, [("/shares/0/value", "range")]),
    "a share above a trillion": (
        {"shares": [{"vendor": "x", "kind": "fixed", "value": 10**12 + 1}]}, [("/shares/0/value", "range")]
    ),
    "a discount of -1": ({"discount_amount": -1}, [("/discount_amount", "amount_range")]),
    "a discount above a trillion": ({"discount_amount": 10**12 + 1}, [("/discount_amount", "amount_range")]),
    "a discount above the price": ({"discount_amount": 90_000_001}, [("/discount_amount", "range")]),
    "shares of strangers": (
        {"shares": [{"vendor": "x", "kind": "remainder", "value": 0}]},
        [*[("/shares", "share_missing")] * 3, ("/shares/0/vendor", "share_outside")],
    ),
    "a field that is not there": ({"price": 1}, [("/price", "unknown_field")]),
    "no title": ({"texts": {"title": ""}}, [("/texts/title", "required")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_at_its_field(around, name):
    given, problems = BAD[name]
    check_refused(around.runner, "PATCH", around.path, problems, json={"draft_number": 2, **given})


def test_shares_that_do_not_sum_are_told_to_the_won(around):
    fixed = [{"vendor": who.organization_id, "kind": "fixed", "value": 30_000_001} for who in around.vendors]
    body = {"draft_number": 2, "shares": fixed}
    for save in (False, True):
        check_refused(
            around.runner,
            "POST",
            f"{around.path}/price",
            [("/shares", "shares_sum")],
            json={**body, "save": save},
        )


def test_duties_in_a_circle_are_refused(around):
    first, second, third = (who.organization_id for who in around.vendors)
    duties = [
        {"vendor": first, "hours": 8, "escalates_to": None},
        {"vendor": second, "hours": 8, "escalates_to": third},
        {"vendor": third, "hours": 8, "escalates_to": second},
    ]
    problems = [(f"/duties/{place}/escalates_to", "duty_cycle") for place in (1, 2)]
    check_refused(around.runner, "PATCH", around.path, problems, json={"draft_number": 2, "duties": duties})


def test_a_bundle_in_a_bundle_is_refused(app, around):
    around.sell()
    with acting(app) as session:
        inner = shelves.item(around.row(session).listing)
        begun = shelves.drafted(around.shelf(session)).public_id
    problems = [("/items/0/listing", "bundle_nested")]
    check_refused(
        around.runner, "PATCH", f"/bundles/{begun}", problems, json={"draft_number": 2, "items": [inner]}
    )


def test_a_demand_that_the_alliance_does_not_see_is_refused(around):
    body = {**BUNDLE, "demand_id": around.bundle}
    check_refused(
        around.runner,
        "POST",
        f"/alliances/{around.alliance}/bundles",
        [("/demand_id", "demand_unseen")],
        json=body,
    )


def test_one_won_that_is_altered_blocks_publishing(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    with acting(app) as session:
        version = session.query(BundleVersion).one()
        version.content = {**version.content, "price_amount": version.content["price_amount"] - 1}
    answer = around.runner.api("POST", f"{around.path}/versions/1/publication")
    assert code(answer) == (409, "bundle.altered")


def test_it_is_withdrawn_and_taken_back(around):
    around.send()
    back = around.runner.api("POST", f"{around.path}/versions/1/withdrawal")
    assert (back.status_code, back.get_json()["state"]) == (200, "taken_back")
    around.sell()
    gone = around.runner.api("POST", f"{around.path}/withdrawal")
    assert (gone.get_json()["on_sale"], gone.get_json()["listing_state"]) == (False, "withdrawn")
    assert code(around.runner.api("POST", f"{around.path}/withdrawal")) == (409, "bundle.not_in_force")


def test_its_listing_is_closed_to_hands(app, around):
    around.sell()
    with acting(app) as session:
        listing = around.row(session).listing.public_id
    for method, path, body in (
        ("PATCH", "", {"install_weeks": 3}),
        ("POST", "/submission", None),
        ("POST", "/edition", None),
        ("POST", "/withdrawal", None),
    ):
        answer = around.runner.api(method, f"/listings/{listing}{path}", json=body)
        assert code(answer) == (409, "listing.of_bundle"), path


def test_lists_ask_the_same_statements_whatever_their_number(app, around):
    def asked():
        with counted(app) as sent:
            assert around.runner.api("GET", "/organization/bundles").status_code == 200
        return len(sent)

    few = asked()
    with acting(app) as session:
        shelf = around.shelf(session)
        for _ in range(4):
            shelves.signed(shelf, shelves.drafted(shelf))
    assert asked() <= few + 2  # versions and consents, once there are any
    assert len(rows(app, Bundle.__table__.select().with_only_columns(Bundle.id))) == 5
