"""The page on which a vendor works on one listing: drawn after every act on it, and again when something is refused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from catalog import listings, taxonomy
from catalog.errors import Problem
from catalog.listings import CODE_FIELDS, MAX_PLANS
from catalog.models import Listing, Release, Review
from catalog.models.evidence import DIRECTIONS, EVIDENCE_KINDS
from catalog.models.listing import BASES, PLAN_KINDS
from catalog.publishing_states import EDITABLE
from catalog.validation import certificates, rules
from marketplace import extensions, wording
from marketplace.accounts import access
from marketplace.extensions import db
from marketplace.web import forms

#: Section of the page → first digit of its rules.
SECTIONS = {"basics": "1", "scope": "2", "plans": "3", "evidence": "4"}

BASICS = {
    "title": forms.text,
    "title_en": forms.text,
    "summary": forms.text,
    "summary_en": forms.text,
    "description": forms.lines,
    "description_en": forms.lines,
}
SCOPE = {
    **dict.fromkeys(CODE_FIELDS, forms.many),
    "industries": forms.keys,
    "nationwide": forms.flag,
    "level/from": forms.whole,
    "level/to": forms.whole,
    "install_weeks": forms.whole,
}
PLANS = {
    "plans/*/name": forms.text,
    "plans/*/kind": forms.text,
    "plans/*/price_amount": forms.whole,
    "plans/*/setup_amount": forms.whole_or_zero,
    "plans/*/trial_days": forms.whole,
    "plans/*/remove": forms.flag,
    "plans/*/quality/*/capability": forms.text,
    "plans/*/quality/*/quality": forms.whole,
    "plans/*/quality/*/basis": forms.text,
}
EVIDENCE = {
    **dict.fromkeys(("kind", "kpi", "unit", "direction"), forms.chosen),
    **dict.fromkeys(("baseline", "after"), forms.decimal),
    "site/industry": forms.key,
    "site/region": forms.optional,
    "site/headcount": forms.whole,
    "site/level": forms.whole,
    **dict.fromkeys(("baseline_from", "baseline_to", "after_from", "after_to"), forms.optional),
    "method": forms.lines,
    "sample": forms.text,
    "verified_by": forms.text,
}
#: Everything on the page to which a finding can lead.
PLACES = frozenset(
    [*BASICS, *SCOPE, *PLANS, "level", "plans", "evidence", "evidence/*/site", "evidence/*/files"]
    + [f"evidence/*/{name}" for name in EVIDENCE]
)
#: Fields of which a finding shows what stands there now.
SHOWN = frozenset({*BASICS, "sample", "verified_by", "method", "kpi", "unit", "baseline", "after"})


def address(listing: Listing, section: str = "") -> str:
    """Where the vendor works on the listing."""
    return url_for("listings.edit", listing_id=listing.public_id, _anchor=section or None)


def page(
    listing: Listing,
    *,
    at: str = "",
    form: forms.Form | None = None,
    problems: Iterable[Problem] = (),
    blocked: bool = False,
) -> str:
    """Draw the page.

    Args:
        listing: the acting organization's own.
        at: the section that was refused, "basics" … or a record, "evidence/2".
        form: what was typed there; everything else shows what is stored.
        problems: what is wrong with it, as pointers of the form.
        blocked: a request for review was refused for the findings.
    """
    content = listings.snapshot(listing)
    findings = rules.check(content, organization_state=listing.organization.state)
    releases = access.releases_of_listing(db, listing)
    refused = _refused(at, form, problems)
    values = _stored(content, at, form) | refused["values"]
    return render_template(
        "listings/edit.html",
        listing=listing,
        moment=extensions.now(),
        content=content,
        editable=listing.state in EDITABLE,
        at=at,
        blocked=blocked,
        **(refused | {"values": values}),
        plan_rows=_plan_rows(content, values),
        next_url=address(listing),
        steps=_steps(listing, findings),
        **_completeness(findings),
        published={record["id"] for release in releases for record in release.content["evidence"]},
        **_judged(listing, content, releases),
        **options(content),
    )


def anchor(pointer: str) -> str:
    """The fragment of the field of that pointer, or of the nearest one around it; "" if the page has none."""
    while pointer and forms.pattern(pointer) not in PLACES:
        pointer = pointer.rpartition("/")[0]
    return f"#f-{pointer.replace('/', '-')}" if pointer else ""


def options(content: Mapping[str, Any]) -> dict[str, Any]:
    """The choices of every list, in the reader's language."""
    mine = [
        *content["industries"],
        *(r["site"]["industry"] for r in content["evidence"] if r["site"]["industry"]),
    ]
    return {
        "industry_groups": _industry_groups(content["industries"]),
        "industry_options": _industry_options(mine),
        "capability_groups": [
            (
                group.name(extensions.locale()),
                [_option(c) for c in taxonomy.capabilities() if c.group == group.code],
            )
            for group in taxonomy.capability_groups()
        ],
        **{
            f"{scheme}_options": [_option(term) for term in taxonomy.terms(scheme)]
            for scheme in ("process", "interface", "region", "deployment")
        },
        "level_options": [(n, wording.name("level_value", n)) for n in range(1, 6)],
        "plan_kinds": _named("plan_kind", PLAN_KINDS),
        "bases": _named("basis", BASES),
        "evidence_kinds": _named("evidence_kind", EVIDENCE_KINDS),
        "directions": _named("direction", DIRECTIONS),
    }


