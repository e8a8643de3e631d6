"""Rows as the API answers them."""

from datetime import date
from typing import Any

from catalog import listings
from catalog.errors import Problem
from catalog.models import Certificate, Listing, Organization, Release, Review
from catalog.validation import certificates
from catalog.validation.rules import Finding, check
from marketplace import wording
from marketplace.extensions import db, today
from marketplace.wording.reasons import exclusion, reason
from matching.matchmaking import ways_of
from matching.models import Demand, MatchList
from matching.models.assessment import COMPANY_LEVEL
from matching.scoring.weights import Weights


def organization(row: Organization) -> dict[str, Any]:
    """An organization."""
    names = ("name", "name_en", "registration_number", "region", "state", "refusal")
    return {
        "id": row.public_id,
        **{name: getattr(row, name) for name in names},
        "description": row.description,
        "description_en": row.description_en,
        "roles": [role.role for role in row.roles],
        "synthetic": row.synthetic,
    }


def listing(row: Listing) -> dict[str, Any]:
    """A listing as its vendor sees it, with everything that still stands in the way."""
    content = listings.snapshot(listings.loaded(db, row))
    found = check(content, organization_state=row.organization.state)
    return {
        "id": row.public_id,
        "state": row.state,
        "live_release": row.live_release,
        "content": content,
        "findings": [finding(f) for f in found],
    }


def finding(found: Finding) -> dict[str, Any]:
    """A finding in words."""
    return {
        "rule": found.rule,
        "pointer": f"/content/{found.pointer}",
        "severity": found.severity,
        "code": found.code,
        "text": wording.finding(found),
    }


def as_problem(found: Finding) -> Problem:
    """A required finding as a problem at its field."""
    return Problem(found.pointer, found.code, {**found.params, "rule": found.rule})


def review(row: Review) -> dict[str, Any]:
    """A submission on the desk."""
    return {
        "id": row.public_id,
        "number": row.number,
        "state": row.state,
        "listing_id": row.listing.public_id,
        "title": row.content["title"],
        "vendor": row.listing.organization.name,
        "submitted_at": row.submitted_at,
    }


def review_detail(row: Review) -> dict[str, Any]:
    """A submission in full."""
    return {
        **review(row),
        "content": row.content,
        "content_hash": row.content_hash,
        "points": row.rubric.get("points", {}),
        "findings": row.findings,
        "notes": row.notes,
    }


def certificate(row: Certificate) -> dict[str, Any]:
    """A public certificate."""
    names = ("number", "signed_by", "scope", "score", "issued_on", "expires_on")
    return {
        **{name: getattr(row, name) for name in names},
        "listing_id": row.release.listing.public_id,
        "title": row.release.content["title"],
        "vendor": row.release.listing.organization.name,
        "validator": row.validator.name,
        "standing": certificates.standing(row.expires_on, today()),
        "content_hash": row.release.content_hash,
    }


def solution(release: Release) -> dict[str, Any]:
    """A public listing in full."""
    owner = release.listing.organization
    return {
        "id": release.listing.public_id,
        "release": release.number,
        "vendor": {"id": owner.public_id, "name": owner.name, "synthetic": owner.synthetic},
        "certificate": {
            "number": release.certificate.number,
            "expires_on": release.certificate.expires_on,
            "standing": certificates.standing_of(release, today()),
        },
        "content": release.content,
    }


def demand(row: Demand) -> dict[str, Any]:
    """A demand."""
    level = row.target_level
    return {
        "id": row.public_id,
        "site_id": row.site.public_id,
        "title": row.title,
        "description": row.description,
        "requirements": [
            {"capability": r.capability, "must": r.must, "min_quality": r.min_quality}
            for r in row.requirements
        ],
        "links": [list(pair) for pair in row.links],
        "target_level": None if level is None else {"scale": COMPANY_LEVEL, "value": level},
        "budget_amount": row.budget_amount,
        "deadline": row.deadline,
        "programme": row.programme,
        "state": row.state,
        "version": row.version,
        "audience": row.audience,
        "organizations": [viewer.organization.public_id for viewer in row.named],
        "alliance_id": None if row.alliance_lead is None else row.alliance_lead.alliance.public_id,
        "closed_reason": row.closed_reason,
    }


def match_list(row: MatchList, edition: Weights) -> dict[str, Any]:
    """A ranked list, made with that edition of the weights, with every part, reason and exclusion in words."""
    return {
        "list_id": row.public_id,
        "demand_id": row.demand.public_id,
        "weights": row.weights,
        "not_in_use": list(edition.not_in_use),
        "revision": row.revision,
        "demand_version": row.demand_version,
        "policy": row.policy,
        "support": _support(row.support),
        "flips": row.flips,
        "ways_back": ways_of(row),
        "total": row.fitting,
        "items": [_match(match) for match in row.matches],
        "excluded": [
            {
                **{name: left_out[name] for name in ("listing", "title", "code", "codes")},
                "text": exclusion(left_out["code"], left_out["params"][left_out["code"]]),
            }
            for left_out in row.excluded
        ],
    }


def _support(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """The rules as a list kept them, with their last days as days."""
    if kept is None:
        return None
    rules = {
        name: [{**rule, "last_day": date.fromisoformat(rule["last_day"])} for rule in kept[name]]
        for name in ("rules", "current")
    }
    return {**kept, **rules}


def _match(match: Any) -> dict[str, Any]:
    counted = ("known", "unknown_offer")
    return {
        "rank": match.rank,
        "listing": match.listing,
        "title": match.card["title"],
        "vendor": match.card["vendor_name"],
        "release": match.release,
        "rank_without_policy": match.rank_without_policy,
        "money": match.card.get("money"),
        "lift": match.card.get("lift"),
        "score": round(match.fit, 4),
        "axes": {p["axis"]: round(p["value"], 6) if p["state"] in counted else None for p in match.parts},
        "parts": [
            {key: p[key] for key in ("axis", "state", "weight", "value", "points")} for p in match.parts
        ],
        "unknown_axes": [p["axis"] for p in match.parts if p["state"] in ("unknown_need", "unknown_offer")],
        "policy": match.policy,
        "text": match.text,
        "reasons": [
            {"axis": r["axis"], "sign": r["sign"], "code": r["code"], "text": reason(r["code"], r["params"])}
            for r in match.reasons
        ],
    }
