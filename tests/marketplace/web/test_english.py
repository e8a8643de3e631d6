"""Every page in English: nothing Korean is left but people's own words, and those say that they are Korean.

Readers of every role walk the demo country by the links of its pages.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from werkzeug.exceptions import HTTPException

from marketplace import config, create_app
from marketplace.accounts import roles
from marketplace.config import DEMO_DOMAIN, DEMO_PASSWORD
from marketplace.demo import load
from marketplace.extensions import database
from marketplace.operations import migrate
from tests.marketplace import unlinked
from tests.marketplace.people import PASSWORD, csrf, person

BRAND = " · 이음"
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")
#: What a person has typed into a field is theirs.
NOT_SAID = {"textarea", "script", "style"}
SPOKEN = ("aria-label", "alt", "title", "placeholder", "label", "data-announce")
VOID = {"meta", "link", "input", "img", "br", "hr", "use", "rect", "path", "wbr", "source", "col"}
#: A code of the program: two words tied together, or a permission.
CODE = re.compile(r"(?<![\w@./-])[a-z]+(?:_[a-z0-9]+)+(?![\w@./-])|%\(\w+\)s|\{\{|\{%|<lazy|\bUndefined\b")
FILE = re.compile(r"\S+\.(?:csv|xlsx|pdf|png|jpe?g)\b")
#: Elements that show code on purpose.
SHOWN_CODE = {"code", "pre"}
#: Answers that are no pages, and a page that opens only between the two steps of a sign-in (the browser looks at it).
NO_PAGES = {
    "static", "evidence.file", "health.healthz", "health.readyz", "metrics.metrics", "own_data.fetch",
    "doors.second_step", "board.table", "matches.as_csv", "supply_chain.template", "level_certificates.file",
    "console_level_certificates.file", "catalogue.completions",
}  # fmt: skip
#: Parts of pages, without a head of their own.
FRAGMENTS = {"home.waiting"}
#: So many pages of one kind does one reader look at.
OF_ONE_KIND = 4
#: newcomer: an account without an organization; fresh: an organization that has nothing yet.
READERS = ("nobody", "newcomer", "fresh", "vendor", "validator", "manufacturer", "coordinator", "operator")
KOREAN_READERS = ("nobody", "vendor", "validator", "manufacturer", "operator")
SEEDS = (
    "/", "/solutions", "/solutions?q=zzzzqq", "/solutions?page=99&colour=red", "/sign-in", "/sign-up",
    "/docs/fit-score", "/docs/search", "/api/docs", "/account", "/organization", "/organization/new",
    "/listings", "/listings/new", "/sites",
    "/sites/new", "/demands", "/demands/new", "/desk", "/console",
    "/console/organizations?state=registered", "/console/users",
    "/console/listings", "/console/reports", "/console/audit", "/console/support",
    "/organization/operator", "/not-there",
)  # fmt: skip


class Page(HTMLParser):
    """What a page says to people, piece by piece: (words, language, tag, attribute or "")."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.pieces, self.links, self.language, self.title, self._open = [], [], "", "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        _, around, hidden = self._open[-1] if self._open else ("", "", False)
        language = said.get("lang") or around
        hidden = hidden or said.get("aria-hidden") == "true"
        if tag == "html":
            self.language = language
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        self.pieces += [(said[name], language, tag, name) for name in SPOKEN if said.get(name)]
        if tag == "meta" and said.get("name") == "description":
            self.pieces.append((said.get("content", ""), language, tag, "content"))
        if tag not in VOID:
            self._open.append((tag, language, hidden))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language, hidden = self._open[-1] if self._open else ("", "", False)
        if tag == "title" and self._open[-2][0] == "head":  # those of pictures are said like any words
            self.title += data
        elif data.strip() and tag not in NOT_SAID and not hidden:
            self.pieces.append((data.strip(), language, tag, ""))


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """The application on the demo country, with the catalogue of translations as it is in the source."""
    folder = tmp_path_factory.mktemp("english")
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
            "FILES_URL": f"file:{folder / 'files'}",
            "MAIL_URL": f"file:{folder / 'mail'}",
            "SEARCH_FOLDER": str(folder / "search"),
            "SECRET_KEY": "a key for tests only, long enough to sign with",
            "IEUM_DEMO": "1",
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
            "BABEL_TRANSLATION_DIRECTORIES": str(_compiled(folder)),
        }
    )
    migrate.upgrade(database(app))
    with app.app_context(), database(app).session() as session:
        load.load(session, app.extensions["files"], with_logins=True)
        app.unlinked = list(unlinked.pages(session).values())
        session.commit()
    yield app
    database(app).engine.dispose()


