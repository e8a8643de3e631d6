"""Screens of bundles: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

SERVER = "bundled"
LONG = "가나다라마바사아자차" * 30


def at(endpoint, name, who="runner", tail="", **kwargs):
    """A screen of a bundle that `world_bundles` names."""
    return Screen(endpoint, f"@{name}{tail}", who, SERVER, **kwargs)


def bad(endpoint, name, tail, typed, status=422, **kwargs):
    """The screen of a form of a bundle that is not accepted."""
    return refused(endpoint, f"@{name}{tail}", "runner", server=SERVER, typed=typed, status=status, **kwargs)


SCREENS = [
    at("bundles.show", "sold", ""),
    at("bundles.show", "sold", "buyer"),
    at("bundles.show", "sold"),
    at("bundles.show", "broken", "buyer"),
    Screen("bundles.show", f"/bundles/{NOWHERE}", status=404),
    at("bundles.show", "amended", "buyer"),
    at("bundles.past", "amended", "buyer", "/sold/1"),
    at("bundle_work.board", "mended", tail="/board"),
    at("bundle_life.show", "mended", tail="/versions/1"),
    at("bundle_life.show", "mended", "second", "/versions/1"),
    at("bundle_life.show", "taken", tail="/versions/1"),
    at("reviews.show", "waiting_review", "judge"),
    at("reviews.show", "taken_review", "judge"),
    at("reviews.bundle", "taken_review", "judge", "/bundle"),
    at("reviews.show", "mended_review", "judge"),
    at("alliances.show", "alliance", "buyer"),
    at("bundle_work.index", "list"),
    at("bundle_work.index", "list", "second"),
    at("bundle_work.new", "list", tail="/new"),
    bad("bundle_work.new", "list", "/new", {"texts/title": "", "texts/title_en": LONG}),
    at("bundle_work.board", "sold", tail="/board"),
    at("bundle_work.board", "gaps", tail="/board"),
    at("bundle_work.board", "begun", tail="/board"),
    at("bundle_work.board", "broken", tail="/board"),
    at("bundle_work.board", "sold", "second", "/board", status=404),
    at("bundle_edit.goal", "gaps", tail="/goal"),
    at("bundle_edit.goal", "begun", tail="/goal"),
    bad("bundle_edit.goal", "gaps", "/goal", {"texts/title": ""}),
    at("bundle_edit.items", "sold", tail="/items"),
    bad("bundle_edit.items", "sold", "/items", {"items/0/quantity": "0"}),
    at("bundle_edit.choose", "gaps", tail="/items/new"),
    at("bundle_edit.price", "sold", tail="/price"),
    bad("bundle_edit.price", "sold", "/price", {"discount_amount": "-1"}),
    at("bundle_edit.duties", "sold", tail="/duties"),
    bad("bundle_edit.duties", "sold", "/duties", {"duties/0/hours": "9999"}),
    at("bundle_life.confirm_sending", "sold", tail="/sending"),
    at("bundle_life.confirm_sending", "gaps", tail="/sending"),
    at("bundle_life.confirm_sending", "amended", tail="/sending"),
    bad("bundle_life.confirm_sending", "amended", "/sending", {"days": "0"}),
    at("bundle_life.index", "sold", tail="/versions"),
    at("bundle_life.index", "sold", "second", "/versions"),
    at("bundle_life.index", "begun", tail="/versions"),
    at("bundle_life.show", "sold", tail="/versions/2"),
    at("bundle_life.show", "sold", tail="/versions/1"),
    at("bundle_life.show", "signed", tail="/versions/1"),
    at("bundle_life.show", "sold", "second", "/versions/2"),
    at("bundle_life.confirm_publication", "signed", tail="/versions/1/publication"),
    at("bundle_life.confirm_recall", "signed", tail="/versions/1/recall"),
    at("bundle_life.confirm_withdrawal", "sold", tail="/versions/1/withdrawal"),
    Screen("bundle_consents.index", "/bundles/consents", "second", SERVER),
    Screen("bundle_consents.index", "/bundles/consents", "stranger", SERVER),
    at("bundle_consents.show", "sold", "second", "/versions/2/consent"),
    at("bundle_consents.show", "sold", "clerk", "/versions/2/consent"),
    at("bundle_consents.show", "sold", "second", "/versions/1/consent"),
    refused(
        "bundle_consents.show",
        "@sold/versions/2/consent",
        "second",
        "form[action$='/signature']",
        SERVER,
        typed={},
    ),
    at("listings.edit", "listing"),
]
