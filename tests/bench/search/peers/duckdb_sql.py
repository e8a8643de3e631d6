"""DuckDB: a table of listings, one of plans with a column for each capability, postings sorted by token; exact BM25.

Its full-text extension is not used: it would have to be downloaded, and its macro scores every document of the table.
"""

import numpy as np

from matching.search.engine import TEXT_SCALE
from matching.search.embedded.lexical import LENGTHS, length_bytes
from tests.bench.search.facts import BANDS, SETS
from tests.bench.search.protocol import Answer, PeerMissing

_FIELDS = ("words", "grams")


def _package():
    try:
        import duckdb  # noqa: PLC0415 — a peer of the bench, no dependency
    except ImportError as error:
        raise PeerMissing("duckdb is not installed") from error
    return duckdb


class DuckdbSql:
    name = "DuckDB"
    is_exact = True
    how = (
        "columns, a wide table of plans, postings sorted by token with BM25 as an SQL expression, "
        "facets by unnesting a list column; one thread"
    )

    @classmethod
    def versions(cls):
        return {"duckdb": _package().__version__}

    @classmethod
    def build(cls, documents, facts, folder):
        database = _connect(folder)
        numbers = {name: place for place, name in enumerate(_values(facts))}
        held = [[numbers[each] for each in facts.held(row)] for row in range(facts.size)]
        sizes = np.cumsum([0, *map(len, held)])
        flat = np.array([value for values in held for value in values], np.int16)
        _register(database, "l", {"row": np.arange(facts.size, dtype=np.int32), **facts.columns})
        _register(database, "h", {"row": np.repeat(np.arange(facts.size, dtype=np.int32), np.diff(sizes)), "value": flat})
        database.execute(
            "CREATE TABLE l AS SELECT v.*, x.held FROM l_made v JOIN"
            " (SELECT row, list(value) AS held FROM h_made GROUP BY row) x USING (row) ORDER BY v.row"
        )
        plan_row = np.repeat(np.arange(facts.size, dtype=np.int32), np.diff(facts.plan_starts))
        quality = {f"q{place}": column for place, column in enumerate(np.ascontiguousarray(facts.plan_quality.T))}
        _register(database, "p", {"row": plan_row, "amount": facts.plan_amount, **quality})
        database.execute("CREATE TABLE p AS SELECT * FROM p_made")
        divisions, rows, values = zip(*facts.own, strict=True)
        _register(
            database,
            "own",
            {
                "division": np.array(divisions, np.int16),
                "row": np.array(rows, np.int32),
                "value": np.array(values, np.float32),
            },
        )
        database.execute("CREATE TABLE own AS SELECT * FROM own_made")
        for name in _FIELDS:
            _postings(database, name, [getattr(document, name) for document in documents])
        database.execute("CHECKPOINT")
        database.close()

    def __init__(self, facts, folder):
        self.facts, self.values = facts, _values(facts)
        self.database = _connect(folder)
        self.lexicons = {
            name: dict(self.database.execute(f"SELECT token, number FROM {name}_lexicon").fetchall())  # noqa: S608 — ours
            for name in _FIELDS
        }
        self._count()

    def _count(self):
        """Read N and the average length of both fields, which every score needs."""
        self.statistics = {
            name: self.database.execute(
                f"SELECT count(*), avg(length)::FLOAT FROM {name}_lengths WHERE length > 0"  # noqa: S608 — ours
            ).fetchone()
            for name in _FIELDS
        }

    def answer(self, asked):
        self._collect(asked)
        run = self.database.execute
        top = run("SELECT row, s FROM c ORDER BY s DESC, row LIMIT 20").fetchall()
        counted = run("SELECT v, count(*) FROM (SELECT unnest(held) AS v FROM c) GROUP BY v").fetchall()
        (total,) = run("SELECT count(*) FROM c").fetchone()
        facets = {}
        for place, number in counted:
            facet, value = self.values[place]
            facets.setdefault(facet, {})[value] = number
        return Answer([row for row, _ in top], [score for _, score in top], total, facets)

    def best(self, asked):
        self._collect(asked)
        return [row for (row,) in self.database.execute("SELECT row FROM c ORDER BY s DESC, row LIMIT 20").fetchall()]

    def _collect(self, asked):
        tables = [getattr(asked, name) for name in ("industry", "claimed", "shown", "delivery")]
        for name, table in zip(("ti", "tc", "ts", "td"), tables, strict=True):
            self.database.execute(f"SET VARIABLE {name} = ?::FLOAT[]", [table.tolist()])
        self.database.execute(_statement(asked, *(self._text(name, getattr(asked, name)) for name in _FIELDS)))

    def _text(self, name, boosts):
        """Return the statement for BM25 of one field over the rows that pass, or None where no token is known."""
        known = {self.lexicons[name][token]: boost for token, boost in boosts.items() if token in self.lexicons[name]}
        if not known:
            return None
        documents, average = self.statistics[name]
        boost = f"CASE term {' '.join(f'WHEN {term} THEN {of}' for term, of in known.items())} END"
        terms = ", ".join(map(str, known))
        # idf in float64, rounded as Lucene does; the clause in float32; the sum in float64.
        return f"""SELECT row, sum(w - w / (1::FLOAT + tf * (1::FLOAT / (1.2::FLOAT * (0.25::FLOAT
                + 0.75::FLOAT * length::FLOAT / {average!r}::FLOAT))))) AS b
            FROM {name}_post JOIN (SELECT number AS term, ({boost})::FLOAT * 2.2::FLOAT
                * ln(1 + ({documents} - n + 0.5::DOUBLE) / (n + 0.5::DOUBLE))::FLOAT AS w
                FROM {name}_lexicon WHERE number IN ({terms})) USING (term)
            WHERE term IN ({terms}) AND row IN (SELECT row FROM s) GROUP BY row""".replace(
            "CASE term", "CASE number"
        )  # noqa: S608 — numbers of our own

    def write(self, row, document):
        run = self.database.execute
        run("BEGIN")
        run("CREATE OR REPLACE TEMP TABLE old AS SELECT * FROM l WHERE row = ?", [row])
        run("DELETE FROM l WHERE row = ?", [row])
        run("INSERT INTO l SELECT * FROM old")
        for name in _FIELDS:
            self._write_text(name, row, getattr(document, name).split())
        run("COMMIT")
        self._count()

    def _write_text(self, name, row, tokens):
        run, lexicon = self.database.execute, self.lexicons[name]
        run(f"UPDATE {name}_lexicon SET n = n - 1 WHERE number IN (SELECT term FROM {name}_post WHERE row = {row})")  # noqa: S608 — ours
        run(f"DELETE FROM {name}_post WHERE row = {row}")  # noqa: S608 — numbers
        for token in set(tokens) - set(lexicon):
            lexicon[token] = len(lexicon)
            run(f"INSERT INTO {name}_lexicon VALUES (?, ?, 0)", [token, lexicon[token]])  # noqa: S608 — our name
        counts = {lexicon[token]: tokens.count(token) for token in set(tokens)}
        kept = int(LENGTHS[length_bytes(np.array([len(tokens)]))[0]])
        values = ", ".join(f"({term}, {row}, {count}, {kept})" for term, count in counts.items())
        run(f"INSERT INTO {name}_post VALUES {values}")  # noqa: S608 — numbers
        run(f"UPDATE {name}_lexicon SET n = n + 1 WHERE number IN ({', '.join(map(str, counts))})")  # noqa: S608 — ours
        run(f"UPDATE {name}_lengths SET length = {len(tokens)} WHERE row = {row}")  # noqa: S608 — numbers

    def having(self, word):
        number = self.lexicons["words"].get(word, -1)
        return self.database.execute("SELECT count(*) FROM words_post WHERE term = ?", [number]).fetchone()[0]


