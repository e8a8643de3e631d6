"""What the demo's manufacturers state of their sites beyond the necessary, and their 수준확인서 with the answers."""

import io
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.files import FileStore
from catalog.models import Listing, Site
from marketplace import audit
from marketplace.demo import naming, papers
from marketplace.demo.source import Country, Entry
from matching import level_certificates
from matching.models import LevelCertificate

#: Who decides papers in the demo.
_DECIDED_BY = "operator@demo.example"
_PAPER = ("number", "scale", "level", "issued_on", "valid_until")

#: (name of the manufacturer, place in its list) → site
Sites = dict[tuple[str, int], Site]


def facts(session: Session, country: Country) -> dict[tuple[str, int], Entry]:
    """By manufacturer and place, what a site states besides; listings by their public ids. The listings are there."""
    ids = {row.title: row.public_id for row in session.execute(select(Listing.title, Listing.public_id))}
    found = {}
    for entry in country.sites["facts"]:
        systems = {
            name: {
                **{key: value for key, value in system.items() if key != "listing"},
                "listing_id": ids[system["listing"]] if "listing" in system else None,
            }
            for name, system in entry.get("systems", {}).items()
        }
        rest = {key: value for key, value in entry.items() if key not in {"manufacturer", "site", "systems"}}
        found[entry["manufacturer"], entry["site"]] = {**rest, "systems": systems}
    return found


def deepened(fields: Entry, known: Entry | None) -> dict[str, Any]:
    """A site's fields with what `facts` knows of it."""
    if known is None:
        return dict(fields)
    systems = [{**system, **known["systems"].get(system["name"], {})} for system in fields["systems"]]
    return {**fields, **{key: value for key, value in known.items() if key != "systems"}, "systems": systems}


def hand_in(session: Session, store: FileStore, country: Country, sites: Sites) -> None:
    """The papers on levels, each decided as the files say, or waiting."""
    for nth, entry in enumerate(country.sites["papers"]):
        site = sites[entry["manufacturer"], entry["site"]]
        owner = site.organization
        data = papers.level_certificate(
            entry, company=owner.name, number=owner.registration_number or "", site=site.name
        )
        fields = cast(
            level_certificates.PaperFields, {name: entry[name] for name in _PAPER} | {"body": papers.BODY}
        )
        row = level_certificates.hand_in(
            session,
            site,
            store,
            fields,
            name=f"수준확인서-{entry['number']}.pdf",
            stream=io.BytesIO(data),
            today=entry["handed_in"],
        )
        at = naming.moment(entry["handed_in"], nth)
        naming.give(row, at, entry["manufacturer"], entry["number"])
        naming.give(row.file, at, entry["manufacturer"], entry["number"])
        audit.record(session, "level_certificate.hand_in", row, sha256=row.file.sha256)
        _decide(session, row, entry)


def _decide(session: Session, row: LevelCertificate, entry: Entry) -> None:
    if "decided" not in entry:
        return
    at = naming.moment(entry["decided"])
    if "refused" in entry:
        level_certificates.refuse(session, row, reason=entry["refused"], by=_DECIDED_BY, now=at)
        audit.record(session, "level_certificate.refuse", row, reason=entry["refused"])
        return
    level_certificates.confirm(session, row, by=_DECIDED_BY, now=at)
    if row.assessment is not None:
        naming.give(row.assessment, at, row.site.public_id, row.number)
    audit.record(session, "level_certificate.confirm", row)
