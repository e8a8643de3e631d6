"""Self-checks of the demo country: one factory has a history of two, another stopped half way."""

from sqlalchemy import select

from marketplace.extensions import database
from matching.models import Assessment, SelfCheck


def test_one_history_and_one_run_that_waits(loaded_app):
    with database(loaded_app).session(reading=True) as session:
        runs = session.scalars(select(SelfCheck).order_by(SelfCheck.started_on)).all()
        assert [(run.state, len(run.answers)) for run in runs] == [
            ("finished", 12),
            ("finished", 12),
            ("open", 6),
        ]
        assert [run.site.organization.name for run in runs] == ["새결오토텍", "새결오토텍", "가람솔식품"]
        kept = session.scalars(
            select(Assessment).where(Assessment.basis == "self_check").order_by(Assessment.assessed_on)
        ).all()
        assert [(row.level, row.detail["mean"]) for row in kept] == [(2, "1.73"), (2, "2.18")]
        assert {row.detail["check"] for row in kept} == {run.public_id for run in runs[:2]}
