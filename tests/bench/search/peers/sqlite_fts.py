"""SQLite: FTS5's bm25() for the text, one statement for filters and score, GROUP BY for the facets.

Approximate only in the text: FTS5 takes both fields as one length, has an idf of its own and knows no boosts of tokens.
Tables by code (industries, delivery) are looked up by functions of one argument: measured faster than filling temporary
tables for each demand.
"""

import sqlite3

import numpy as np

from matching.search.engine import TEXT_SCALE
from tests.bench.search.asking import Tables
from tests.bench.search.facts import BANDS, SETS
from tests.bench.search.protocol import Answer
from tests.matching.search.factories import ANALYSER

#: Qualities of three bits in one 64-bit integer.
_A_WORD = 20
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-400000;"
)
#: Every column has its type: SQLite uses no index to compare a typed column with one that has none.
_TABLES = """
CREATE TABLE l (row INTEGER PRIMARY KEY, last_day INT, low INT, high INT, regions INT, interfaces INT, industry INT,
    shown INT, delivery INT, evidence REAL, alliance INT);
CREATE TABLE e (capability INT, quality INT, row INT, nth INT, amount INT, {q},
    PRIMARY KEY (capability, quality, row, nth)) WITHOUT ROWID;
CREATE TABLE p (row INT, nth INT, amount INT, {q}, PRIMARY KEY (row, nth)) WITHOUT ROWID;
CREATE TABLE own (division TEXT, row INT, value REAL, PRIMARY KEY (division, row)) WITHOUT ROWID;
CREATE TABLE held (row INT, value INT, PRIMARY KEY (row, value)) WITHOUT ROWID;
CREATE TABLE t (row INTEGER PRIMARY KEY, words, grams);
CREATE VIRTUAL TABLE f USING fts5(words, grams, content='t', content_rowid='row', detail=column, tokenize='ascii');
"""