def _compiled(folder):
    """The catalogue of now, whatever `make translations` left behind."""
    source = config.ROOT / "marketplace" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    target = folder / "translations" / "en" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with source.open("rb") as lines, target.open("wb") as compiled:
        write_mo(compiled, read_po(lines, locale="en"))
    return folder / "translations"


def _reader(app, who):
    """A browser in which `who` is signed in."""
    if who == "fresh":
        return person(app, "vendor", "manufacturer", confirmed=False).client
    client = app.test_client()
    client.set_cookie("locale", "en")  # what the sign-up says is shown on the first page
    form = {"name": "새봄", "email": f"{who}@{DEMO_DOMAIN}", "password": DEMO_PASSWORD}
    if who == "newcomer":
        form |= {"email": "newcomer@example.com", "password": PASSWORD}
    if who != "nobody":
        path = "/sign-up" if who == "newcomer" else "/sign-in"
        assert client.post(path, data=form | {"csrf_token": csrf(client)}).status_code == 303
    return client


def _walk(app, client, language):
    """(endpoint, address, page) of everything the reader can reach by links, a few of each kind."""
    client.set_cookie("locale", language)
    waiting = [*SEEDS, *app.unlinked]
    met, counted = set(waiting), Counter()
    while waiting:
        path = waiting.pop(0)
        endpoint = _endpoint(app, path)
        if endpoint in NO_PAGES or endpoint.startswith("api") or counted[endpoint] >= OF_ONE_KIND:
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303):
            continue
        counted[endpoint] += endpoint != ""
        page = Page(answer.get_data(as_text=True))
        yield endpoint, path, page
        for link in (urldefrag(href).url for href in page.links):
            if link.startswith("/") and not urlsplit(link).netloc and link not in met:
                met.add(link)
                waiting.append(link)


def _endpoint(app, path):
    try:
        return app.url_map.bind("127.0.0.1").match(urlsplit(path).path, "GET")[0]
    except HTTPException:
        return ""


@pytest.fixture(scope="module")
def walked(country):
    """language → reader → pages, walked once for all tests."""
    readers = {who: _reader(country, who) for who in READERS}
    return {
        language: {who: list(_walk(country, readers[who], language)) for who in some}
        for language, some in (("en", READERS), ("ko", KOREAN_READERS))
    }


def _pages(walked, language):
    return [(who, *seen) for who, pages in walked[language].items() for seen in pages]


def test_the_walk_meets_every_page(country, walked):
    """A page that nobody reaches would be checked by nobody."""
    pages = {
        rule.endpoint
        for rule in country.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith("/api") and rule.endpoint not in NO_PAGES
    }
    met = {endpoint for _, endpoint, _, _ in _pages(walked, "en")}
    assert pages - met == set()


def test_english_pages_say_that_they_are_english(walked):
    wrong = [
        (who, path) for language in ("en", "ko") for who, endpoint, path, page in _pages(walked, language)
        if endpoint not in FRAGMENTS and (page.language != language or not page.title.endswith(BRAND))
    ]  # fmt: skip
    assert wrong == []


def test_korean_in_english_pages_is_peoples_own_and_says_so(walked):
    unmarked = {
        (endpoint, tag, attribute, words[:90])
        for _, endpoint, _, page in _pages(walked, "en")
        for words, language, tag, attribute in page.pieces
        if HANGUL.search(words) and language != "ko"
    }
    assert sorted(unmarked) == []


def test_titles_are_english_but_for_names(walked):
    """A title may name a thing by its Korean name if the page shows that name as Korean."""
    wrong = []
    for who, _, path, page in _pages(walked, "en"):
        shown = {words for words, language, _, _ in page.pieces if language == "ko"}
        title = page.title.removesuffix(BRAND)
        for name in sorted(shown, key=len, reverse=True):
            title = title.replace(name, "")
        if HANGUL.search(title):
            wrong.append((who, path, page.title))
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_code_of_the_program_is_shown(walked, language):
    permissions = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in roles.PERMISSIONS))
    shown = {
        (endpoint, tag, words[:90])
        for _, endpoint, _, page in _pages(walked, language)
        for words, _, tag, _ in page.pieces
        if tag not in SHOWN_CODE and (CODE.search(FILE.sub("", words)) or permissions.search(words))
    }
    assert sorted(shown) == []
