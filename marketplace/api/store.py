"""The public store: search, listings, vendors, certificates, taxonomies."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from catalog import taxonomy
from catalog.errors import NotFound
from catalog.validation import certificates
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.lists import PageQuery, listing_of, offset_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, search_engine, search_help, today
from marketplace.schemas.fields import Choice, Code, Items, Line, Strict
from marketplace.schemas.listings import ContentOut
from marketplace.schemas.reviews import CertificateOut
from matching.search.helping import meant_text
from matching.search.query import FACETS, SORTS, SearchQuery

bp = ApiBlueprint("store", __name__, "The public store")

MAX_VALUES = 40


class SearchIn(PageQuery):
    """A search: text, filters (repeat a name for OR; different names are AND), order."""

    q = Line(200, load_default="")
    sort = Choice(SORTS, load_default="relevance")
    capability = Items(Code(), MAX_VALUES, load_default=list)
    industry = Items(Code(), MAX_VALUES, load_default=list)
    kind = Items(Code(), MAX_VALUES, load_default=list)
    level = Items(Code(), MAX_VALUES, load_default=list)
    price = Items(Code(), MAX_VALUES, load_default=list)
    region = Items(Code(), MAX_VALUES, load_default=list)
    validation = Items(Code(), MAX_VALUES, load_default=list)


class TypedIn(Strict):
    """What has been typed so far."""

    q = Line(200, load_default="")


class CompletionsOut(Strict):
    """Texts to search for, the best first."""

    items = fields.List(fields.String(), required=True)


class VendorOut(Strict):
    """Who offers a listing."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    synthetic = fields.Boolean(required=True)


class StandingOut(Strict):
    """The certificate of a release, in short."""

    number = fields.String(required=True)
    expires_on = fields.Date(required=True)
    standing = fields.String(required=True)


class SolutionOut(Strict):
    """A public listing."""

    id = fields.UUID(required=True)
    release = fields.Integer(required=True)
    vendor = fields.Nested(VendorOut, required=True)
    certificate = fields.Nested(StandingOut, required=True)
    content = fields.Nested(ContentOut, required=True)


SEARCH_MEMBERS: dict[str, fields.Field] = {
    "meant": fields.String(required=True, allow_none=True),
    "degraded": fields.Boolean(required=True),
}


class TermOut(Strict):
    """A term of a taxonomy."""

    scheme = fields.String(required=True)
    revision = fields.String(required=True)
    code = fields.String(required=True)
    name_ko = fields.String(required=True)
    name_en = fields.String(required=True)


class VendorDetailOut(VendorOut):
    """A vendor with its public listings."""

    name_en = fields.String(required=True)
    description = fields.String(required=True)
    description_en = fields.String(required=True)
    listings = fields.List(fields.UUID(), required=True)


@operation(
    bp,
    "GET",
    "/solutions",
    permission="catalogue.read",
    summary="Search the catalogue",
    query=SearchIn,
    answer=listing_of(SolutionOut, "SolutionList", **SEARCH_MEMBERS),
)
def search_listings(query: dict[str, Any]) -> dict[str, Any]:
    """Counts of a facet are taken with the other facets' filters; `meant` is what `q` was probably meant to be.

    `degraded` says that the search server is down and an index that stands by answered; it ranks the same.
    """
    filters = {facet: frozenset(query[facet]) for facet in FACETS if query[facet]}
    asked = SearchQuery(
        today=today(),
        text=query["q"],
        filters=filters,
        sort=query["sort"],
        offset=offset_of(query),
        limit=query["limit"],
    )
    engine = search_engine()
    found = engine.search(asked)
    meant = meant_text(engine, search_help(), asked, found.total)
    releases = access.public_releases(db, [hit.id for hit in found.hits])
    items = [answers.solution(releases[hit.id]) for hit in found.hits if hit.id in releases]
    return {**page(items, found.total, query, found.facets), "meant": meant, "degraded": found.degraded}


@operation(
    bp,
    "GET",
    "/solutions/completions",
    permission="catalogue.read",
    summary="Complete what is being typed",
    query=TypedIn,
    answer=CompletionsOut,
)
def complete_search(query: dict[str, Any]) -> dict[str, Any]:
    """By the beginning of any word, by first consonants (ㅅㅊㅅㅎ), and as if typed on the other keyboard (tkcnf)."""
    return {"items": search_help().completions.complete(query["q"])}


@operation(
    bp,
    "GET",
    "/solutions/<uuid:listing_id>",
    permission="catalogue.read",
    summary="A public listing",
    answer=SolutionOut,
)
def get_solution(listing_id: UUID) -> dict[str, Any]:
    """As it was approved."""
    release = access.public_release(db, listing_id)
    if certificates.standing_of(release, today()) == "lapsed":
        raise NotFound
    return answers.solution(release)


@operation(
    bp,
    "GET",
    "/vendors/<uuid:organization_id>",
    permission="catalogue.read",
    summary="A vendor of the store",
    answer=VendorDetailOut,
)
def get_vendor(organization_id: UUID) -> dict[str, Any]:
    """With the ids of its public listings."""
    row = access.vendor(db, organization_id)
    names = ("name", "name_en", "description", "description_en", "synthetic")
    own = [release.listing.public_id for release in access.public_releases_of(db, row)]
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}, "listings": own}


@operation(
    bp,
    "GET",
    "/certificates/<string:number>",
    permission="catalogue.read",
    summary="A certificate by its number",
    answer=CertificateOut,
)
def get_certificate(number: str) -> dict[str, Any]:
    """Public, also after it has expired."""
    return answers.certificate(access.certificate(db, number))


@operation(
    bp,
    "GET",
    "/taxonomies/<string:scheme>",
    permission="taxonomy.read",
    summary="The terms of a taxonomy",
    query=PageQuery,
    answer=listing_of(TermOut, "TermList"),
)
def list_terms(query: dict[str, Any], scheme: str) -> dict[str, Any]:
    """Schemes: ksic, capability, process, interface, region, deployment."""
    if scheme not in taxonomy.schemes():
        raise NotFound
    rows = list(taxonomy.terms(scheme))
    return page(list(part(rows, query)), len(rows), query)
