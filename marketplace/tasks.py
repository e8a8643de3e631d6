"""What the worker does: parts of the product say here what they do for a topic of the outbox, and at every tick.

Parts above the worker register at start; so the worker needs to know none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask

#: Given the message's key and payload; runs outside a request, in no transaction, and may be repeated.
Handler = Callable[[str, dict[str, Any]], None]
#: Given the present moment; looks for work that time alone brings, and records it in the outbox.
Tick = Callable[[datetime], None]


class GiveUp(Exception):
    """A repeat cannot help: the message is put aside at once, with this reason."""


@dataclass
class Tasks:
    """Everything registered by one application."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    #: Topics that wait for others' servers: they have a thread of their own, so that they hold up nothing else.
    slow: set[str] = field(default_factory=set)
    #: Topics that compute for seconds to minutes: a third thread, so that they hold up neither.
    long: set[str] = field(default_factory=set)


def of(app: Flask) -> Tasks:
    """What is registered so far."""
    return cast(Tasks, app.extensions.setdefault("tasks", Tasks()))


def handle(app: Flask, topic: str, handler: Handler, *, slow: bool = False, long: bool = False) -> None:
    """Do `handler` for each message of `topic`. Raises ValueError: somebody does already.

    `slow`: it waits for servers that are not ours. `long`: it computes for longer than others should wait.
    """
    if topic in of(app).handlers:
        raise ValueError(topic)
    of(app).handlers[topic] = handler
    if slow:
        of(app).slow.add(topic)
    if long:
        of(app).long.add(topic)


def every_tick(app: Flask, tick: Tick) -> None:
    """Call `tick` every few seconds while a worker runs; several workers may call it at once."""
    of(app).ticks.append(tick)
