"""The chain below an anchor, as far as its firms let it be seen: named, counted, or not there.

What the anchor may see: its own links; below a supplier that has granted it (`TradeLink.shows_below` of a confirmed
link) that supplier's level and links, and so on from grant to grant. The rest is counted one tier further, not named.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, and_, or_, select
from sqlalchemy.orm import Session, aliased, lazyload

from catalog.models import Organization, Site
from catalog.models.organization import CONFIRMED as CONFIRMED_COMPANY
from matching.maturity import assessments
from matching.models import Assessment
from matching.models.assessment import COMPANY_LEVEL
from matching.models.trade_link import CONFIRMED, CUSTOMER, DECLARED, TradeLink
from matching.supply_chain import flows, graph, links


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm of the chain.

    Attributes:
        number: its registration number; for joining, pages do not show it.
        name: its own if it is a confirmed organization here, else as its customer wrote it.
        tier: 0 is the anchor.
        kind: KSIC division of its first factory, "" = unknown.
        level, basis: company level 1–5 that holds and how it is known; None = unknown. Of several factories the lowest.
        shows: whether it lets its level and what is below it be seen.
        registered: whether it is a confirmed organization here.
    """

    number: str
    name: str
    name_en: str
    tier: int
    kind: str
    level: int | None
    basis: str | None
    shows: bool
    registered: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """What can be seen from an anchor.

    Attributes:
        firms: by number, the anchor among them, in the order tier, name.
        links: the links between them, by number of the row.
        hidden: tier → how many firms more there are that are counted and not named.
        industry: of the anchor's first factory, None if it has none.
    """

    anchor: Organization
    firms: Mapping[str, Firm]
    links: tuple[TradeLink, ...]
    edges: tuple[graph.Edge, ...]
    hidden: Mapping[int, int]
    groups: tuple[graph.Group, ...]
    bottleneck: graph.Bottleneck | None
    loops: tuple[tuple[str, ...], ...]
    industry: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database says of a confirmed organization."""

    organization: Organization
    kind: str
    industry: tuple[str, str] | None
    level: int | None
    basis: str | None


def below(session: Session, anchor: Organization, today: date) -> Chain:
    """The chain below a confirmed organization, in three statements however large it is."""
    number = anchor.registration_number or ""
    seen = _reachable(number, today)
    rows = tuple(
        session.scalars(select(TradeLink).where(TradeLink.id.in_(select(seen.c.id))).order_by(TradeLink.id))
    )
    edges = tuple(_edge(row) for row in rows)
    tier_of = graph.tiers(edges, number)
    showing = {row.supplier_number for row in rows if row.shows_below and row.state == CONFIRMED} | {number}
    known = _facts(session, anchor, set(tier_of), today)
    named = {row.supplier_number: row.supplier_name for row in reversed(rows)}
    firms = [
        _firm(firm, tier, known.get(firm), named.get(firm, ""), shows=firm in showing)
        for firm, tier in tier_of.items()
    ]
    by_number = {firm.number: firm for firm in sorted(firms, key=lambda f: (f.tier, f.name, f.number))}
    found = graph.groups(
        tier_of,
        {key: firm.kind for key, firm in by_number.items()},
        {key: firm.level for key, firm in by_number.items()},
    )
    own = known.get(number)
    return Chain(
        anchor=anchor,
        firms=by_number,
        links=rows,
        edges=edges,
        hidden=_hidden(session, seen, tier_of, showing, today),
        groups=tuple(found),
        bottleneck=graph.bottleneck(found, edges),
        loops=tuple(graph.loops(edges)),
        industry=None if own is None else own.industry,
    )


def nothing(anchor: Organization) -> Chain:
    """The chain of a company that is not confirmed: nothing is known of its number yet."""
    return Chain(anchor, {}, (), (), {}, (), None, (), None)


def _reachable(number: str, today: date) -> CTE:
    """Links from the anchor downwards, with whether what is below each may be seen: id, firm, opens."""
    opens = and_(TradeLink.shows_below, TradeLink.state == CONFIRMED)
    first = select(TradeLink.id, TradeLink.supplier_number.label("firm"), opens.label("opens"))
    seen = first.where(TradeLink.customer_number == number, links.holds_on(today)).cte("seen", recursive=True)
    lower = aliased(TradeLink)
    deeper = select(
        lower.id,
        lower.supplier_number.label("firm"),
        and_(lower.shows_below, lower.state == CONFIRMED).label("opens"),
    ).join(seen, lower.customer_number == seen.c.firm)
    # What is only declared is seen if the firm that lets us see it has said it itself.
    said = or_(lower.state == CONFIRMED, and_(lower.state == DECLARED, lower.declared_by == CUSTOMER))
    live = or_(lower.until.is_(None), lower.until >= today)
    return seen.union(deeper.where(seen.c.opens, said, live))


def _facts(session: Session, anchor: Organization, numbers: set[str], today: date) -> dict[str, _Facts]:
    """By number, every confirmed organization among them with its factories and the level that holds."""
    of_chain = Organization.registration_number.in_(sorted(numbers))
    on_scale = (Assessment.site_id == Site.id) & (Assessment.scale == COMPANY_LEVEL)
    rows = select(Organization, Site, Assessment).outerjoin(Site, Site.organization_id == Organization.id)
    rows = rows.outerjoin(Assessment, on_scale).where(of_chain, Organization.state == CONFIRMED_COMPANY)
    plain = rows.options(lazyload(Organization.roles))  # nobody asks for them here
    firms = {anchor.id: anchor}
    sites: dict[int, list[Site]] = {}
    statements: dict[int, list[Assessment]] = {}
    for row in session.execute(plain.order_by(Site.id, Assessment.id)):
        firm: Organization = row[0]
        site: Site | None = row[1]
        stated: Assessment | None = row[2]
        firms[firm.id] = firm
        if site is not None and site not in sites.setdefault(firm.id, []):
            sites[firm.id].append(site)
        if site is not None and stated is not None:
            statements.setdefault(site.id, []).append(stated)
    return {
        firm.registration_number or "": _of(firm, sites.get(key, []), statements, today)
        for key, firm in firms.items()
    }


def _of(
    firm: Organization, sites: list[Site], statements: Mapping[int, list[Assessment]], today: date
) -> _Facts:
    holding = [assessments.holding(statements.get(site.id, []), today) for site in sites]
    lowest = min(
        (row for row in holding if row is not None and row.level is not None),
        key=lambda row: (row.level or 0, row.id),
        default=None,
    )
    industry = (sites[0].industry_revision, sites[0].industry_code) if sites else None
    return _Facts(
        organization=firm,
        kind="" if industry is None else flows.division_of(*industry) or "",
        industry=industry,
        level=None if lowest is None else lowest.level,
        basis=None if lowest is None else lowest.basis,
    )


def _firm(number: str, tier: int, known: _Facts | None, named: str, *, shows: bool) -> Firm:
    """What the anchor may see of it: kind and level only of a firm that shows them."""
    told = known if shows else None
    return Firm(
        number=number,
        name=named if known is None else known.organization.name,
        name_en="" if known is None else known.organization.name_en,
        tier=tier,
        kind="" if told is None else told.kind,
        level=None if told is None else told.level,
        basis=None if told is None else told.basis,
        shows=shows,
        registered=known is not None,
    )


def _hidden(
    session: Session, seen: CTE, tier_of: Mapping[str, int], showing: set[str], today: date
) -> dict[int, int]:
    """Suppliers, confirmed, of firms that do not show what is below them: counted in the tier after theirs."""
    rows = select(TradeLink.customer_number, TradeLink.supplier_number).distinct()
    rows = rows.where(TradeLink.customer_number.in_(select(seen.c.firm)), TradeLink.state == CONFIRMED)
    tiers: dict[str, int] = {}
    for customer, supplier in session.execute(rows.where(links.holds_on(today))):
        if customer not in showing and supplier not in tier_of:
            tiers[supplier] = min(tiers.get(supplier, tier_of[customer] + 1), tier_of[customer] + 1)
    return dict(sorted(Counter(tiers.values()).items()))


def _edge(row: TradeLink) -> graph.Edge:
    basis = "confirmed" if row.state == CONFIRMED else "declared"
    return graph.Edge(row.supplier_number, row.customer_number, basis)  # type: ignore[arg-type]  # one of the two words
