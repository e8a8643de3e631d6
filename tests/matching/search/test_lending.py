"""A bundle is proven as far as its least proven part is."""

import json

from matching.search import lending
from matching.search.elastic import indexed
from matching.search.embedded import stored
from matching.search.lending import Proven
from tests.matching.search.factories import document, evidence

FIELD = (evidence(), evidence(headcount=9))
REPORT = (evidence("test_report"),)
FAILED = (evidence(after="9.9"),)
CLAIM = (evidence("claim"),)


def test_what_all_parts_have_at_the_least_is_what_is_shown():
    assert lending.proven((), (FIELD, (*FIELD[:1], *REPORT))) == Proven("field", 1, 0)
    assert lending.proven((), (FIELD, REPORT)) == Proven("test_report", 0, 1)
    assert lending.proven((), (FIELD, REPORT * 3, REPORT * 2)) == Proven("test_report", 0, 2)
    assert lending.proven((), (FIELD, CLAIM)) == Proven("document", 0, 0)
    assert lending.proven((), (FIELD, ())) == Proven("document", 0, 0)


def test_a_listing_and_a_proof_of_the_whole_count_as_they_are():
    assert lending.proven((*FIELD, *REPORT)) == Proven("field", 2, 1)
    assert lending.proven(FIELD[:1], ((), REPORT)) == Proven("field", 1, 0)


def test_the_records_of_the_least_proven_part_count_in_the_fit_failures_included():
    assert lending.lent((FIELD, REPORT)) == REPORT
    assert lending.lent((REPORT, FAILED, FIELD)) == FAILED  # worth 0, though it was measured in a field
    assert lending.lent((FIELD, CLAIM, FAILED)) == FAILED
    assert lending.lent((CLAIM, ())) == ()
    assert lending.lent(()) == ()


def test_another_part_never_raises_it():
    parts = [FIELD, REPORT, FAILED, CLAIM, ()]
    for first in parts:
        for second in parts:
            for own in ((first,), (second,)):
                more, alone = lending.lent((first, second)), lending.lent(own)
                assert lending._weight(more) <= lending._weight(alone)


def test_a_document_holds_both_and_both_engines_read_them_again():
    made = document(1, kind="bundle", backing=(FIELD, REPORT))
    (body,) = indexed.bodies([made], 7)
    assert (body["kind"], body["proof"]) == ("bundle", "test_report")
    assert indexed.document_of(json.loads(json.dumps(body))) == made
    assert stored.document_from(stored.line(made)) == made
    assert (made.best_evidence, made.field_sites, made.test_reports) == ("test_report", 0, 1)
    assert (made.kind, made.lent) == ("bundle", REPORT)
    assert document(2, evidence=list(FIELD)).lent == ()
