"""What is on disk is the state before or the state after, whole; anything else is noticed and built anew."""

import errno
import json
import os
from dataclasses import fields, replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import EmbeddedEngine, files, snapshot
from matching.search.embedded import segment as segments
from matching.search.embedded.codes import Vocabulary, vocabulary_from_json
from matching.search.embedded.snapshot import MANIFEST, Identity, SnapshotUnusable
from matching.search.query import MatchQuery, SearchQuery
from tests.matching.scoring import cases
from tests.matching.search.factories import ANALYSER, TODAY, document, listing_id
from tests.matching.search.market import catalogues
from tests.matching.search.test_fitting import documents_of, engine_of, queries

#: Documents, arrays, the folder with both, the manifest; the folder with its name comes after.
BEFORE_THE_RENAME = 4
IDENTITY = Identity(ANALYSER.stamp(), "one")


def answers(engine):
    need = MatchQuery(TODAY, replace(cases.NEED, region=None, requirements=()), BUILT_IN, "용접 검사")
    asked = [
        SearchQuery(TODAY, text, sort=sort)
        for text in ("", "용접", "검사 시스템")
        for sort in ("relevance", "title")
    ]
    assert not engine.revision or engine.match(need).total
    return [engine.match(need), *(engine.search(query) for query in asked), list(engine.all())]


def filled(revision=5):
    engine = EmbeddedEngine(ANALYSER)
    engine.apply([document(number, f"용접 검사 {number}", regions=["busan"]) for number in range(9)], [], 1)
    engine.apply([document(3, "시스템"), document(20, "용접")], [listing_id(4)], revision)
    return engine


@pytest.fixture
def saved(tmp_path):
    engine = filled()
    assert engine.save(tmp_path, catalogue="one") == 5
    return tmp_path


@settings(max_examples=40, deadline=None)
@given(catalogues, queries)
def test_an_opened_index_answers_as_the_one_that_was_saved(tmp_path_factory, catalogue, query):
    folder = tmp_path_factory.mktemp("index")
    documents = documents_of(catalogue)
    engine = engine_of(documents, small=2)
    engine.save(folder)
    opened = EmbeddedEngine.open(ANALYSER, folder)
    for each in (opened, _after_writes(opened, engine, documents)):
        assert each.match(query) == engine.match(query)
        assert each.search(SearchQuery(TODAY, query.text)) == engine.search(SearchQuery(TODAY, query.text))
        assert list(each.all()) == list(engine.all())


def _after_writes(opened, engine, documents):
    for each in (opened, engine):
        each.apply([replace(one, words="mes") for one in documents[::2]], [listing_id(1)], 9)
        each.merge()
    return opened


def test_an_empty_index_can_be_saved_and_opened(tmp_path):
    EmbeddedEngine(ANALYSER).save(tmp_path)
    assert answers(EmbeddedEngine.open(ANALYSER, tmp_path)) == answers(EmbeddedEngine(ANALYSER))


def test_a_second_snapshot_takes_the_place_of_the_first_and_readers_of_that_go_on(saved):
    engine = EmbeddedEngine.open(ANALYSER, saved, catalogue="one")
    before = answers(engine)
    other = filled(8)
    other.save(saved, catalogue="one")
    assert len(list(saved.iterdir())) == 3
    assert answers(engine) == before
    assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one").revision == 8


def test_what_is_changed_in_memory_never_reaches_the_file(saved):
    engine = EmbeddedEngine.open(ANALYSER, saved, catalogue="one")
    before = {path: path.read_bytes() for path in saved.iterdir()}
    engine.apply([document(0, "새것")], [listing_id(1)], 6)
    engine.merge()
    assert {path: path.read_bytes() for path in saved.iterdir()} == before


@pytest.mark.parametrize(
    ("identity", "newest", "code"),
    [
        (Identity("kiwi/1/00000000", "one"), None, "analyser"),
        (Identity(ANALYSER.stamp(), "two"), None, "catalogue"),
        (IDENTITY, 4, "ahead"),
    ],
)
def test_a_foreign_snapshot_is_refused(saved, identity, newest, code):
    assert snapshot.load(saved, IDENTITY, 5)[0].revision == 5
    with pytest.raises(SnapshotUnusable) as refused:
        snapshot.load(saved, identity, newest)
    assert refused.value.code == code


def test_another_format_is_refused(saved):
    with (
        patch.object(snapshot, "FORMAT", snapshot.FORMAT + 1),
        pytest.raises(SnapshotUnusable, match="format"),
    ):
        snapshot.load(saved, IDENTITY)


def test_a_missing_snapshot_is_an_empty_engine(tmp_path):
    with pytest.raises(SnapshotUnusable) as refused:
        snapshot.load(tmp_path / "nowhere", IDENTITY)
    assert refused.value.code == "missing"
    assert EmbeddedEngine.open(ANALYSER, tmp_path / "nowhere").revision == 0


