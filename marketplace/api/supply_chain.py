"""Operations of trade links: declare, confirm or deny, import."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.errors import Problem
from catalog.models import Site
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.journeys import trade_links
from marketplace.schemas import supply_chain as schemas
from marketplace.schemas.fields import FilePart, Strict
from matching.models.trade_link import CONFIRMED, DECLARED, SUPPLIER, LinkImport, TradeLink
from matching.supply_chain import importing, links
from matching.supply_chain.reading import Finding

bp = ApiBlueprint("trade-links", __name__, "Trade links, for manufacturers")

#: A body that is valid as it stands: the firm of that number is invented and not registered.
TRADE_LINK: dict[str, Any] = {
    "direction": "supplier",
    "registration_number": "999-88-77769",
    "name": "예시 도금",
    "item": "아연 도금",
    "since": "2019-03-04",
}


class LinkQuery(PageQuery, schemas.LinkFilter):
    """Which links, and which part of them."""


class ListFile(Strict):
    """The list of partners."""

    file = FilePart(required=True)


@operation(
    bp,
    "POST",
    "/trade-links",
    permission="link.declare",
    summary="Declare a partner",
    body=schemas.TradeLinkIn,
    answer=schemas.TradeLinkOut,
    status=201,
    example=TRADE_LINK,
)
def create_trade_link(body: dict[str, Any]) -> dict[str, Any]:
    """It waits for the partner's answer; if the partner has declared us, the link is confirmed by this."""
    own = access.own_organization(db, current_user)
    site = _site(body["site_id"])
    done = trade_links.declare(
        db, own, schemas.link_fields(body), today(), site=site, invite_email=body["invite_email"]
    )
    audit.record(db, "link.declare", done.link, state=done.link.state)
    return _link(UUID(done.link.public_id))


