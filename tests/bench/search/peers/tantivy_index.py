"""What both configurations of tantivy index: the two text fields, and a tag for every fact that a clause asks for.

One segment, one writing thread. A plan's facts carry the plan's place in their tags, so that "one plan meets every
must within the limit" is asked exactly.
"""

import math

from tests.bench.search.asking import Tables
from tests.bench.search.facts import BANDS, UNKNOWN
from tests.bench.search.protocol import PeerMissing
from tests.matching.search.factories import ANALYSER

#: Buckets of the evidence axis, and of prices to one factor of two.
EVIDENCE, OCTAVE = 16, 8
FACETS = ("capability", "industry", "level", "price", "region", "validation")


def package():
    """Return the package.

    Raises:
        PeerMissing: it is not installed.
    """
    try:
        import tantivy  # noqa: PLC0415 — a peer of the bench, no dependency
    except ImportError as error:
        raise PeerMissing("tantivy is not installed") from error
    return tantivy


def bucket(amount):
    """Return the price bucket of an amount."""
    return round(OCTAVE * math.log2(max(amount, 1)))


def schema(tantivy, slots):
    """Return the schema for listings of so many plans at most."""
    builder = tantivy.SchemaBuilder()
    for name in ("words", "grams"):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("tags", stored=False, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    for name in ("last_day", *FACETS):
        builder.add_unsigned_field(name, stored=False, indexed=False, fast=True)
    for slot in range(slots):
        builder.add_integer_field(f"amount{slot}", stored=False, indexed=False, fast=True)
    return builder.build()


def slots_of(facts):
    """Return how many plans a listing has at most."""
    return int((facts.plan_starts[1:] - facts.plan_starts[:-1]).max())


def build(documents, facts, folder):
    """Write the index."""
    tantivy = package()
    index = tantivy.Index(schema(tantivy, slots_of(facts)), path=str(folder))
    writer = index.writer(heap_size=1_000_000_000, num_threads=1)
    numbers = numbers_of(facts)
    for row, document in enumerate(documents):
        writer.add_document(made(tantivy, facts, numbers, row, document))
    writer.commit()
    writer.wait_merging_threads()


def numbers_of(facts):
    """Return for each facet the number of each of its values."""
    places = facts.places
    sets = {"capability": "capabilities", "industry": "divisions", "level": "levels", "region": "regions"}
    numbers = {facet: dict(places[column]) for facet, column in sets.items()}
    numbers["price"] = {band: place for place, band in enumerate(BANDS)}
    numbers["validation"] = {proof: place for place, proof in enumerate(("field", "test_report", "document"))}
    numbers["industries"], numbers["divisions"] = list(places["industry"]), list(places["shown"])
    numbers["deliveries"] = list(places["delivery"])
    numbers["own"] = {}
    for division, row, value in facts.own:
        numbers["own"].setdefault(row, []).append((division, value))
    return numbers


def made(tantivy, facts, numbers, row, document):
    """Return tantivy's document of a listing."""
    found = tantivy.Document()
    found.add_text("words", document.words)
    found.add_text("grams", document.grams)
    found.add_text("tags", " ".join(_tags(facts, numbers, row)))
    found.add_unsigned("row", row)
    found.add_unsigned("last_day", int(facts.last_day[row]))
    for facet, value in facts.held(row):
        found.add_unsigned(facet, numbers[facet][value])
    plans = range(facts.plan_starts[row], facts.plan_starts[row + 1])
    for slot, plan in enumerate(plans):
        found.add_integer(f"amount{slot}", int(facts.plan_amount[plan]))
    return found


def _tags(facts, numbers, row):
    yield f"l{facts.level_from[row]}{facts.level_to[row]}"
    for kind, prefix in (("regions", "r"), ("interfaces", "i")):
        mask = int(facts.columns[kind][row])
        yield from (f"{prefix}{place}" for place in facts.places[kind].values() if mask >> place & 1)
    yield from (f"n{revision}:{code}" for revision, code in numbers["industries"][facts.industry[row]])
    yield from {f"v{code[:2]}" for _, code in numbers["industries"][facts.industry[row]]}
    yield from (f"s{division}" for division in numbers["divisions"][facts.shown[row]])
    weeks, starts = numbers["deliveries"][facts.delivery[row]]
    yield f"w{weeks}"
    yield f"y{starts}"
    if facts.alliance[row]:
        yield "alliance"
    base = float(facts.evidence[row])
    yield f"e{round(EVIDENCE * base)}"
    for division, value in numbers["own"].get(row, ()):
        yield f"o{division}:{round(EVIDENCE * (value - base))}"
    for slot, plan in enumerate(range(facts.plan_starts[row], facts.plan_starts[row + 1])):
        yield f"p{slot}"
        amount = int(facts.plan_amount[plan])
        if amount != UNKNOWN:
            yield f"a{slot}:{bucket(amount)}"
        for place, quality in enumerate(facts.plan_quality[plan].tolist()):
            yield from (f"q{slot}:{place}:{least}" for least in range(1, quality + 1))


class Opened:
    """An opened index: what both configurations ask and write alike."""

    build = staticmethod(build)

    @classmethod
    def versions(cls):
        return {"tantivy": package().__version__.removeprefix("tantivy ").split(",")[0]}

    def __init__(self, facts, folder):
        self.tantivy, self.facts, self.numbers = package(), facts, numbers_of(facts)
        self.slots, self.tables = slots_of(facts), Tables(facts, ANALYSER)
        self.index = self.tantivy.Index.open(str(folder))
        self.schema, self.searcher = self.index.schema, self.index.searcher()
        self.writer = None

    def tag(self, name):
        """Return the query for a tag."""
        return self.tantivy.Query.term_query(self.schema, "tags", name, index_option="basic")

    def anyone(self, names):
        """Return the query for any of some tags."""
        return self.tantivy.Query.term_set_query(self.schema, "tags", list(names))

    def points(self, query, points):
        """Return a query that brings the same points to all that it finds."""
        return self.tantivy.Query.const_score_query(query, float(points))

    def all_of(self, queries, optional=()):
        """Return a query that must match all of `queries`; `optional` ones add their score."""
        occur = self.tantivy.Occur
        return self.tantivy.Query.boolean_query(
            [*((occur.Must, query) for query in queries), *((occur.Should, query) for query in optional)]
        )

    def any_of(self, queries):
        """Return a query that matches any of some, adding their scores."""
        return self.tantivy.Query.boolean_query([(self.tantivy.Occur.Should, query) for query in queries])

    def text(self, asked, factor):
        """Return the clauses of the text, each BM25 times its boost times a factor."""
        query = self.tantivy.Query
        return [
            query.boost_query(query.term_query(self.schema, name, token, index_option="freq"), boost * factor)
            for name, tokens in (("words", asked.words), ("grams", asked.grams))
            for token, boost in tokens.items()
        ]

    def filters(self, asked):
        """Return the hard filters as queries that bring no points."""
        found = [self._range("last_day", self.tantivy.FieldType.Unsigned, asked.today, None)]
        if asked.level is not None:
            pairs = [(low, high) for low in range(1, asked.level + 1) for high in range(asked.level, 6)]
            found.append(self.any_of([self.tag(f"l{low}{high}") for low, high in pairs]))
        if asked.region:
            found.append(self.tag(f"r{asked.region.bit_length() - 1}"))
        found.append(self.any_of([self._plan_within(asked, slot) for slot in range(self.slots)]))
        return [self.points(query, 0) for query in found]

    def meeting(self, asked, slot):
        """Return the queries for a plan in this place that meets every must."""
        musts = [self.tag(f"q{slot}:{must.place}:{must.least}") for must in asked.musts]
        return musts or [self.tag(f"p{slot}")]

    def _plan_within(self, asked, slot):
        queries = self.meeting(asked, slot)
        if asked.budget >= 0:
            kind = self.tantivy.FieldType.Integer
            queries.append(self._range(f"amount{slot}", kind, None, 3 * asked.budget // 2))
        return self.all_of(queries)

    def _range(self, name, kind, low, high):
        return self.tantivy.Query.range_query(self.schema, name, kind, low, high)

    def write(self, row, document):
        if self.writer is None:
            self.writer = self.index.writer(heap_size=50_000_000, num_threads=1)
        self.writer.delete_documents_by_query(self.tantivy.Query.term_query(self.schema, "row", row))
        self.writer.add_document(made(self.tantivy, self.facts, self.numbers, row, document))
        self.writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def having(self, word):
        query = self.tantivy.Query.term_query(self.schema, "words", word, index_option="freq")
        return self.searcher.search(query, limit=1).count