class SqliteFts:
    name = "SQLite FTS5"
    is_exact = False
    how = (
        "FTS5 (two columns, bm25 weights 1 and 0.25, detail=column), a covering index of (capability, quality) over "
        "plans for the hard filters, the score as an SQL expression, facets by GROUP BY; WAL, synchronous=FULL"
    )

    @classmethod
    def versions(cls):
        return {"sqlite": sqlite3.sqlite_version}

    @classmethod
    def build(cls, documents, facts, folder):
        database = _connect(folder)
        columns = ", ".join(f"q{nth} INT" for nth in range(_words(facts)))
        database.executescript(_TABLES.format(q=columns))
        database.execute("BEGIN")
        _insert(database, "l", map(tuple, _listings(facts)))
        plans = list(_plans(facts))
        _insert(database, "p", ((row, nth, *rest) for row, nth, _, *rest in plans))
        _insert(
            database,
            "e",
            (
                (c, int(q[c]), row, nth, *rest)
                for row, nth, q, *rest in plans
                for c in np.flatnonzero(q).tolist()
            ),
        )
        _insert(database, "own", ((division, row, float(value)) for division, row, value in facts.own))
        numbers = {name: place for place, name in enumerate(_values(facts))}
        _insert(
            database, "held", ((row, numbers[held]) for row in range(facts.size) for held in facts.held(row))
        )
        _insert(database, "t", ((row, each.words, each.grams) for row, each in enumerate(documents)))
        database.execute("INSERT INTO f(f) VALUES ('rebuild')")
        database.execute("INSERT INTO f(f) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("ANALYZE")
        database.close()

    def __init__(self, facts, folder):
        self.facts, self.values, self.tables = facts, _values(facts), Tables(facts, ANALYSER)
        self.database = _connect(folder)
        self.database.executescript(
            "CREATE TEMP TABLE c (row INTEGER PRIMARY KEY, s REAL);"
            "CREATE TEMP TABLE x (row INTEGER PRIMARY KEY, b REAL);"
        )
        self.points = {}
        for name in ("industry", "claimed", "shown", "delivery"):
            self.database.create_function(f"{name}_points", 1, self._lookup(name), deterministic=True)

    def _lookup(self, name):
        return lambda code: self.points[name][code]

    def answer(self, query):
        asked = self.tables.ask(query)
        self._collect(asked)
        top = self._top(asked)
        counted = self.database.execute(
            "SELECT h.value, count(*) FROM temp.c CROSS JOIN held h ON h.row = c.row GROUP BY 1"
        ).fetchall()
        (total,) = self.database.execute("SELECT count(*) FROM temp.c").fetchone()
        self.database.execute("COMMIT")
        facets = {}
        for place, number in counted:
            facet, value = self.values[place]
            facets.setdefault(facet, {})[value] = number
        return Answer([row for row, _ in top], [score for _, score in top], total, facets)

    def best(self, query):
        asked = self.tables.ask(query)
        self._collect(asked)
        top = self._top(asked)
        self.database.execute("COMMIT")
        return [row for row, _ in top]

    def _collect(self, asked):
        """Fill c with the listings that pass and their fit with the policy term, and x with their text."""
        self.points = {
            name: getattr(asked, name).tolist() for name in ("industry", "claimed", "shown", "delivery")
        }
        execute = self.database.execute
        execute("BEGIN")
        execute("DELETE FROM temp.c")
        execute("DELETE FROM temp.x")
        execute(_structured(asked))
        match = _match(asked)
        if match:
            execute(
                "INSERT INTO temp.x SELECT c.row, -bm25(f, 1.0, 0.25) FROM f CROSS JOIN temp.c ON c.row = f.rowid"
                " WHERE f MATCH ?",
                (match,),
            )

    def _top(self, asked):
        return self.database.execute(
            f"SELECT c.row, c.s + {asked.text} * min(1.0, coalesce(x.b, 0) / {TEXT_SCALE}) AS o"
            " FROM temp.c LEFT JOIN temp.x ON x.row = c.row ORDER BY o DESC, c.row LIMIT 20"
        ).fetchall()

    def write(self, row, document):
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        before = execute("SELECT row, words, grams FROM t WHERE row = ?", (row,)).fetchone()
        execute("INSERT INTO f(f, rowid, words, grams) VALUES ('delete', ?, ?, ?)", before)
        execute("DELETE FROM held WHERE row = ?", (row,))
        execute("DELETE FROM p WHERE row = ?", (row,))
        _insert(self.database, "t", [(row, document.words, document.grams)])
        execute("INSERT INTO f(rowid, words, grams) VALUES (?, ?, ?)", (row, document.words, document.grams))
        _insert(self.database, "l", [_listing(self.facts, row)])
        numbers = {name: place for place, name in enumerate(self.values)}
        _insert(self.database, "held", [(row, numbers[held]) for held in self.facts.held(row)])
        plans = list(_plans(self.facts, [row]))
        _insert(self.database, "p", [(row, nth, *rest) for row, nth, _, *rest in plans])
        entries = [
            (c, int(q[c]), row, nth, *rest)
            for row, nth, q, *rest in plans
            for c in np.flatnonzero(q).tolist()
        ]
        _insert(self.database, "e", entries)
        execute("COMMIT")

    def having(self, word):
        return self.database.execute(
            "SELECT count(*) FROM f WHERE f MATCH ?", (f'words:"{word}"',)
        ).fetchone()[0]


def _connect(folder):
    database = sqlite3.connect(folder / "peer.sqlite", isolation_level=None)
    database.executescript(_PRAGMAS)
    return database


def _insert(database, table, rows):
    rows = iter(rows)
    first = next(rows, None)
    if first is not None:
        statement = f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(first))})"
        database.execute(statement, first)
        database.executemany(statement, rows)


def _values(facts):
    return [
        *((facet, value) for facet, column in SETS.items() for value in facts.places[column]),
        *(("price", band) for band in BANDS),
        *(("validation", proof) for proof in ("field", "test_report", "document")),
    ]


