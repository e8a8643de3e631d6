"""Alliances, memberships, charters and lines of the pipeline as the API answers them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from catalog.alliances import charters, shelf, standing
from catalog.alliances.charters import Signature
from catalog.models import Alliance, AllianceCharter, AllianceMember
from marketplace.api import demand_answers
from marketplace.extensions import locale, now
from marketplace.schemas import alliance_cards
from marketplace.schemas.alliance_cards import Card, MemberCard
from marketplace.schemas.alliances import division_out
from matching.pipeline import Entry


def alliance(session: Session, row: Alliance, today: date) -> dict[str, Any]:
    """An alliance with its members."""
    return alliances(session, [row], today)[0]


def alliances(session: Session, rows: Sequence[Alliance], today: date) -> list[dict[str, Any]]:
    """Several of them; what their members have in the store is read at once."""
    session.flush()  # new rows need their public ids
    members = {row.id: standing.standing_members(row, today) for row in rows}
    keys = {member.organization_id for found in members.values() for member in found}
    offered = shelf.of_vendors(session, keys, today)
    return [_alliance(row, alliance_cards.members_of(row.charter, members[row.id], offered)) for row in rows]


def membership(row: AllianceMember) -> dict[str, Any]:
    """A membership as the coordinator and that organization see it."""
    plain = ("state", "role", "role_en", "capabilities", "message", "reason", "begun_on", "since", "last_day")
    return {
        "id": row.public_id,
        "alliance_id": row.alliance.public_id,
        "organization_id": row.organization.public_id,
        "name": row.organization.name,
        **{name: getattr(row, name) for name in plain},
    }


def charter(row: AllianceCharter, today: date, *, inside: bool) -> dict[str, Any]:
    """A version with who accepted it; who signed is told `inside` alone."""
    return {
        "alliance_id": row.alliance.public_id,
        "consents": [
            {
                "organization_id": consent.member.organization.public_id,
                "name": consent.member.organization.name,
                "signed_by": consent.signed_by if inside else None,
                "at": consent.at,
                "sha256": consent.sha256,
            }
            for consent in row.consents
        ],
        "waiting_for": [
            member.organization.public_id
            for member in (charters.waiting(row, today) if row.state == "proposed" else ())
        ],
        **{
            name: getattr(row, name)
            for name in ("number", "state", "sha256", "content", "proposed_on", "in_force_on", "ended_on")
        },
    }


def coverage(card: Card) -> dict[str, Any]:
    """The matrix and the gaps."""
    return {
        "steps": [list(step) for step in card.coverage.steps],
        "rows": [
            {
                "capability": row.capability,
                "cells": [
                    {"needed": cell.needed, "listings": cell.count, "basis": cell.basis} for cell in row.cells
                ],
            }
            for row in card.coverage.rows
        ],
        "gaps": [
            {
                "capability": gap.capability,
                "steps": [list(step) for step in gap.steps],
                "demands": gap.asked,
                "vendors": [{"id": key, "name": name} for key, name in gap.closers.vendors],
                "more_vendors": gap.closers.at_least,
            }
            for gap in card.gaps
        ],
    }


def entry(found: Entry) -> dict[str, Any]:
    """A line of the pipeline."""
    owner = found.lead.owner
    return {
        "demand": demand_answers.view(found.view),
        "stage": found.stage,
        "members": [
            {"organization_id": one.public_id, "name": one.name, "stage": stage}
            for one, stage in found.members
        ],
        "owner_id": None if owner is None else owner.public_id,
        "owner": None if owner is None else owner.name,
        "own_lead_id": None if found.own is None else found.own.public_id,
        "shared_at": found.lead.shared_at,
        "days": found.days,
    }


def signature() -> Signature:
    """The person who signs now."""
    return Signature(current_user.name, current_user.email, now())


def _alliance(row: Alliance, members: Sequence[MemberCard]) -> dict[str, Any]:
    in_force = row.charter
    content = {} if in_force is None else in_force.content
    capacity, unknown = standing.free_capacity([card.member for card in members])
    plain = ("name", "name_en", "purpose", "purpose_en", "state")
    return {
        "id": row.public_id,
        **{name: getattr(row, name) for name in plain},
        "division": division_out(row.division, locale()),
        "coordinator_id": row.coordinator.public_id,
        "coordinator": row.coordinator.name,
        "lead_id": next((card.member.organization.public_id for card in members if card.is_lead), None),
        "charter": None if in_force is None else in_force.number,
        "charter_sha256": None if in_force is None else in_force.sha256,
        "level_from": content.get("level_from"),
        "level_to": content.get("level_to"),
        "capacity_per_quarter": capacity,
        "capacity_unknown": unknown,
        "synthetic": row.coordinator.synthetic,
        "members": [_member(card) for card in members],
    }


def _member(card: MemberCard) -> dict[str, Any]:
    member, firm = card.member, card.member.organization
    return {
        "organization_id": firm.public_id,
        "name": firm.name,
        "lead": card.is_lead,
        "role": member.role,
        "role_en": member.role_en,
        "capabilities": list(member.capabilities),
        "unlisted": list(card.unlisted),
        "since": member.since,
        "last_day": member.last_day,
        "capacity_per_quarter": firm.capacity_per_quarter,
    }
