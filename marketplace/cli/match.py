"""flask match …: make a list, compute a kept one again, measure the score by judged pairs."""

import json
import sys
from dataclasses import asdict
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy import select

from catalog.errors import Conflict, NotFound
from marketplace import audit
from marketplace.extensions import db, search_engine, today
from marketplace.journeys import plants
from marketplace.wording import reasons
from matching import editions, replay
from matching.judged import measure
from matching.models import Demand, Match, MatchList
from matching.scoring.weights import BUILT_IN

group = AppGroup("match", help="Lists of what fits a demand.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
_BAD_INPUT = 2


@group.command("run")
@click.argument("demand", type=click.UUID)
@_JSON
def run(demand: Any, as_json: bool) -> None:
    """Rank the store for a demand and keep the list. Exit 2: there is no such open demand."""
    found = db.scalar(select(Demand).where(Demand.public_id == str(demand)))
    if found is None:
        _refuse(f"DEMAND: there is no demand {demand}")
    try:
        kept = plants.match_again(db, search_engine(), found, today())
    except Conflict as refused:
        _refuse(f"DEMAND: {refused.code}")
    audit.record(db, "demand.match", kept, demand=found.public_id)
    db.commit()
    if as_json:
        click.echo(json.dumps(_list(kept), ensure_ascii=False))
        return
    for match in kept.matches:
        click.echo(f"{match.rank:>4}  {match.fit:6.2f}  {match.card['title']}  ({match.card['vendor_name']})")
    click.echo(f"list {kept.public_id}: {len(kept.matches)} ranked, {len(kept.excluded)} excluded", err=True)


@group.command("replay")
@click.argument("list_id", type=click.UUID)
@_JSON
def replay_(list_id: Any, as_json: bool) -> None:
    """Compute a kept list again from the facts that it kept. Exit 1 naming each difference, 2: no such list."""
    kept = db.scalar(select(MatchList).where(MatchList.public_id == str(list_id)))
    if kept is None:
        _refuse(f"LIST_ID: there is no list {list_id}")
    differences = replay.replay(db, kept)
    if as_json:
        answer: dict[str, Any] = {"same": not differences}
        if differences:
            answer["differences"] = [asdict(difference) for difference in differences]
        click.echo(json.dumps(answer, ensure_ascii=False))
    for found in differences:
        click.echo(f"{found.at}: {found.field}: kept {found.stored!r}, computed {found.computed!r}", err=True)
    if not differences and not as_json:
        click.echo("the same", err=True)
    sys.exit(1 if differences else 0)


@group.command("judge")
@click.option("--weights", "version", default=BUILT_IN.version, help="Edition of the weights.")
@_JSON
def judge(version: str, as_json: bool) -> None:
    """Measure an edition by judged pairs: nDCG@10, without each axis, beside the portal's seven rates.

    Exit 1: on the held-out demands the score is not above the rates.
    """
    try:
        verdict = measure.judge(editions.by_version(db, version))
    except NotFound:
        _refuse(f"--weights: there is no edition {version}")
    better = verdict.fit.held_out > verdict.portal.held_out
    if as_json:
        click.echo(json.dumps({"better": better, **asdict(verdict)}, ensure_ascii=False))
    else:
        click.echo(f"{verdict.judgements} judgements, {verdict.demands} demands, {verdict.held_out} held out")
        rows = {"fit": verdict.fit, "portal": verdict.portal}
        rows |= {f"without {axis}": means for axis, means in verdict.without.items()}
        for name, means in rows.items():
            click.echo(f"{name:<22} {means.train:.4f} {means.held_out:.4f} {means.every:.4f}")
    sys.exit(0 if better else 1)


def _refuse(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD_INPUT)


def _list(kept: MatchList) -> dict[str, Any]:
    return {
        "list_id": kept.public_id,
        "weights": kept.weights,
        "revision": kept.revision,
        "items": [_item(match) for match in kept.matches],
        "excluded": [
            {
                "listing": row["listing"],
                "code": row["code"],
                "text": reasons.exclusion(row["code"], row["params"][row["code"]]),
            }
            for row in kept.excluded
        ],
    }


def _item(match: Match) -> dict[str, Any]:
    counted = ("known", "unknown_offer")
    return {
        "listing": match.listing,
        "score": round(match.fit, 4),
        "axes": {
            part["axis"]: round(part["value"], 6) if part["state"] in counted else None
            for part in match.parts
        },
        "unknown": [
            part["axis"] for part in match.parts if part["state"] in ("unknown_need", "unknown_offer")
        ],
        "policy": match.policy,
        "text": match.text,
        "reasons": [
            {
                "axis": row["axis"],
                "sign": row["sign"],
                "text": reasons.reason(row["code"], row["params"]),
            }
            for row in match.reasons
        ],
    }
