"""Tables by what they point at."""

from sqlalchemy import select

from catalog.db import Base
from marketplace.operations import organization_archive


def naming():
    """Every column that names an organization, as "table.column"."""
    found = organization_archive.tables_about_organizations()
    return {f"{model.__tablename__}.{column.key}" for model, column in found}


def pointing(tables):
    """Every column that points into one of the tables, as "table.column"."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name in tables for key in column.foreign_keys)
    }


def below(tables):
    """The tables, all that point at them, all that point at those, and so on."""
    found = set(tables)
    while (wider := found | {place.split(".")[0] for place in pointing(found)}) != found:
        found = wider
    return found


def keys(app, tables):
    """By table, the primary keys of its rows."""
    with app.extensions["database"].session(reading=True) as session:
        return {
            name: {tuple(row) for row in session.execute(select(*Base.metadata.tables[name].primary_key))}
            for name in tables
        }
