"""For tests of pages: look into the database and act on it in short transactions of their own; read pages."""

import html
import re
from contextlib import contextmanager

from sqlalchemy import event


def rows(app, statement):
    """Every value of a statement of one column."""
    with app.extensions["database"].session(reading=True) as session:
        return list(session.scalars(statement).all())


def one(app, statement):
    """The first value of a statement."""
    with app.extensions["database"].session(reading=True) as session:
        return session.scalar(statement)


@contextmanager
def acting(app):
    """A writing session, committed at the end, outside any request."""
    with app.app_context(), app.extensions["database"].session() as session:
        yield session
        session.commit()


def text_of(answer):
    """The page as text, with its entities resolved."""
    return html.unescape(answer.get_data(as_text=True))


def form_word(answer):
    """The word by which a form acts once."""
    return re.search(r'name="form_id" value="([^"]+)"', answer.get_data(as_text=True)).group(1)


@contextmanager
def counted(app):
    """The SQL statements that are sent meanwhile, all but SQLite's BEGIN."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
