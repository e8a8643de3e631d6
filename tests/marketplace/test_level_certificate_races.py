"""수준확인서 when two act at once: one effect, one clean refusal."""

import pytest
from sqlalchemy import func, select

from catalog.errors import Conflict
from marketplace.api.examples import SITE
from matching import level_certificates
from matching.models import Assessment, LevelCertificate
from tests.factories import NOW
from tests.marketplace.papers import paper
from tests.marketplace.people import person
from tests.test_concurrency import at_once


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def operators(app):
    return [person(app, "operator") for _ in range(2)]


@pytest.fixture
def path(maker):
    site = maker.api("POST", "/sites", json={**SITE, "level": None}).get_json()
    return f"/sites/{site['id']}/certificates"


def count(app, model):
    with app.extensions["database"].session(reading=True) as session:
        return session.scalar(select(func.count()).select_from(model))


def state(app):
    with app.extensions["database"].session(reading=True) as session:
        return session.scalars(select(LevelCertificate.state)).all()


def test_two_operators_at_once_give_one_answer(app, maker, operators, path):
    row_id = maker.api("POST", path, data=paper()).get_json()["id"]
    confirm = f"/level-certificates/{row_id}/confirmation"
    refuse = f"/level-certificates/{row_id}/refusal"
    given = at_once(
        lambda: operators[0].api("POST", confirm).status_code,
        lambda: operators[1].api("POST", refuse, json={"reason": "번호가 달라요."}).status_code,
    )
    assert sorted(given) == [200, 409]
    won = "confirmed" if given[0] == 200 else "refused"
    assert (state(app), count(app, Assessment)) == ([won], int(won == "confirmed"))


def test_who_answers_second_finds_it_answered(app, maker, path):
    maker.api("POST", path, data=paper())
    database = app.extensions["database"]
    with database.session() as one, database.session() as other:
        stale = other.scalars(select(LevelCertificate)).one()
        assert stale.state == "waiting"
        other.commit()
        row = one.scalars(select(LevelCertificate)).one()
        level_certificates.confirm(one, row, by="a@example.com", now=NOW)
        one.commit()
        with pytest.raises(Conflict, match=r"level_certificate\.decided"):
            level_certificates.refuse(other, stale, reason="늦었어요.", by="b@example.com", now=NOW)
        other.rollback()
    assert (state(app), count(app, Assessment)) == (["confirmed"], 1)


def test_the_same_paper_handed_in_twice_at_once_is_one(app, maker, path):
    given = at_once(*(lambda: maker.api("POST", path, data=paper()).status_code for _ in range(2)))
    assert sorted(given) == [201, 422]
    assert count(app, LevelCertificate) == 1


def test_one_number_confirmed_for_two_companies_at_once_holds_for_one(app, maker, operators, path):
    first = maker.api("POST", path, data=paper()).get_json()["id"]
    thief = person(app, "manufacturer")
    site = thief.api("POST", "/sites", json={**SITE, "level": None}).get_json()
    second = thief.api("POST", f"/sites/{site['id']}/certificates", data=paper()).get_json()["id"]
    given = at_once(
        lambda: operators[0].api("POST", f"/level-certificates/{first}/confirmation").status_code,
        lambda: operators[1].api("POST", f"/level-certificates/{second}/confirmation").status_code,
    )
    assert sorted(given) == [200, 409]
    assert (sorted(state(app)), count(app, Assessment)) == (["confirmed", "waiting"], 1)
