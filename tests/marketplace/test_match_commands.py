"""flask match run, replay, judge: one JSON object, exit 0 holds, 1 does not, 2 bad input."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from marketplace import extensions
from marketplace.audit import AuditEntry
from matching.models import Demand, Match, MatchList
from matching.scoring.weights import AXES
from tests import factories


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def run(app):
    """Run `flask match …` in the test's application."""
    return lambda *args: app.test_cli_runner().invoke(args=["match", *args])


@pytest.fixture
def demand(app, session):
    """An open demand over two public listings, one of them in another region; its public id."""
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    files = app.extensions["files"]
    factories.published(session, vendor, validator, files, title="가")
    factories.published(session, vendor, validator, files, title="나", regions=["jeju"])
    found = factories.demand(session, factories.site(session, factories.company(session, "manufacturer")))
    session.commit()
    return found.public_id


def test_run_prints_the_list_and_keeps_it(run, session, demand):
    result = run("run", demand, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert set(answer) == {"list_id", "weights", "revision", "items", "excluded"}
    (item,) = answer["items"]
    assert set(item) == {"listing", "score", "axes", "unknown", "policy", "text", "reasons"}
    assert list(item["axes"]) == list(AXES)
    assert item["unknown"] == ["supply_chain", "capacity"]
    assert all(set(reason) == {"axis", "sign", "text"} for reason in item["reasons"])
    (left,) = answer["excluded"]
    assert (set(left), left["code"]) == ({"listing", "code", "text"}, "region")
    kept = session.scalars(select(MatchList)).one()
    assert kept.public_id == answer["list_id"]
    assert session.scalars(select(AuditEntry.act)).all().count("demand.match") == 1


def test_replay_says_same_and_after_tampering_names_the_difference(run, session, demand):
    list_id = json.loads(run("run", demand, "--json").stdout)["list_id"]
    same = run("replay", list_id, "--json")
    assert (same.exit_code, json.loads(same.stdout)) == (0, {"same": True})

    match = session.scalars(select(Match)).one()
    listing, match.fit = match.listing, 12.5
    session.commit()
    differs = run("replay", list_id, "--json")
    answer = json.loads(differs.stdout)
    assert (differs.exit_code, answer["same"]) == (1, False)
    assert [(row["at"], row["field"], row["stored"]) for row in answer["differences"]] == [
        (listing, "score", 12.5)
    ]
    assert listing in run("replay", list_id).stderr


def test_bad_input_is_exit_2_and_keeps_nothing(run, session, demand):
    for args in (["run", str(uuid4())], ["run", "7"], ["replay", str(uuid4())], ["judge", "--weights", "x"]):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, ""), args
    row = session.scalars(select(Demand).where(Demand.public_id == demand)).one()
    row.state = "closed"
    session.commit()
    assert run("run", demand).exit_code == 2
    assert session.scalars(select(MatchList)).all() == []


def test_judge_says_that_the_score_is_above_the_rates(run):
    result = run("judge", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["better"], answer["version"]) == (0, True, "2026-1")
    assert answer["fit"]["held_out"] > answer["portal"]["held_out"]
    assert "without price" in run("judge").stdout
