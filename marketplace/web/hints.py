"""What the page of the store adds for somebody who types: 찾으셨나요, completions, and where a text holds the words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from marketplace.extensions import asked_for
from marketplace.web.asking import Asked
from marketplace.wording.particles import settled
from matching.search import highlighting
from matching.search.engine import Engine, Result
from matching.search.helping import Help, meant_text

#: Cuts a text into pieces, each with whether the search meant it.
Marking = Callable[[str], list[tuple[str, bool]]]


def meant(engine: Engine, known: Help, asked: Asked, result: Result, today: date) -> Asked | None:
    """The same search with the text that was probably meant; None when it was this one."""
    text = meant_text(engine, known, asked.query(today), result.total)
    return None if text is None else replace(asked, text=text, page=1)


def question(other: Asked | None) -> str:
    """The question whether that was meant; "" for nothing."""
    return settled(_("‘%(text)s’을(를) 찾으셨나요?", text=other.text)) if other else ""


def marking(asked: Asked) -> Marking | None:
    """How to show where a text holds what was searched for; None without words."""
    if not asked.text:
        return None
    query = asked_for(asked.text)
    return lambda text: highlighting.marked(text, query)
