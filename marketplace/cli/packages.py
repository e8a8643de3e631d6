"""flask packages …: a few standing packages for a segment, out of a file. No database is needed."""

import json
import time
from collections import Counter
from typing import IO

import click
from flask.cli import AppGroup

from marketplace.cli.solving import Solving, one_line, refuse, seconds_option
from matching.composer import BadInstance
from matching.packages import parse, solve
from matching.packages.answers import Answer
from matching.packages.instance import MAX_PACKAGES

group = AppGroup("packages", help="Find a few packages that serve most of a segment.")


@group.command("solve", cls=Solving, with_appcontext=False)
@click.argument("file", metavar="FILE", type=click.File("rb"))
@click.option(
    "--k",
    "count",
    type=click.IntRange(1, MAX_PACKAGES),
    default=5,
    show_default=True,
    help="Packages at most.",
)
@seconds_option("After these the best packages so far are the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def solve_file(*, file: IO[bytes], count: int, seconds: float, as_json: bool) -> None:
    """Answer the segment in FILE ("-" is standard input; docs/packages.md describes the form).

    Exit 0: packages, whom they serve, and why the others are left out. Exit 2: no segment, with one line that says what
    is wrong and where.
    """
    began, cpu = time.monotonic(), time.process_time()
    try:
        segment = parse(file.read())
    except BadInstance as error:
        refuse(str(error))
    answer = solve(segment, count, seconds=seconds)
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False) if as_json else _text(answer))
    click.echo(f"{time.monotonic() - began:.2f} s, {time.process_time() - cpu:.2f} s of CPU", err=True)


def _text(answer: Answer) -> str:
    lines = [f"status: {answer.status}, weight {answer.weight:,}, {len(answer.served):,} demands served"]
    for place, package in enumerate(answer.packages):
        served = sum(one.package == place for one in answer.served)
        lines.append(f"package {place}: {served:,} demands, joined through {package.hub or 'nothing'}")
        lines += [f"  {one.offer}, plan {one.plan}: {', '.join(one.capabilities)}" for one in package.members]
    counts = Counter(one.code for one in answer.left_out)
    lines += [f"left out, {code}: {number:,}" for code, number in sorted(counts.items())]
    return "\n".join(map(one_line, lines))