@operation(
    bp,
    "GET",
    "/trade-links",
    permission="link.read",
    summary="The own links",
    query=LinkQuery,
    answer=listing_of(schemas.TradeLinkOut, "TradeLinkList"),
)
def list_trade_links(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for our answer first, then declared, confirmed and denied ones."""
    own = access.own_firm(db, current_user)
    counted = access.count_own_links(db, own)
    rows = access.own_links(db, own, only=query["narrowed"], offset=offset_of(query), limit=query["limit"])
    return page([link_out(row) for row in rows], counted[query["narrowed"]], query, {"only": counted})


@operation(
    bp,
    "GET",
    "/trade-links/<uuid:link_id>",
    permission="link.read",
    summary="An own link",
    answer=schemas.TradeLinkOut,
)
def get_trade_link(link_id: UUID) -> dict[str, Any]:
    """As it stands now."""
    return _link(link_id)


@operation(
    bp,
    "POST",
    "/trade-links/<uuid:link_id>/answer",
    permission="link.declare",
    summary="Confirm or deny a link",
    body=schemas.LinkAnswerIn,
    answer=schemas.TradeLinkOut,
    conflicts=True,
    example={"confirm": True, "share_systems": False, "share_chain": False},
)
def answer_trade_link(body: dict[str, Any], link_id: UUID) -> dict[str, Any]:
    """Only the side that did not declare it; a denial says why."""
    seen = access.own_link(db, current_user, link_id)
    own = access.own_organization(db, current_user)
    trade_links.answer(db, seen, own, today(), **{**body, "site": _site(body.pop("site_id"))})
    audit.record(db, "link.answer", seen.link, state=seen.link.state)
    return _link(link_id)


@operation(
    bp,
    "PUT",
    "/trade-links/<uuid:link_id>/consents",
    permission="link.declare",
    summary="Say what the partner may have of ours",
    body=schemas.LinkConsentIn,
    answer=schemas.TradeLinkOut,
    conflicts=True,
    example={"share_systems": True},
)
def update_trade_link_consents(body: dict[str, Any], link_id: UUID) -> dict[str, Any]:
    """Revocable at any time; lists that were shown keep what they saw."""
    seen = access.own_link(db, current_user, link_id)
    links.consent(db, seen.link, access.own_organization(db, current_user), **body)
    audit.record(db, "link.consent", seen.link, **body)
    return _link(link_id)


@operation(
    bp,
    "POST",
    "/trade-links/<uuid:link_id>/end",
    permission="link.declare",
    summary="Withdraw or end a link",
    answer=schemas.TradeLinkOut,
    conflicts=True,
)
def end_trade_link(link_id: UUID) -> dict[str, Any]:
    """What we declared is withdrawn, what was confirmed ends today."""
    seen = access.own_link(db, current_user, link_id)
    state = trade_links.end(db, seen, access.own_organization(db, current_user), today())
    audit.record(db, "link.end", seen.link, state=state)
    return _link(link_id)


@operation(
    bp,
    "POST",
    "/trade-link-imports",
    permission="link.declare",
    summary="Check a list of partners",
    files=ListFile,
    answer=schemas.LinkListOut,
    status=201,
)
def check_trade_links(files: dict[str, Any]) -> dict[str, Any]:
    """Multipart, one part named "file": csv or xlsx, at most 5 MB and 10,000 rows. Nothing is declared yet."""
    own = access.own_organization(db, current_user)
    kept = importing.keep(db, own, files["file"].filename or "", files["file"].stream)
    audit.record(db, "link.check_list", kept, sha256=kept.sha256, rows=len(kept.rows))
    return _import(kept)


@operation(
    bp,
    "GET",
    "/trade-link-imports/<uuid:import_id>",
    permission="link.read",
    summary="A list that was checked",
    answer=schemas.LinkListOut,
)
def get_trade_link_import(import_id: UUID) -> dict[str, Any]:
    """What would become of its rows today."""
    return _import(access.own_link_import(db, current_user, import_id))


@operation(
    bp,
    "POST",
    "/trade-link-imports/<uuid:import_id>/application",
    permission="link.declare",
    summary="Declare the rows of a list",
    body=schemas.LinkListModeIn,
    answer=schemas.LinkListOut,
    conflicts=True,
    example={"mode": "good_rows"},
)
def declare_trade_links(body: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """The good rows, or all or none; what is known already is left as it is."""
    kept = access.own_link_import(db, current_user, import_id)
    own = access.own_organization(db, current_user)
    made = trade_links.declare_list(db, own, kept, body["mode"], today())
    audit.record(db, "link.declare_list", kept, mode=body["mode"], links=len(made))
    return _import(kept)


def link_out(row: access.OwnLink) -> dict[str, Any]:
    """A link as its firm sees it; what the partner consented to is not told."""
    link: TradeLink = row.link
    supplying = row.direction != SUPPLIER
    plain = ("item", "since", "until", "state", "declared_on", "answered_on", "denial")
    return {
        "id": link.public_id,
        "direction": row.direction,
        "registration_number": row.partner_number,
        "name": row.partner_name,
        "registered": row.partner is not None,
        **{name: getattr(link, name) for name in plain},
        "basis": link.state if link.state in (CONFIRMED, DECLARED) else None,
        "declared_by_us": link.declared_by != row.direction,
        "waits_for_us": row.waits_for_us,
        "share_systems": link.supplier_shares if supplying else link.customer_shares,
        "share_chain": supplying and link.shows_below,
    }


def finding_text(finding: Finding) -> str:
    """A finding of a row as a sentence."""
    return wording.problem(Problem(finding.field, finding.code, finding.params))


def _link(link_id: UUID) -> dict[str, Any]:
    db.flush()  # a new row needs its place before it can be fetched as its owner sees it
    return link_out(access.own_link(db, current_user, link_id))


def _site(site_id: UUID | None) -> Site | None:
    return None if site_id is None else access.own_site_at(db, current_user, site_id, "site_id")


def _import(kept: LinkImport) -> dict[str, Any]:
    db.flush()  # what was declared must be seen by the check below
    verdicts = importing.check(db, access.own_organization(db, current_user), kept, today())
    return {
        "id": kept.public_id,
        "file_name": kept.file_name,
        "rows": len(verdicts),
        "counts": importing.counts(verdicts),
        "findings": [
            {
                "line": verdict.row.line,
                "registration_number": verdict.row.registration_number,
                "name": verdict.row.name,
                "outcome": verdict.outcome,
                "findings": [
                    {"field": f.field, "code": f.code, "detail": finding_text(f)} for f in verdict.findings
                ],
            }
            for verdict in verdicts
            if verdict.findings
        ],
        "applied_on": kept.applied_on,
    }