def _plan_rows(content: Mapping[str, Any], values: Mapping[str, Any]) -> list[list[str]]:
    """The capabilities of each plan's rows: those it rates, then the listing's others; one empty plan to begin with."""
    rows = []
    for i in range(min(MAX_PLANS, len(content["plans"]) + 1)):
        typed = [f"plans/{i}/quality/{j}/capability" for j in range(forms.MAX_ROW)]
        named = [str(values[name]) for name in typed if name in values]
        rows.append([*named, *(code for code in content["capabilities"] if code not in named)])
    return rows


def _refused(at: str, form: forms.Form | None, problems: Iterable[Problem]) -> dict[str, Any]:
    if form is None:
        return {"values": {}, "errors": {}, "labels": {}}
    return form.refused(problems, at if at.startswith("evidence/") else "")


def _stored(content: Mapping[str, Any], at: str, form: forms.Form | None) -> dict[str, Any]:
    """What is stored, by field; without the fields of the form that was refused, which show what was typed."""
    values: dict[str, Any] = forms.flat({name: part for name, part in content.items() if name != "evidence"})
    for i, record in enumerate(content["evidence"]):
        site = {**record["site"], "level": (record["site"]["level"] or {}).get("value")}
        values |= forms.flat({**record, "site": site, "files": []}, f"evidence/{i}")
    for name in [name for name in values if name.endswith("_amount") and values[name]]:
        values[name] = f"{int(values[name]):,}"
    if len(content["regions"]) == len(taxonomy.terms("region")):
        values |= {"nationwide": "1", "regions": []}
    if form is None:
        return values
    under = f"{at}/" if at.startswith("evidence/") else ""
    retyped = {
        name
        for name in values
        if name.startswith(under) and forms.pattern(name.removeprefix(under)) in form.names
    }
    return {name: value for name, value in values.items() if name not in retyped}


def _steps(listing: Listing, findings: Sequence[rules.Finding]) -> list[tuple[str, str, str]]:
    """State, section and fragment of each step towards the public."""
    lacking = {finding.rule[0] for finding in findings if finding.severity == rules.REQUIRED}
    handed_in = listing.state not in EDITABLE
    states = ["" if digit in lacking and not handed_in else "done" for digit in SECTIONS.values()]
    states.append("done" if handed_in else "")
    if "" in states:
        states[states.index("")] = "now"
    return [
        (state, section, f"#{section}") for state, section in zip(states, [*SECTIONS, "todo"], strict=True)
    ]


