"""A stage for composing, and the engine that follows its catalogue."""

import pytest

from matching.composer import compose
from matching.composing import asking
from tests import composing
from tests.composing import TODAY
from tests.matching.market import follower


class Asking:
    """A stage and what is asked on it."""

    def __init__(self, stage):
        self.stage, self.follower = stage, follower()

    def question(self, demand, wishes=composing.QUICK, *, today=TODAY):
        """What the composer is asked for a demand of the stage's alliance."""
        own = self.stage
        own.session.flush()
        self.follower.catch_up(own.session)
        return asking.question_of(
            own.session, self.follower.engine, demand, own.alliance, wishes, today=today
        )

    def answer(self, demand, wishes=composing.QUICK):
        """The question and its answer."""
        question = self.question(demand, wishes)
        return question, compose(question.instance, seconds=wishes.seconds)

    def titles(self, items):
        """The titles of what is bought."""
        names = {key: title for title, key in self.stage.listings.items()}
        return sorted(names[item.offer] for item in items)


@pytest.fixture
def stage(session, tmp_path):
    """An alliance of two with a shelf, an outsider, a manufacturer."""
    made = composing.stage(session, tmp_path / "bytes")
    made.shelf()
    return made


@pytest.fixture
def asked(stage):
    """The same, to be asked."""
    return Asking(stage)
