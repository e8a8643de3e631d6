"""Documents themselves: one, all, and why one stands where it does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.search.analyser import QueryTokens
from matching.search.documents import Document
from matching.search.elastic import packing, rescoring
from matching.search.elastic.indexed import document_of
from matching.search.elastic.rescoring import TextFacts
from matching.search.elastic.view import View
from matching.search.embedded import columns, explaining
from matching.search.embedded import segment as segments
from matching.search.embedded import state as states
from matching.search.embedded.asked import FieldText, Text
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.demand import Compiler
from matching.search.embedded.fitting import Match
from matching.search.embedded.lexicon import Lexicon
from matching.search.embedded.segment import offer_on
from matching.search.embedded.state import State
from matching.search.engine import Explanation
from matching.search.query import MatchQuery

_PAGE = 1_000


def get(view: View, listing_id: str) -> Document | None:
    """Return a document, or None."""
    [answer] = view.run([{"size": 1, "query": {"term": {"id": listing_id}}, "track_total_hits": False}])
    hits = answer["hits"]["hits"]
    return document_of(hits[0]["_source"]) if hits else None


def several(view: View, ids: Sequence[str]) -> dict[str, Document]:
    """Return documents by id; what the view does not have is left out."""
    found: dict[str, Document] = {}
    for first in range(0, len(ids), _PAGE):
        some = list(ids[first : first + _PAGE])
        body = {
            "size": _PAGE,
            "query": {"terms": {"id": some}},
            "_source": ["document"],
            "track_total_hits": False,
        }
        [answer] = view.run([body])
        found.update(
            (each.id, each) for each in (document_of(hit["_source"]) for hit in answer["hits"]["hits"])
        )
    return {each: found[each] for each in ids if each in found}


def all_documents(view: View) -> list[Document]:
    """Return every document, by id."""
    found: list[Document] = []
    body = {
        "size": _PAGE,
        "query": {"exists": {"field": "id"}},
        "sort": [{"id": "asc"}],
        "_source": ["document"],
        "track_total_hits": False,
    }
    while True:
        [answer] = view.run([body])
        hits = answer["hits"]["hits"]
        found.extend(document_of(hit["_source"]) for hit in hits)
        if len(hits) < _PAGE:
            return found
        body["search_after"] = hits[-1]["sort"]


@dataclass(frozen=True, slots=True, eq=False)
class _OneListing(State):
    """A state of one listing, in which a text weighs as it does among all."""

    text: tuple[Text, ...] = ()

    def texts(self, asked: QueryTokens) -> tuple[Text, ...]:
        return self.text


def explain(view: View, listing_id: str, query: MatchQuery, asked: QueryTokens) -> Explanation | None:
    """Explain a listing's place for a demand; None when the view does not have it."""
    document = get(view, listing_id)
    if document is None:
        return None
    missing = view.missing_live(asked)
    if missing:
        view.note_live(missing, view.run([view.live_counts(missing)])[0])
    vocabulary = Vocabulary()
    segment = segments.build([document], vocabulary)
    text = view.facts(asked)
    clauses = () if text is None else (_named(document, text),)
    demand = Compiler(vocabulary).compile(query.need, query.weights, policy=query.policy)
    state = _OneListing(view.revision, (states.part_of(segment),), text=clauses)
    return explaining.explain(state, Match(query, demand, asked), listing_id)


def _named(document: Document, text: TextFacts) -> Text:
    """Return the clauses of a text in one document, their tokens by name."""
    vocabulary = Vocabulary()
    made = columns.build([document], [offer_on(document, document.approved_on)], vocabulary)
    [facts] = packing.listed([document], made, vocabulary)
    clauses = rescoring.clauses_of([packing.unpacked(packing.packed(facts))], text)
    return Text(_with_names(clauses.words, text.words), _with_names(clauses.grams, text.grams))


def _with_names(clauses: FieldText, tokens: Sequence[tuple[str, float, int]]) -> FieldText:
    lexicon = Lexicon([name for name, _, _ in tokens])
    return replace(clauses, postings=replace(clauses.postings, lexicon=lexicon))
