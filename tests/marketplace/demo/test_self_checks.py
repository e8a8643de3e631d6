"""Self-checks of the demo country: one factory has a history of two, another stopped half way; others made one."""

from sqlalchemy import select

from catalog.models import Organization, Site
from marketplace.extensions import database
from matching.models import Assessment, SelfCheck

WATCHED = ("새결오토텍", "가람솔식품")


def test_one_history_and_one_run_that_waits(loaded_app):
    with database(loaded_app).session(reading=True) as session:
        of_site = select(SelfCheck).join(Site, SelfCheck.site_id == Site.id)
        of_firms = of_site.join(Organization, Site.organization_id == Organization.id)
        rows = of_firms.where(Organization.name.in_(WATCHED)).order_by(SelfCheck.started_on)
        runs = session.scalars(rows).all()
        assert [(run.state, len(run.answers)) for run in runs] == [
            ("finished", 12),
            ("finished", 12),
            ("open", 6),
        ]
        assert [run.site.organization.name for run in runs] == ["새결오토텍", "새결오토텍", "가람솔식품"]
        checked = select(Assessment).where(
            Assessment.basis == "self_check", Assessment.site_id == runs[0].site_id
        )
        kept = session.scalars(checked.order_by(Assessment.assessed_on)).all()
        assert [(row.level, row.detail["mean"]) for row in kept] == [(2, "1.73"), (2, "2.18")]
        assert {row.detail["check"] for row in kept} == {run.public_id for run in runs[:2]}


def test_others_made_a_run_too(loaded_app):
    with database(loaded_app).session(reading=True) as session:
        kept = session.scalars(select(Assessment.level).where(Assessment.basis == "self_check")).all()
        assert len(kept) >= 8
        assert len(set(kept)) >= 2