def _connect(folder):
    database = _package().connect(str(folder / "peer.duckdb"))
    database.execute("SET threads = 1")
    return database


def _register(database, name, columns):
    database.register(f"{name}_made", _package().sql("SELECT 1") if not columns else columns)


def _values(facts):
    return [
        *((facet, value) for facet, column in SETS.items() for value in facts.places[column]),
        *(("price", band) for band in BANDS),
        *(("validation", proof) for proof in ("field", "test_report", "document")),
    ]


def _postings(database, name, texts):
    numbers = {}
    tokens = [[numbers.setdefault(token, len(numbers)) for token in text.split()] for text in texts]
    lengths = np.array(list(map(len, tokens)), np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    keys = np.array([term for row in tokens for term in row], np.int64) * len(texts) + rows
    keys, counts = np.unique(keys, return_counts=True)
    term, row = keys // len(texts), keys % len(texts)
    kept = LENGTHS[length_bytes(lengths)]
    made = {
        "term": term.astype(np.int32), "row": row.astype(np.int32), "tf": counts.astype(np.float32),
        "length": kept[row].astype(np.int32),
    }  # fmt: skip
    _register(database, "post", made)
    database.execute(f"CREATE TABLE {name}_post AS SELECT * FROM post_made")
    having = np.bincount(term, minlength=len(numbers)).astype(np.int32)
    database.execute(f"CREATE TABLE {name}_lexicon (token VARCHAR, number INTEGER, n INTEGER)")
    _register(database, "lexicon", {"token": np.array(list(numbers), object), "number": np.arange(len(numbers)), "n": having})
    database.execute(f"INSERT INTO {name}_lexicon SELECT * FROM lexicon_made")  # noqa: S608 — our name
    _register(database, "lengths", {"row": np.arange(len(texts)), "length": lengths})
    database.execute(f"CREATE TABLE {name}_lengths AS SELECT * FROM lengths_made")


def _statement(asked, words, grams):
    """Return the statement that makes c: the rows that pass with their order value and what facets count."""
    musts = [f"p.q{must.place} >= {must.least}" if must.place >= 0 else "false" for must in asked.musts]
    within = f"p.amount <= {3 * asked.budget // 2}" if asked.budget >= 0 else "true"
    where = [f"l.last_day >= {asked.today}"]
    if asked.level is not None:
        where.append(f"l.level_from <= {asked.level} AND l.level_to >= {asked.level}")
    if asked.region:
        where.append(f"(l.regions & {asked.region}) <> 0")
    own = f"LEFT JOIN own ON own.division = {asked.division} AND own.row = l.row" if asked.division else ""
    evidence = "coalesce(own.value, l.evidence)" if asked.division else "l.evidence"
    fit = " + ".join([f"{asked.evidence!r} * {evidence}", *_by_listing(asked), "b.points"])
    texts = {name: text for name, text in (("xw", words), ("xg", grams)) if text}
    ctes = "".join(f", {name} AS ({text})" for name, text in texts.items())
    joins = " ".join(f"LEFT JOIN {name} ON {name}.row = s.row" for name in texts)
    parts = [f"coalesce({name}.b, 0)" + ("::FLOAT" if name == "xg" else "") for name in texts] or ["0"]
    return f"""CREATE OR REPLACE TEMP TABLE c AS WITH b AS (
            SELECT p.row, max({_by_plan(asked)}) AS points FROM p {"WHERE " + " AND ".join(musts) if musts else ""}
            GROUP BY p.row HAVING bool_or({within})),
        s AS MATERIALIZED (SELECT l.row, l.held, least(100, {fit}) + {asked.policy} * l.alliance AS s
            FROM l JOIN b ON b.row = l.row {own} WHERE {" AND ".join(where)}){ctes}
        SELECT s.row, s.held, s.s + {asked.text} * least(1, ({" + ".join(parts)})::FLOAT / {TEXT_SCALE}) AS s
        FROM s {joins}"""  # noqa: S608 — numbers of our own


def _by_listing(asked):
    yield "getvariable('ti')[l.industry + 1] + getvariable('td')[l.delivery + 1]"
    yield "greatest(getvariable('ts')[l.shown + 1], getvariable('tc')[l.industry + 1])"
    for bits, points in (*asked.systems, *asked.partners):
        yield f"((l.interfaces & {bits}) <> 0)::INTEGER * {points!r}"
    if asked.level_points is not None:
        pairs = np.argwhere(asked.level_points > 0)
        cases = " ".join(f"WHEN {a * 8 + b} THEN {float(asked.level_points[a, b])!r}" for a, b in pairs)
        yield f"CASE l.level_from * 8 + l.level_to {cases} ELSE 0 END"


def _by_plan(asked):
    qualities = " + ".join(
        f"CASE p.q{wanted.place} "
        + " ".join(f"WHEN {quality} THEN {wanted.points[quality]!r}" for quality in range(1, 6))
        + " ELSE 0 END"
        for wanted in asked.wanted
        if wanted.place >= 0
    )
    capability = f"least({asked.capability!r}, {qualities or '0.0'})"
    if asked.budget < 0:
        return capability
    value = f"least(1, greatest(0, 1.5 - p.amount / {float(asked.budget)!r}::DOUBLE))"
    if asked.budget == 0:
        value = "(p.amount = 0)::INTEGER"
    return f"{capability} + CASE WHEN p.amount < 0 THEN 0 ELSE {asked.price!r} * {value} END"
