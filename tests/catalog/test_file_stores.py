"""A store keeps whole files or nothing: the same tests for a folder and for a real S3-compatible server.

`TEST_S3_ENDPOINT` (set by scripts/s3_here.sh) names the server; that half runs with `make test-postgres`.
"""

import io
import os
import uuid

import boto3
import pytest

from catalog import files
from catalog.files import keeping, s3
from catalog.files.folder import FolderStore
from tests import factories

MEGABYTE = 1024 * 1024


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.full)])
def url(request, tmp_path):
    """The address of a fresh, empty store."""
    if request.param == "folder":
        return f"file:{tmp_path / 'bytes'}"
    return request.getfixturevalue("bucket")


@pytest.fixture
def bucket():
    """A fresh bucket on the server, with a prefix for everything in it."""
    endpoint, name = os.environ["TEST_S3_ENDPOINT"], f"t{uuid.uuid4().hex[:12]}"
    address = f"s3://{name}/some/where?endpoint={endpoint}&region=us-east-1"
    files.store_from_url(address)._client.create_bucket(Bucket=name)
    return address


@pytest.fixture
def store(url):
    return files.store_from_url(url)


def everything(store):
    """Names of all that lies in the store, unfinished uploads with a + before them."""
    if isinstance(store, FolderStore):
        return sorted(path.name for path in store.root.rglob("*") if path.is_file())
    client = store._client
    kept = client.list_objects_v2(Bucket=store.bucket).get("Contents", [])
    begun = client.list_multipart_uploads(Bucket=store.bucket).get("Uploads", [])
    return sorted(entry["Key"].removeprefix(store.prefix) for entry in kept) + [
        "+" + up["Key"] for up in begun
    ]


def read(store, key):
    with store.open(key) as opened:
        return opened.read()


class Broken(io.BytesIO):
    """A line that goes dead after so many bytes."""

    def __init__(self, data, after):
        super().__init__(data)
        self.after = after

    def read(self, size=-1):
        if self.tell() >= self.after:
            raise OSError("the line went dead")
        return super().read(min(size, self.after) if size >= 0 else self.after)


@pytest.mark.parametrize("size", [0, 1, 300_000, s3.PART - 1, s3.PART, s3.PART + 1, 19 * MEGABYTE])
def test_bytes_come_back_whole_from_wherever_the_stream_stood(store, size):
    data = os.urandom(1024) * (size // 1024) + b"z" * (size % 1024)
    stream = io.BytesIO(data)
    stream.seek(size // 2)
    store.put("ab12", stream)
    assert read(store, "ab12") == data
    assert everything(store) == ["ab12"]


def test_a_stream_that_gives_little_at_a_time_comes_whole(store):
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1_000_003))

    data = os.urandom(17 * MEGABYTE)
    store.put("ab12", Dripping(data))
    assert read(store, "ab12") == data


@pytest.mark.parametrize("after", [0, 10, s3.PART, 2 * s3.PART])
def test_a_broken_stream_leaves_nothing(store, after):
    with pytest.raises(OSError, match="the line went dead"):
        store.put("ab12", Broken(b"x" * (3 * s3.PART), after))
    assert everything(store) == []
    with pytest.raises(FileNotFoundError):
        store.open("ab12")


@pytest.mark.parametrize("after", [0, s3.PART])
def test_a_broken_second_put_leaves_the_first(store, after):
    store.put("ab12", io.BytesIO(b"first"))
    with pytest.raises(OSError, match="the line went dead"):
        store.put("ab12", Broken(b"x" * (3 * s3.PART), after))
    assert read(store, "ab12") == b"first"
    assert everything(store) == ["ab12"]


def test_deleting_is_harmless_if_it_is_gone(store):
    store.put("ab12", io.BytesIO(b"x"))
    store.put("cd34", io.BytesIO(b"y"))
    for _twice in range(2):
        store.delete("ab12")
    assert everything(store) == ["cd34"]


@pytest.mark.parametrize("key", ["", "../x", "a/b", "a.b", "..", "a b", "a\x00", "-", "가"])
def test_only_plain_words_are_keys(store, key):
    for act in (lambda: store.put(key, io.BytesIO(b"x")), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(ValueError, match="not a storage key"):
            act()
    assert everything(store) == []


@pytest.mark.parametrize("committed", [True, False])
def test_bytes_stand_and_fall_with_their_transaction(store, session, committed):
    factories.company(session, "vendor")
    keeping.put(session, store, "ab12", io.BytesIO(b"x"))
    session.commit() if committed else session.rollback()
    assert everything(store) == (["ab12"] if committed else [])
    factories.company(session, "vendor")
    session.rollback()
    assert everything(store) == (["ab12"] if committed else [])


def test_bytes_go_when_a_session_is_closed_without_a_word(store, session):
    keeping.put(session, store, "ab12", io.BytesIO(b"x"))
    session.close()
    assert everything(store) == []


@pytest.mark.full
def test_a_bucket_without_the_right_key_says_so(bucket, monkeypatch):
    """The file is there: a refusal must not look like a missing file."""
    files.store_from_url(bucket).put("ab12", io.BytesIO(b"x"))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    stranger = files.store_from_url(bucket)
    with pytest.raises(boto3.exceptions.botocore.exceptions.ClientError, match="SignatureDoesNotMatch"):
        stranger.open("ab12")


def test_the_store_is_named_by_a_url(tmp_path):
    assert files.store_from_url(f"file:{tmp_path}").root == tmp_path
    named = files.store_from_url("s3://our-files/a/b?endpoint=http://127.0.0.1:7070&region=ap-northeast-2")
    assert (named.bucket, named.prefix, named.endpoint, named.region) == (
        "our-files", "a/b/", "http://127.0.0.1:7070", "ap-northeast-2",
    )  # fmt: skip
    plain = files.store_from_url("s3://our-files")
    assert (plain.prefix, plain.endpoint) == ("", None)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/y",
        "file:",
        "",
        "/plain/path",
        "s3://",
        "s3:///x",
        "s3://key:word@b",
        "s3://b:1/",
        "s3://b?secret=1",
        "s3://b?x",
    ],
)
def test_any_other_address_is_refused(url):
    with pytest.raises(ValueError, match=r"FILES_URL|bad query"):
        files.store_from_url(url)
