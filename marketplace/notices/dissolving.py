"""Everybody hears that an alliance is dissolved: its members, and the manufacturers whose demands it saw."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from catalog.models import Alliance, Organization
from marketplace.notices.telling import tell
from matching.models import Demand


def tell_of_dissolution(
    session: Session, alliance: Alliance, belonged: Iterable[Organization], shown: Iterable[Demand]
) -> None:
    """Tell its members (`belonged`, without the coordinator) and the manufacturers of the demands it saw (`shown`)."""
    for organization in belonged:
        if organization.id != alliance.coordinator_id:
            _tell(session, alliance, organization, alliance.public_id, work_page(alliance))
    for demand in shown:
        key = f"{alliance.public_id}:{demand.public_id}"
        _tell(session, alliance, demand.organization, key, f"/demands/{demand.public_id}/audience")


def work_page(alliance: Alliance) -> str:
    """Where those who run an alliance or belong to it work on it."""
    return f"/alliances/{alliance.public_id}/inside"


def called(alliance: Alliance) -> Mapping[str, str | int]:
    """What a notice calls an alliance."""
    return {"title": alliance.name, "title_en": alliance.name_en or alliance.name}


def _tell(session: Session, alliance: Alliance, receiver: Organization, key: str, link: str) -> None:
    tell(
        session,
        "alliance.dissolved",
        key=key,
        link=link,
        about=alliance,
        organization=receiver,
        params=called(alliance),
    )
