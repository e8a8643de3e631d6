"""flask compose …: the best set of offers for a demand, out of a file. No database is needed."""

import json
import sys
import time
from typing import IO

import click
from flask.cli import AppGroup

from marketplace.cli.solving import Solving, one_line, refuse, seconds_option
from matching.composer import BadInstance, compose, parse
from matching.composer.answers import Answer, Bundle, Without

group = AppGroup("compose", help="Put bundles together out of offers.")
_NOTHING = 1


@group.command("solve", cls=Solving, with_appcontext=False)
@click.argument("file", metavar="FILE", type=click.File("rb"))
@seconds_option(
    "After these the best bundle so far is the answer; explaining why there is none may take longer."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def solve(*, file: IO[bytes], seconds: float, as_json: bool) -> None:
    """Answer the composer instance in FILE ("-" is standard input; docs/composer.md describes the form).

    Exit 0: a bundle, proven to be the best, or good with a bound. Exit 1: infeasible, with the reason, or unknown,
    which says nothing about whether there is one. Exit 2: no instance, with one line that says what is wrong and where.
    """
    began, cpu = time.monotonic(), time.process_time()
    try:
        instance = parse(file.read())
    except BadInstance as error:
        refuse(str(error))
    answer = compose(instance, seconds=seconds)
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False) if as_json else _text(answer))
    click.echo(f"{time.monotonic() - began:.2f} s, {time.process_time() - cpu:.2f} s of CPU", err=True)
    sys.exit(0 if answer.best else _NOTHING)


def _without(one: Without) -> str:
    if one.bundle is None:
        return f"without {one.offer}: {one.status}"
    return f"without {one.offer}: {one.bundle.money.own_amount:,} won, fit {one.bundle.fit:,} ({one.status})"


def _text(answer: Answer) -> str:
    lines = [f"status: {answer.status}"]
    if answer.best:
        lines += _bundle(answer.best)
    lines += [line for place, one in enumerate(answer.alternatives, 1) for line in _further(place, one)]
    lines += [f"front: {one.money.own_amount:,} won, fit {one.fit:,}" for one in answer.pareto]
    lines += [_without(one) for one in answer.without]
    if answer.status in {"infeasible", "unknown"}:
        lines += [
            f"{code}: {one.offers:,} offers, {one.available:,} available, {one.quality:,} good enough, "
            f"{one.level:,} in time, {one.affordable:,} affordable"
            for code, one in answer.funnel.items()
        ]
    if answer.core:
        lines.append(f"cannot hold together: {', '.join(answer.core)}")
    lines += [
        f"repair worth {repair.price_amount:,} won: "
        + ", ".join(f"{step.requirement} {step.change}" for step in repair.steps)
        for repair in answer.repairs
    ]
    return _one_line_each(lines)


def _one_line_each(lines: list[str]) -> str:
    return "\n".join(map(one_line, lines))


def _further(place: int, bundle: Bundle) -> list[str]:
    first, *rest = _bundle(bundle)
    return [f"alternative {place}, {first}", *(f"  {line}" for line in rest)]


def _bundle(bundle: Bundle) -> list[str]:
    money = bundle.money
    return [
        f"objective: {bundle.objective}, bound: {bundle.bound}",
        (
            f"own amount: {money.own_amount:,} won ({money.prices_amount:,} prices"
            f" + {money.connectors_amount:,} connectors - {sum(money.subsidies.values()):,} subsidies)"
            f", fit {bundle.fit:,}, {bundle.vendors} vendors"
        ),
        *(
            f"{item.offer}, plan {item.plan}, stage {item.stage}: {', '.join(item.capabilities)}"
            for item in bundle.items
        ),
        *(
            f"{joint.one} - {joint.other}: {' '.join((joint.how, *joint.interfaces))}, {joint.price_amount:,} won"
            for joint in bundle.links
        ),
    ]
