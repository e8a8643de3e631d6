"""A second step before what cannot be taken back: a page says what will happen, its button does it.

The act is tried first and rolled back, so whatever would be refused is refused before anybody is asked. The page
carries what was typed in the first form; nothing is kept between the two steps.

    rules.publish(db, rule, now())
    if (page := confirming.unsure(STEP)) is not None:
        return page
    audit.commit("programme.publish", rule)
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _

from catalog.errors import Problem
from marketplace.extensions import db
from marketplace.web import forms

#: The form of the second step carries it.
FIELD = "sure"
#: Where the name of what goes for good is typed again.
NAME = "typed_name"

Answer = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """What the page says.

    Attributes:
        at: key of the console's section.
        question: the heading.
        happens: what will happen, a sentence each.
        button: the act in one or two words.
        back: path of the page that asked.
        name: what has to be typed before the button counts; "" for nothing.
    """

    at: str
    question: str
    happens: Sequence[str]
    button: str
    back: str
    name: str = ""


def unsure(step: Step) -> Answer | None:
    """The page that asks, or None if this is its answer. What the request has done so far is rolled back with it."""
    if request.form.get(FIELD) != "yes":
        db.rollback()
        return _page(step)
    if step.name and _plain(request.form.get(NAME, "")) != _plain(step.name):
        db.rollback()
        form = forms.read(request.form, {NAME: forms.text})
        wrong = form.refused([Problem(NAME, "name_differs")], called={NAME: _("이름")})
        return _page(step, **wrong), 422
    return None


def _page(step: Step, **refused: object) -> str:
    own = {FIELD, NAME, "csrf_token"}
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    return render_template("console/confirm.html", step=step, carried=carried, **refused)


def _plain(name: str) -> str:
    """The name without what a keyboard or a copy may change: composition of letters, spaces around and between."""
    return " ".join(unicodedata.normalize("NFC", name).split())