def _completeness(findings: Sequence[rules.Finding]) -> dict[str, Any]:
    return {
        "open": [_open(finding) for finding in findings],
        "done": _done(findings),
        "required": sum(finding.severity == rules.REQUIRED for finding in findings),
    }


def _open(finding: rules.Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "text": wording.finding(finding),
        "place": wording.place(finding.pointer),
        # what a plan does not rate is mended in the plan, not where the capability was chosen
        "href": "#plans" if finding.rule == "3.3" else anchor(finding.pointer),
    }


def _done(findings: Sequence[rules.Finding]) -> list[str]:
    """Rules that are met; those about plans and evidence only once there are some."""
    unmet = {finding.rule for finding in findings}
    empty = {rule[0] for rule in unmet & {"3.1", "4.1"}}
    return [wording.name("rule", rule) for rule in rules.RULES if rule not in unmet and rule[0] not in empty]


def _judged(listing: Listing, content: Mapping[str, Any], releases: Sequence[Release]) -> dict[str, Any]:
    """What validators have said and certified: the last round, the public release, what was found."""
    live = next((release for release in releases if release.number == listing.live_release), None)
    last = access.last_round(db, listing)
    sent_back = last if last is not None and listing.state == "sent_back" else None
    return {
        "live": live,
        "standing": None
        if live is None
        else certificates.standing(live.certificate.expires_on, extensions.today()),
        "last_round": last,
        "remarks": [] if sent_back is None else _remarks(sent_back, content),
        "notes": [] if sent_back is None else [note for note in sent_back.notes if note.audience == "vendor"],
    }


def _remarks(review: Review, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "n": finding.number,
            "severity": "must" if finding.severity == rules.REQUIRED else "should",
            "field": wording.place(finding.pointer),
            "name": anchor(finding.pointer).removeprefix("#f-"),
            "href": anchor(finding.pointer),
            "title": finding.text,
            "value": _present(content, finding.pointer),
        }
        for finding in review.findings
    ]


def _present(content: Any, pointer: str) -> str:
    """The text that stands at the pointer now, where showing it helps; "" elsewhere."""
    if pointer.rpartition("/")[2] not in SHOWN:
        return ""
    for part in pointer.split("/"):
        rows = isinstance(content, list)
        if not (part.isdecimal() and int(part) < len(content) if rows else part in content):
            return ""
        content = content[int(part) if rows else part]
    return str(content)


def _industry_groups(mine: Sequence[Mapping[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Divisions with their groups; those without any stand together, deeper codes of the listing come first."""
    terms = taxonomy.terms("ksic")
    known = {(term.revision, term.code) for term in terms}
    deeper = [key for key in mine if (key["revision"], key["code"]) not in known]
    groups = (
        [("", [(forms.industry_value(key), wording.industry_name(key)) for key in deeper])] if deeper else []
    )
    alone = []
    for division in (term for term in terms if len(term.code) <= 2):
        inner = [term for term in terms if term.parent == division.code and len(term.code) == 3]
        if not inner:
            alone.append(_industry(division))
        else:
            named = division.name(extensions.locale())
            groups.append((named, [_industry(term) for term in (division, *inner)]))
    return [*groups[: bool(deeper)], ("C", alone), *groups[bool(deeper) :]]


def _industry_options(mine: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    listed = [_industry(term) for term in taxonomy.terms("ksic")]
    known = {value for value, _words in listed}
    extra = {forms.industry_value(key): wording.industry_name(key) for key in mine}
    return listed + [(value, words) for value, words in extra.items() if value not in known]


def _industry(term: taxonomy.Term) -> tuple[str, str]:
    return f"{term.revision}:{term.code}", f"{term.code} {term.name(extensions.locale())}"


def _option(term: taxonomy.Term) -> tuple[str, str]:
    return term.code, term.name(extensions.locale())


def _named(group: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, wording.name(group, code)) for code in codes]
