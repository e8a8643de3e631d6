"""What commands that solve a file share: what is wrong is one line, and how long they may search."""

import sys
from collections.abc import Callable
from math import isnan
from typing import Any, NoReturn

import click

BAD_INPUT = 2


class Solving(click.Command):
    """A command that says in one line, with exit status 2, what is wrong with how it was called."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            refuse(error.format_message())


def refuse(text: str) -> NoReturn:
    """Say what is wrong and end.

    Raises:
        SystemExit: always, with status 2.
    """
    click.echo(one_line(text), err=True)
    sys.exit(BAD_INPUT)


def one_line(text: str) -> str:
    """Return a text without anything that a terminal would not show."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


class _Seconds(click.FloatRange):
    """More than no time; "not a number" compares with nothing, so that no range refuses it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if isnan(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


def seconds_option(text: str) -> Callable[[Any], Any]:
    """The option --seconds."""
    return click.option(
        "--seconds", type=_Seconds(0, min_open=True), default=60.0, show_default=True, help=text
    )
