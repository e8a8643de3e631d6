"""DuckDB: a table of listings, one of plans with a column for each capability, postings sorted by token; exact BM25.

Its full-text extension is not used: it would have to be downloaded, and its macro scores every document of the table.
"""

import numpy as np

from matching.search.embedded import lexical
from matching.search.embedded.lexical import LENGTHS, length_bytes
from matching.search.engine import TEXT_SCALE
from tests.bench.search.asking import Tables
from tests.bench.search.facts import BANDS, SETS
from tests.bench.search.protocol import Answer, PeerMissing
from tests.matching.search.factories import ANALYSER

_FIELDS = ("words", "grams")
_TOP = "SELECT row, s FROM c ORDER BY s DESC, row LIMIT 20"


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
        _register(
            database,
            "h",
            {"row": np.repeat(np.arange(facts.size, dtype=np.int32), np.diff(sizes)), "value": flat},
        )
        database.execute(
            "CREATE TABLE l AS SELECT v.*, x.held FROM l_made v JOIN"
            " (SELECT row, list(value) AS held FROM h_made GROUP BY row) x USING (row) ORDER BY v.row"
        )
        plan_row = np.repeat(np.arange(facts.size, dtype=np.int32), np.diff(facts.plan_starts))
        quality = {
            f"q{place}": column for place, column in enumerate(np.ascontiguousarray(facts.plan_quality.T))
        }
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
        self.facts, self.values, self.tables = facts, _values(facts), Tables(facts, ANALYSER)
        self.database = _connect(folder)
        self.lexicons, self.counts = {}, {}
        for name in _FIELDS:
            kept = self.run(f"SELECT token, number, n FROM {name}_lexicon")
            self.lexicons[name] = {token: number for token, number, _ in kept}
            self.counts[name] = {number: n for _, number, n in kept}
        self._count()

    def run(self, statement, values=None):
        """Run a statement to its end and return its rows."""
        return self.database.execute(statement, values).fetchall()

    def _count(self):
        """Read N and the average length of both fields, which every score needs."""
        self.statistics = {
            name: self.run(f"SELECT count(*), avg(length)::FLOAT FROM {name}_lengths WHERE length")[0]
            for name in _FIELDS
        }

    def answer(self, query):
        asked = self.tables.ask(query)
        self._collect(asked)
        top = self.run(_TOP)
        counted = self.run("SELECT v, count(*) FROM (SELECT unnest(held) AS v FROM c) GROUP BY v")
        ((total,),) = self.run("SELECT count(*) FROM c")
        facets = {}
        for place, number in counted:
            facet, value = self.values[place]
            facets.setdefault(facet, {})[value] = number
        return Answer([row for row, _ in top], [score for _, score in top], total, facets)

    def best(self, query):
        asked = self.tables.ask(query)
        self._collect(asked)
        return [row for row, _ in self.run(_TOP)]

    def _collect(self, asked):
        # Tables by code: joined, which is several times faster than lists as parameters.
        codes = np.arange(max(len(asked.industry), len(asked.shown), len(asked.delivery)), dtype=np.int32)
        for name, columns in (
            ("ti", {"near": asked.industry, "claimed": asked.claimed}),
            ("ts", {"proven": asked.shown}),
            ("td", {"delivered": asked.delivery}),
        ):
            size = len(next(iter(columns.values())))
            self.database.register(name, {"code": codes[:size], **columns})
        self.run(_statement(asked, *(self._text(name, getattr(asked, name)) for name in _FIELDS)))

    def _text(self, name, boosts):
        """Return the statement for BM25 of one field over the rows that pass, or None where no token is known."""
        lexicon, having = self.lexicons[name], self.counts[name]
        known = {lexicon[token]: boost for token, boost in boosts.items() if token in lexicon}
        if not known:
            return None
        documents, average = self.statistics[name]
        weights = {term: lexical.weight(boost, documents, having[term]) for term, boost in known.items()}
        cases = " ".join(f"WHEN {term} THEN {float(weight)!r}" for term, weight in weights.items())
        return f"""SELECT row, sum(w - w / (1::FLOAT + tf * (1::FLOAT / (1.2::FLOAT * (0.25::FLOAT
                + 0.75::FLOAT * length::FLOAT / {average!r}::FLOAT))))) AS b
            FROM (SELECT row, tf, length, (CASE term {cases} END)::FLOAT AS w FROM {name}_post
                WHERE term IN ({", ".join(map(str, known))}) AND row IN (SELECT row FROM s)) GROUP BY row"""

    def write(self, row, document):
        run = self.run
        run("BEGIN")
        run("CREATE OR REPLACE TEMP TABLE old AS SELECT * FROM l WHERE row = ?", [row])
        run("DELETE FROM l WHERE row = ?", [row])
        run("INSERT INTO l SELECT * FROM old")
        for name in _FIELDS:
            self._write_text(name, row, getattr(document, name).split())
        run("COMMIT")
        self._count()

    def _write_text(self, name, row, tokens):
        run, lexicon, having = self.run, self.lexicons[name], self.counts[name]
        before = [term for (term,) in run(f"SELECT term FROM {name}_post WHERE row = {row}")]
        run(f"DELETE FROM {name}_post WHERE row = {row}")
        for token in set(tokens) - set(lexicon):
            lexicon[token] = len(lexicon)
            run(f"INSERT INTO {name}_lexicon VALUES (?, ?, 0)", [token, lexicon[token]])
        counts = {lexicon[token]: tokens.count(token) for token in set(tokens)}
        kept = int(LENGTHS[length_bytes(np.array([len(tokens)]))[0]])
        values = ", ".join(f"({term}, {row}, {count}, {kept})" for term, count in counts.items())
        run(f"INSERT INTO {name}_post VALUES {values}")
        for term in before:
            having[term] -= 1
        for term in counts:
            having[term] = having.get(term, 0) + 1
        changed = ", ".join(f"({term}, {having[term]})" for term in {*before, *counts})
        run(f"UPDATE {name}_lexicon SET n = v.n FROM (VALUES {changed}) v (term, n) WHERE number = v.term")
        run(f"UPDATE {name}_lengths SET length = {len(tokens)} WHERE row = {row}")

    def having(self, word):
        number = self.lexicons["words"].get(word, -1)
        return self.run("SELECT count(*) FROM words_post WHERE term = ?", [number])[0][0]


def _connect(folder):
    database = _package().connect(str(folder / "peer.duckdb"))
    database.execute("SET threads = 1").fetchall()
    return database


def _register(database, name, columns):
    database.register(f"{name}_made", columns)


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
    _register(
        database,
        "lexicon",
        {"token": np.array(list(numbers), object), "number": np.arange(len(numbers)), "n": having},
    )
    database.execute(f"INSERT INTO {name}_lexicon SELECT * FROM lexicon_made")
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
            FROM l JOIN b ON b.row = l.row JOIN ti ON ti.code = l.industry JOIN ts ON ts.code = l.shown
            JOIN td ON td.code = l.delivery {own} WHERE {" AND ".join(where)}){ctes}
        SELECT s.row, s.held, s.s + {asked.text} * least(1, ({" + ".join(parts)})::FLOAT / {TEXT_SCALE}) AS s
        FROM s {joins}"""


def _by_listing(asked):
    yield "ti.near + td.delivered + greatest(ts.proven, ti.claimed)"
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