@pytest.mark.parametrize("kind", ["arrays-", "documents-", "manifest"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_a_torn_file_is_noticed_and_the_index_built_anew(saved, kind, damage, caplog):
    path = next(each for each in saved.iterdir() if each.name.startswith(kind))
    data = path.read_bytes()
    middle = len(data) // 2
    damaged = {
        "cut": data[:-1],
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "empty": b"",
    }
    path.unlink() if damage == "gone" else path.write_bytes(damaged[damage])
    with pytest.raises(SnapshotUnusable) as refused:
        snapshot.load(saved, IDENTITY)
    assert refused.value.code == ("missing" if (kind, damage) == ("manifest", "gone") else "torn")
    opened = EmbeddedEngine.open(ANALYSER, saved, catalogue="one")
    assert opened.revision == 0
    warned = [record for record in caplog.records if record.levelname == "WARNING"]
    assert bool(warned) == (refused.value.code == "torn")
    opened.apply(filled().all(), [], 5)
    opened.save(saved, catalogue="one")
    assert answers(EmbeddedEngine.open(ANALYSER, saved, catalogue="one")) == answers(filled())


def test_damage_in_the_middle_of_a_large_file_is_found_by_verifying(saved):
    snapshot.verify(saved)
    with patch.object(files, "CHECKED_WHOLE", 0), patch.object(files, "EDGE", 100):
        filled().save(saved, catalogue="one")
        path = next(each for each in saved.iterdir() if each.name.startswith("arrays-"))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        snapshot.load(saved, IDENTITY)
        with pytest.raises(SnapshotUnusable, match="torn"):
            snapshot.verify(saved)
        assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one").revision == 5
        assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one", verify=True).revision == 0


def test_a_whole_snapshot_is_opened_when_it_is_verified_and_a_missing_one_is_an_empty_engine(saved, tmp_path):
    assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one", verify=True).revision == 5
    assert EmbeddedEngine.open(ANALYSER, tmp_path / "nowhere", verify=True).revision == 0


@settings(max_examples=40, deadline=None)
@given(catalogues)
def test_the_vocabulary_is_read_as_it_was_written(catalogue):
    vocabulary = Vocabulary()
    segments.build(documents_of(catalogue), vocabulary)
    read = vocabulary_from_json(json.loads(json.dumps(vocabulary.to_json())))
    for each in fields(Vocabulary):
        assert getattr(read, each.name).values == getattr(vocabulary, each.name).values
    assert read.size == vocabulary.size


def test_a_manifest_with_a_true_seal_and_false_words_is_refused(saved):
    described = {"format": snapshot.FORMAT, "analyser": IDENTITY.analyser, "catalogue": "one", "revision": 5}
    body = json.dumps(described)
    (saved / MANIFEST).write_bytes(snapshot._sealed(json.loads(body)))
    with pytest.raises(SnapshotUnusable, match="torn"):
        snapshot.load(saved, IDENTITY)


@pytest.mark.parametrize("nth", range(BEFORE_THE_RENAME + 1))
def test_a_full_disk_leaves_the_snapshot_before_and_nothing_else(saved, nth):
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    calls = iter(range(100))
    true_fsync = os.fsync

    def full(descriptor):
        if next(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        true_fsync(descriptor)

    engine = filled(8)
    with patch("os.fsync", full), pytest.raises(OSError, match="No space"):
        engine.save(saved, catalogue="one")
    if nth < BEFORE_THE_RENAME:
        assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    else:
        assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one").revision == 8
    assert answers(engine) == answers(filled(8))
    engine.save(saved, catalogue="one")
    assert len(list(saved.iterdir())) == 3
    assert EmbeddedEngine.open(ANALYSER, saved, catalogue="one").revision == 8


def test_a_snapshot_of_what_was_opened_copies_documents_without_reading_them(saved, tmp_path):
    opened = EmbeddedEngine.open(ANALYSER, saved, catalogue="one")
    again = tmp_path / "again"
    with patch.object(segments.Documents, "__getitem__", side_effect=AssertionError("a document was read")):
        opened.save(again, catalogue="one")
    assert answers(EmbeddedEngine.open(ANALYSER, again, catalogue="one")) == answers(filled())


def test_only_so_many_documents_are_kept_once_they_were_read(saved):
    with patch.object(segments, "_READ", 4):
        opened = EmbeddedEngine.open(ANALYSER, saved, catalogue="one")
    assert list(opened.all()) == list(opened.all()) == list(filled().all())
    kept = [document for part in opened._state.parts for document in part.segment.documents.held if document]
    assert len(kept) <= 4 * len(opened._state.parts) < len(opened.all())
