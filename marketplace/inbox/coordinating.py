"""What stands beside the lines for who runs alliances: how far their demands have come, what the members can start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from catalog.alliances import standing
from catalog.models import Alliance
from marketplace import wording
from marketplace.accounts.permission import is_offered
from marketplace.accounts.principal import Principal
from marketplace.inbox.alliances import pipeline_now, run_now
from matching import pipeline

#: The page shows at most so many alliances, the newest; our choice.
MOST_ALLIANCES = 3


@dataclass(frozen=True, slots=True)
class AllianceNow:
    """An alliance that the organization runs.

    Attributes:
        alliance: public id; `called`: its name for the reader.
        stages: how many demands stand in each stage of the pipeline, zeros among them, in its order.
        capacity: projects that the members say they can start in a quarter; None: none of them says anything.
        silent: how many members say nothing.
    """

    alliance: str
    called: str
    stages: Mapping[str, int]
    capacity: int | None
    silent: int


def alliances_now(session: Session, who: Principal, today: date) -> list[AllianceNow]:
    """The active alliances that the organization acted for runs, the newest first."""
    if not is_offered("alliance.work", who):
        return []
    lines = pipeline_now(session, who, today)
    return [
        _now(alliance, [line for line in lines if line.lead.alliance_id == alliance.id], today)
        for alliance in run_now(session, who, today)[:MOST_ALLIANCES]
    ]


def _now(alliance: Alliance, lines: Sequence[pipeline.Line], today: date) -> AllianceNow:
    members = standing.standing_members(alliance, today)
    capacity, silent = standing.free_capacity(members)
    called = wording.own_words(alliance.name, alliance.name_en)
    return AllianceNow(
        alliance.public_id,
        called,
        pipeline.counts(lines),
        None if silent == len(members) else capacity,
        silent,
    )
