"""Settings: read from the environment once, documented in one table (a test holds the README against it)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"

#: Logins of the demo, in the order in which the sign-in page lists them. Their password stands on that page,
#: so they open nothing outside demo mode, whatever the database holds.
DEMO_PASSWORD = "ieum-demo"  # noqa: S105  # shown on the sign-in page
DEMO_DOMAIN = "demo.example"
DEMO_EMAILS = tuple(
    f"{name}@{DEMO_DOMAIN}"
    for name in ("vendor", "vendor2", "validator", "manufacturer", "manufacturer2", "coordinator", "operator")
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default (None = unset) and what it means."""

    name: str
    default: str | None
    meaning: str


SETTINGS = (
    Setting("HOST", "127.0.0.1", "address on which `flask serve` listens"),
    Setting("PORT", "8000", "port on which `flask serve` listens"),
    Setting("DATABASE_URL", f"sqlite:///{INSTANCE / 'ieum.db'}", "SQLite file, or postgresql+psycopg://…"),
    Setting(
        "SEARCH_URL",
        "embedded:",
        "the search engine: embedded:, or addresses of Elasticsearch 9 nodes, separated by commas",
    ),
    Setting("SEARCH_API_KEY", None, "API key for Elasticsearch"),
    Setting(
        "SEARCH_INDEX", "ieum", "name of the index at Elasticsearch, also the beginning of its indices' names"
    ),
    Setting(
        "SEARCH_FOLDER",
        str(INSTANCE / "search"),
        "folder of the index's snapshot, from which every process of this machine starts",
    ),
    Setting(
        "SEARCH_ANALYSER",
        "kiwi",
        "kiwi = Korean by morphemes, 300 MB more for every process; bigram = by pairs of syllables",
    ),
    Setting(
        "FILES_URL",
        f"file:{INSTANCE / 'files'}",
        "where uploaded files are kept: file:FOLDER, or s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]",
    ),
    Setting(
        "MAIL_URL",
        f"file:{INSTANCE / 'mail'}",
        "where mail goes: file:FOLDER (one .eml a message), smtps://user:password@host:port or smtp://…?starttls=1",
    ),
    Setting("IEUM_DEMO", "0", "1 = demo data and demo logins (`make run` sets it); 0 = start empty"),
    Setting("SITE_NAME", "이음", "the name shown"),
    Setting("CONTACT", None, "email address of the operator: the footer of every page leads to it"),
    Setting(
        "SITE_URL", None, "address in mails and links; https makes cookies Secure with the __Host- prefix"
    ),
    Setting("SECRET_KEY", None, "signs cookies; `flask serve` refuses to start without one"),
    Setting(
        "SECRET_KEY_FALLBACKS",
        None,
        "earlier secret keys, separated by commas: cookies they signed still hold",
    ),
    Setting("TRUSTED_HOSTS", None, "further names under which the site may be asked, separated by commas"),
    Setting("TRUSTED_PROXIES", "0", "number of reverse proxies whose X-Forwarded headers are believed"),
    Setting(
        "METRICS_TOKEN", None, "word that /metrics asks for as a bearer token; unset = this machine only"
    ),
    Setting(
        "LEAD_HOURS", "48", "hours in which a vendor should answer a demand that is shown to it, 1 to 720"
    ),
    Setting("IEUM_TEST", "0", "1 = allow CRASH_AT; for tests only"),
    Setting("CRASH_AT", None, "with IEUM_TEST=1: end the process hard at the named step"),
)

#: With one of these names begins what is said of a setting that cannot be used.
NAMES = frozenset(setting.name for setting in SETTINGS)

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
#: A request may be this much larger than the file in it.
MAX_REQUEST_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024

SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)

#: A lead is answered within a month at the latest.
MOST_LEAD_HOURS = 720

#: Names of this machine itself: under these the site always answers.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def read(environ: Mapping[str, str] = os.environ) -> dict[str, str | None]:
    """Every setting with its value; an empty variable counts as unset."""
    values = {setting.name: environ.get(setting.name) or setting.default for setting in SETTINGS}
    values["SITE_URL"] = (values["SITE_URL"] or f"http://127.0.0.1:{values['PORT']}").rstrip("/")
    return values


def flask_config(values: Mapping[str, str | None]) -> dict[str, Any]:
    """The configuration of Flask and its extensions that follows from the settings."""
    secure = str(values["SITE_URL"]).startswith("https://")
    return {
        **values,
        "IEUM_DEMO": values["IEUM_DEMO"] == "1",
        "LEAD_HOURS": _hours(values["LEAD_HOURS"]),
        "SECRET_KEY_FALLBACKS": _listed(values["SECRET_KEY_FALLBACKS"]),
        "TRUSTED_HOSTS": [
            *LOOPBACK,
            urlsplit(str(values["SITE_URL"])).hostname,
            *_listed(values["TRUSTED_HOSTS"]),
        ],
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "SESSION_COOKIE_NAME": "__Host-ieum" if secure else "ieum",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": secure,
        "BABEL_DEFAULT_LOCALE": "ko",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Seoul",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "marketplace" / "translations"),
        "API_TITLE": "Ieum",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "JSON_AS_ASCII": False,
    }


def _hours(value: str | None) -> int:
    """Raises ValueError: no whole number of hours from 1 to 720."""
    hours = int(value or "")
    if not 1 <= hours <= MOST_LEAD_HOURS:
        raise ValueError(f"LEAD_HOURS: {hours}, expected 1 to {MOST_LEAD_HOURS}")
    return hours


def _listed(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]
