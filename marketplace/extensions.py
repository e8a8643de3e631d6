"""What every request shares: the database session, translations, sign-in, CSRF, the search engine, the file store."""

import importlib
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from catalog import clock
from catalog.db import make_engine, utcnow
from catalog.files import FileStore, store_from_url
from marketplace import mail
from matching.search import vocabulary
from matching.search.analyser import Analyser, BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import Engine as SearchEngine
from matching.search.helping import Help, Helper
from matching.search.kiwi import best_analyser
from matching.search.standby import Server, Shared
from matching.search.sync import Follower, Index
from matching.search.tokens import QueryTokens

LOCALES = ("ko", "en")
#: SEARCH_URL of the engine in the product's own processes.
EMBEDDED = "embedded:"

babel = Babel()
login = LoginManager()
csrf = CSRFProtect()


class Database:
    """The engine of one application, and sessions on it."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = make_engine(url)
        # On SQLite a reading transaction must not wait for, nor block, a writer.
        self._reading = self.engine.execution_options(sqlite_begin="DEFERRED")

    def session(self, *, reading: bool = False) -> Session:
        """A new session; `reading` ones must not write. Rows stay usable after a commit."""
        return Session(self._reading if reading else self.engine, expire_on_commit=False)


def application() -> Flask:
    """The application itself, for threads that outlive the context."""
    return cast(Any, current_app)._get_current_object()  # noqa: SLF001  # werkzeug's documented way


def database(app: Flask | None = None) -> Database:
    """The database of the application."""
    return cast(Database, (app or current_app).extensions["database"])


def search_index(app: Flask | None = None) -> Index:
    """This process's part in the search index, with the duty to follow the catalogue."""
    return cast(Index, (app or current_app).extensions["search"])


def search_engine() -> SearchEngine:
    """The engine, as far as the catalogue was a moment ago."""
    return search_index().current(db)


def search_help() -> Help:
    """Completions and spelling for the engine as it is."""
    return cast(Helper, current_app.extensions["search_help"]).current(search_engine())


def analyser() -> Analyser:
    """What takes texts apart."""
    return cast(Analyser, current_app.extensions["analyser"])


def asked_for(text: str) -> QueryTokens:
    """What a search text asks for, as the engine reads it."""
    return analyser().query(text)


def file_store() -> FileStore:
    """Where uploaded files are kept."""
    return cast(FileStore, current_app.extensions["files"])


def _session() -> Session:
    if "db" not in g:
        reading = has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
        g.db = database().session(reading=reading)
    return cast(Session, g.db)


#: The session of this request or command; opened on first use, closed with it.
db = cast(Session, LocalProxy(_session))


def now() -> datetime:
    """The present, UTC. One place, so that tests can move it."""
    return utcnow()


def today() -> date:
    """The date in Korea."""
    return clock.day_of(now())


def locale() -> str:
    """Language of this request: the reader's choice (cookie), else Korean; programs say it in Accept-Language."""
    if not has_request_context():
        return "ko"
    chosen = request.cookies.get("locale")
    if chosen in LOCALES:
        return chosen
    if request.path.startswith("/api/v1/"):
        return request.accept_languages.best_match(LOCALES) or "ko"
    return "ko"


def _analyser(name: str) -> Analyser:
    """What takes texts apart: SEARCH_ANALYSER."""
    if name not in ("kiwi", "bigram"):
        raise ValueError("SEARCH_ANALYSER: kiwi or bigram")
    make = best_analyser if name == "kiwi" else BigramAnalyser
    return make(vocabulary.synonyms())


def _index(app: Flask, made: Analyser) -> Index:
    """The index of SEARCH_URL: in this process, or on servers with one in this process standing by."""
    urls = app.config["SEARCH_URL"].split(",")
    own = Follower(EmbeddedEngine(made), made, Path(app.config["SEARCH_FOLDER"]))
    if urls == [EMBEDDED]:
        return own
    if not all(re.fullmatch(r"https?://[^/\s]+/?", url) for url in urls):
        raise ValueError("SEARCH_URL: embedded:, or addresses as https://host:9200, separated by commas")

    def connect(catalogue: str) -> Server:
        engines = importlib.import_module(
            "matching.search.elastic"
        )  # a second of time, only where it is used
        key, alias = app.config["SEARCH_API_KEY"], app.config["SEARCH_INDEX"]
        return cast(Server, engines.ElasticEngine(made, urls, alias=alias, catalogue=catalogue, api_key=key))

    return Shared("elasticsearch", connect, own)


def init_app(app: Flask) -> None:
    """Bind everything to `app`."""
    app.extensions["database"] = Database(app.config["DATABASE_URL"])
    app.extensions["files"] = store_from_url(app.config["FILES_URL"])
    made = app.extensions["analyser"] = _analyser(app.config["SEARCH_ANALYSER"])
    app.extensions["search_help"] = Helper()
    app.extensions["search"] = _index(app, made)
    app.extensions["mail"] = mail.from_url(app.config["MAIL_URL"], app.config["SITE_URL"])
    babel.init_app(app, locale_selector=locale)
    login.init_app(app)
    login.session_protection = (
        None  # sessions are rows with a limited life; an address may change on the road
    )
    csrf.init_app(app)

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        session = g.pop("db", None)
        if session is not None:
            session.close()
