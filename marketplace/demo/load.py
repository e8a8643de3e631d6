"""Load the synthetic country into an empty database."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import counters
from catalog.files import FileStore
from catalog.models import Organization
from marketplace.accounts.models import User
from marketplace.demo import (
    alliances,
    bundles,
    companies,
    demand_lives,
    interop,
    leads,
    logins,
    oversight,
    plants,
    reviewing,
    rounds,
    rulebook,
    self_checks,
    shortlists,
    site_depth,
    source,
    summary,
    trade,
    wider,
)
from marketplace.demo.summary import Summary
from marketplace.extensions import database

#: Whoever loads holds this counter's row until the commit: of two servers that start together one waits, then sees.
_TURN = "demo"


class NotEmpty(Exception):
    """The database holds something already; nothing was changed."""


def load(session: Session, store: FileStore, *, with_logins: bool) -> Summary:
    """Make the whole country in the caller's transaction.

    Args:
        store: keeps the files of the evidence.
        with_logins: give the demo accounts their well-known password, as demo mode does.

    Raises:
        NotEmpty: there are organizations or people already.
    """
    counters.following(session, _TURN)
    if not _is_empty(session):
        raise NotEmpty
    country = wider.widen(source.read())
    directory = companies.found(session, country)
    judges = companies.validators(country, directory)
    stage = reviewing.Stage(session, store, country, directory, judges)
    reviewing.perform(stage, rounds.schedule(country))
    sites = plants.describe(session, country, directory)
    site_depth.hand_in(session, store, country, sites)
    self_checks.answer(session, country, sites)
    trade.link(session, country, directory)
    stated = plants.need(session, country, sites)
    plants.answer(session, plants.engine_of(session), stated)
    demand_lives.live(session, country, directory, sites, stated)
    leads.hand_out(session, country, directory, sites, stated)
    shown = alliances.join_up(session, country, directory, sites)
    bundles.put_together(session, country, stage, shown)
    alliances.match(session, shown)
    interop.note(session)
    shortlists.keep(session, stated)
    oversight.look(session, country)
    rulebook.lay_down(session)
    logins.make(session, country, directory)
    if with_logins:
        logins.open_doors(session, country)
    session.flush()  # the summary counts rows
    return summary.of(session)


def if_empty(app: Flask) -> None:
    """At the start of a server in demo mode: load the country, or open its accounts if it is there already."""
    with app.app_context(), database(app).session() as session:
        try:
            load(session, app.extensions["files"], with_logins=True)
        except NotEmpty:
            session.rollback()
            logins.open_doors(session, source.read())
        session.commit()


def _is_empty(session: Session) -> bool:
    """Whether nobody has registered anything yet."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (Organization, User))
