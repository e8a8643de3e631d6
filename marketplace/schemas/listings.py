"""Listings, plans and evidence as their vendor writes them."""

from typing import Any, cast

from marshmallow import fields

from catalog.evidence import MAX_RECORDS, EvidenceFields
from catalog.listings import COMPANY_LEVEL, MAX_PLANS
from catalog.models.evidence import DIRECTIONS, EVIDENCE_KINDS
from catalog.models.listing import BASES, PLAN_KINDS
from marketplace.schemas.fields import Choice, Code, Day, Items, Line, Measure, Part, Strict, Text, Whole, Won

#: The KSIC revisions that keys may name.
REVISIONS = ("10", "11")
MAX_CODES = 60


class IndustryKey(Strict):
    """An industry: a code means nothing without its revision."""

    revision = Choice(REVISIONS, required=True)
    code = Line(5, 1, required=True, metadata={"pattern": "^(C|[1-3][0-9]{1,4})$"})


class LevelRange(Strict):
    """The company level that a site needs at least, and the one it leads to."""

    scale = Choice((COMPANY_LEVEL,), required=True)
    from_ = Whole(1, 5, required=True, data_key="from", attribute="from")
    to = Whole(1, 5, required=True)


class SiteLevel(Strict):
    """The company level of a site that evidence comes from."""

    scale = Choice((COMPANY_LEVEL,), required=True)
    value = Whole(1, 5, required=True)


class QualityIn(Strict):
    """Quality 0–5 of one capability, and how it is known."""

    capability = Code("capability", required=True)
    quality = Whole(0, 5, required=True)
    basis = Choice(BASES, required=True)


class PlanIn(Strict):
    """How a listing is paid; a price that is null is by quote."""

    name = Line(40, 1, required=True)
    kind = Choice(PLAN_KINDS, required=True)
    price_amount = Won(load_default=None, allow_none=True)
    setup_amount = Won(load_default=0)
    trial_days = Whole(0, 365, load_default=None, allow_none=True)
    quality = Items(Part(QualityIn), MAX_CODES, required=True)


class ListingPatch(Strict):
    """Any parts of a listing; parts that are not named stay as they are."""

    title = Line(80, 1)
    title_en = Line(80)
    summary = Line(200)
    summary_en = Line(300)
    description = Text(4000)
    description_en = Text(4000)
    capabilities = Items(Code("capability"), MAX_CODES)
    industries = Items(Part(IndustryKey), MAX_CODES)
    processes = Items(Code("process"), MAX_CODES)
    interfaces = Items(Code("interface"), MAX_CODES)
    regions = Items(Code("region"), MAX_CODES)
    deployment = Items(Code("deployment"), MAX_CODES)
    level = Part(LevelRange, allow_none=True)
    install_weeks = Whole(0, 260, allow_none=True)
    plans = Items(Part(PlanIn), MAX_PLANS)


class ListingIn(ListingPatch):
    """A new listing: a title, and whatever is known so far."""

    title = Line(80, 1, required=True)


class SiteProfile(Strict):
    """Where evidence was measured; the firm stays unnamed."""

    industry = Part(IndustryKey, required=True, allow_none=True)
    region = Code("region", load_default=None, allow_none=True)
    headcount = Whole(1, 1_000_000, required=True, allow_none=True)
    level = Part(SiteLevel, load_default=None, allow_none=True)


class EvidenceIn(Strict):
    """One measured effect; worse results are evidence too."""

    kind = Choice(EVIDENCE_KINDS, required=True)
    kpi = Line(80, 1, required=True)
    unit = Line(20, 1, required=True)
    direction = Choice(DIRECTIONS, required=True)
    baseline = Measure(required=True)
    after = Measure(required=True)
    site = Part(SiteProfile, required=True)
    baseline_from = Day(load_default=None, allow_none=True)
    baseline_to = Day(load_default=None, allow_none=True)
    after_from = Day(load_default=None, allow_none=True)
    after_to = Day(load_default=None, allow_none=True)
    method = Text(2000, 1, required=True)
    sample = Line(200, load_default="")
    verified_by = Line(120, load_default="")


class PlanOut(PlanIn):
    """A plan with its id."""

    id = fields.UUID(required=True)


class FileOut(Strict):
    """A file with the fingerprint of its bytes."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    content_type = fields.String(required=True)


class EvidenceOut(Strict):
    """An evidence record with its files, as it is frozen."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    kpi = fields.String(required=True)
    unit = fields.String(required=True)
    direction = fields.String(required=True)
    baseline = fields.String(required=True)
    after = fields.String(required=True)
    site = fields.Nested(SiteProfile, required=True)
    baseline_from = fields.String(required=True, allow_none=True)
    baseline_to = fields.String(required=True, allow_none=True)
    after_from = fields.String(required=True, allow_none=True)
    after_to = fields.String(required=True, allow_none=True)
    method = fields.String(required=True)
    sample = fields.String(required=True)
    verified_by = fields.String(required=True)
    files = fields.List(fields.Nested(FileOut), required=True)


class ContentOut(Strict):
    """A listing in full."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    summary = fields.String(required=True)
    summary_en = fields.String(required=True)
    description = fields.String(required=True)
    description_en = fields.String(required=True)
    capabilities = fields.List(fields.String(), required=True)
    industries = fields.List(fields.Nested(IndustryKey), required=True)
    processes = fields.List(fields.String(), required=True)
    interfaces = fields.List(fields.String(), required=True)
    regions = fields.List(fields.String(), required=True)
    deployment = fields.List(fields.String(), required=True)
    level = fields.Nested(LevelRange, required=True, allow_none=True)
    install_weeks = fields.Integer(required=True, allow_none=True)
    plans = fields.List(fields.Nested(PlanOut), required=True)
    evidence = fields.List(fields.Nested(EvidenceOut), required=True, metadata={"maxItems": MAX_RECORDS})


class FindingOut(Strict):
    """One rule that one field does not meet."""

    rule = fields.String(required=True)
    pointer = fields.String(required=True)
    severity = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.String(required=True)


class ListingOut(Strict):
    """A listing as its vendor sees it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    live_release = fields.Integer(required=True, allow_none=True)
    content = fields.Nested(ContentOut, required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)


def evidence_fields(data: dict[str, Any]) -> EvidenceFields:
    """Parsed evidence as the domain takes it: the site's profile laid flat."""
    site = data["site"]
    level = site["level"]
    flat = {key: value for key, value in data.items() if key != "site"}
    profile = {"industry": site["industry"], "region": site["region"], "headcount": site["headcount"]}
    return cast(EvidenceFields, {**flat, **profile, "level": None if level is None else level["value"]})