def _words(facts):
    return -(-len(facts.places["plans"]) // _A_WORD)


def _listings(facts):
    return (_listing(facts, row) for row in range(facts.size))


def _listing(facts, row):
    names = ("last_day", "level_from", "level_to", "regions", "interfaces", "industry", "shown", "delivery")
    whole = (int(facts.columns[name][row]) for name in names)
    return row, *whole, float(facts.evidence[row]), int(facts.alliance[row])


def _plans(facts, rows=None):
    """Yield (row, place, qualities, amount, packed qualities …) of the plans."""
    for row in range(facts.size) if rows is None else rows:
        for nth, plan in enumerate(range(facts.plan_starts[row], facts.plan_starts[row + 1])):
            quality = facts.plan_quality[plan]
            packed = [0] * _words(facts)
            for place in np.flatnonzero(quality).tolist():
                packed[place // _A_WORD] |= int(quality[place]) << 3 * (place % _A_WORD)
            yield row, nth, quality, int(facts.plan_amount[plan]), *packed


def _structured(asked):
    """Return the statement that fills c. Numbers only: nothing of it was typed by anybody."""
    musts = [f"{_quality(must)} >= {must.least}" for must in asked.musts]
    source, first = "p", ""
    if asked.musts:
        source = "e AS p"
        first = f"p.capability = {asked.musts[0].place} AND p.quality >= {asked.musts[0].least} AND "
        musts = musts[1:]
    within = f"p.amount <= {3 * asked.budget // 2}" if asked.budget >= 0 else "1"
    own = f"LEFT JOIN own ON own.division = '{asked.division}' AND own.row = l.row" if asked.division else ""
    evidence = "coalesce(own.value, l.evidence)" if asked.division else "l.evidence"
    where = [f"l.last_day >= {asked.today}", *musts]
    if asked.level is not None:
        where.append(f"l.low <= {asked.level} AND l.high >= {asked.level}")
    if asked.region:
        where.append(f"l.regions & {asked.region}")
    points = " + ".join([f"{asked.evidence!r} * {evidence}", *_by_listing(asked), f"max({_by_plan(asked)})"])
    return f"""INSERT INTO temp.c SELECT l.row, min(100.0, {points}) + {asked.policy} * l.alliance
        FROM {source} CROSS JOIN l ON l.row = p.row {own} WHERE {first}{" AND ".join(where)}
        GROUP BY l.row HAVING max({within})"""


def _by_listing(asked):
    yield "industry_points(l.industry) + delivery_points(l.delivery)"
    yield "max(shown_points(l.shown), claimed_points(l.industry))"
    for bits, points in (*asked.systems, *asked.partners):
        yield f"((l.interfaces & {bits}) <> 0) * {points!r}"
    if asked.level_points is not None:
        pairs = np.argwhere(asked.level_points > 0)
        cases = " ".join(f"WHEN {a * 8 + b} THEN {float(asked.level_points[a, b])!r}" for a, b in pairs)
        yield f"CASE l.low * 8 + l.high {cases} ELSE 0 END"


def _by_plan(asked):
    qualities = " + ".join(
        f"CASE {_quality(wanted)} "
        + " ".join(f"WHEN {quality} THEN {wanted.points[quality]!r}" for quality in range(1, 6))
        + " ELSE 0 END"
        for wanted in asked.wanted
        if wanted.place >= 0
    )
    capability = f"min({asked.capability!r}, {qualities or '0.0'})"
    if asked.budget < 0:
        return capability
    value = f"min(1.0, max(0.0, 1.5 - p.amount / {float(asked.budget)!r}))"
    if asked.budget == 0:
        value = "(p.amount = 0)"
    return f"{capability} + CASE WHEN p.amount < 0 THEN 0 ELSE {asked.price!r} * {value} END"


def _quality(wanted):
    return (
        f"((p.q{wanted.place // _A_WORD} >> {3 * (wanted.place % _A_WORD)}) & 7)"
        if wanted.place >= 0
        else "0"
    )


def _match(asked):
    fields = (("words", asked.words), ("grams", asked.grams))
    return " OR ".join(
        f"{name} : ({' OR '.join(chr(34) + token + chr(34) for token in tokens)})"
        for name, tokens in fields
        if tokens
    )
