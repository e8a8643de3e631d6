"""flask backup and flask restore: a drill while others write, and everything that must make them refuse or complain."""

import io
import json
import os
import shutil
import sqlite3
import threading
import uuid

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from catalog import evidence, listings
from catalog.models import Listing, Organization, StoredFile
from marketplace import audit, create_app
from marketplace.audit import AuditEntry
from marketplace.operations import backup, snapshots
from marketplace.operations.backup_runs import BackupRun, last
from tests import factories
from tests.catalog import hostile
from tests.marketplace.web.looking import one


def write_one(app, owner_key, number):
    """One listing with its evidence, a file and an audit entry, as one request makes them."""
    with app.app_context(), app.extensions["database"].session() as session:
        owner = session.get_one(Organization, owner_key)
        listing = listings.draft(session, owner, factories.listing_parts(title=f"시험 {number}"))
        session.flush()
        record = evidence.add(session, listing, factories.evidence_fields(), factories.TODAY)
        session.flush()
        data = io.BytesIO(f"값\n{number}\n".encode())
        evidence.attach(session, record, app.extensions["files"], "measured.csv", data)
        audit.record(session, "listing.draft", listing, number=number)
        session.commit()


@pytest.fixture
def owner(session):
    made = factories.company(session, "vendor")
    session.commit()
    return made.id


class Writers:
    """Threads that write until told to stop; the trouble of one is raised at the end."""

    def __init__(self, app, owner_key, count=2):
        self.stop, self.trouble, self.written = threading.Event(), [], 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._go, args=(app, owner_key)) for _ in range(count)]

    def _go(self, app, owner_key):
        try:
            while not self.stop.is_set():
                write_one(app, owner_key, self.written)
                with self.lock:
                    self.written += 1
        except Exception as error:  # noqa: BLE001 - told to the test's own thread at the end
            self.trouble.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        assert self.trouble == []


def wait_until(writers, count):
    """Let so many be written."""
    done = threading.Event()
    for _ in range(3000):
        if writers.written >= count or writers.trouble:
            return
        done.wait(0.01)


def test_the_drill_under_load(app, run, owner, elsewhere, tmp_path, monkeypatch):
    """Writers go on before, during and after; what was kept is whole in itself, and comes back exactly."""
    folder = tmp_path / "kept"
    inside = []
    copied = backup._copied

    def slowly(*args):
        """Copying files is when most is written: at each of the first ones another writer gets through."""
        if len(inside) < 5:
            before = writers.written
            wait_until(writers, before + 1)
            inside.append(writers.written - before)
        return copied(*args)

    monkeypatch.setattr(backup, "_copied", slowly)
    with Writers(app, owner) as writers:
        wait_until(writers, 20)
        done = run(args=["backup", str(folder), "--json"])
        assert done.exit_code == 0, done.stderr
        wait_until(writers, writers.written + 5)
    assert len(inside) == 5
    assert min(inside) >= 1
    kept = json.loads(done.stdout)
    assert kept["files"] == kept["counts"]["stored_file"] == kept["counts"]["listing"] >= 20
    assert kept["audit"]["number"] == kept["counts"]["audit_entry"] == kept["files"]
    # the site has moved on since
    assert one(app, select(func.count(Listing.id))) > kept["counts"]["listing"]

    back = elsewhere.test_cli_runner().invoke(args=["restore", str(folder), "--json"])
    assert (back.exit_code, json.loads(back.stdout)) == (0, {"same": True, "differences": []}), back.stderr
    for model, table in ((Listing, "listing"), (StoredFile, "stored_file"), (AuditEntry, "audit_entry")):
        assert one(elsewhere, select(func.count()).select_from(model)) == kept["counts"][table]
    verified = elsewhere.test_cli_runner().invoke(args=["audit", "verify"])
    assert (verified.exit_code, verified.stderr) == (0, "the chain holds\n")
    # and the restored site works: it writes, and the next number follows
    write_one(elsewhere, owner, 1)
    assert one(elsewhere, select(func.max(AuditEntry.number))) == kept["audit"]["number"] + 1


@pytest.fixture
def kept(app, run, owner, tmp_path):
    """A backup of three listings."""
    for number in range(3):
        write_one(app, owner, number)
    done = run(args=["backup", str(tmp_path / "kept")])
    assert done.exit_code == 0, done.stderr
    return tmp_path / "kept"


def restored(app, folder, *options):
    """Exit status and what was said."""
    done = app.test_cli_runner().invoke(args=["restore", str(folder), *options])
    return done.exit_code, done.stderr


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def changed(folder, **parts):
    (folder / "manifest.json").write_text(json.dumps({**manifest(folder), **parts}))


def files_in(folder):
    return sorted(path for path in (folder / "files").rglob("*") if path.is_file())


def test_a_backup_says_step_by_step_what_it_did_and_leaves_a_row(app, run, owner, session, tmp_path):
    write_one(app, owner, 1)
    done = run(args=["backup", str(tmp_path / "kept")])
    lines = done.stderr.splitlines()
    assert done.stdout == ""
    assert [line.split(":")[0] for line in lines] == ["database", "files", "manifest", str(tmp_path / "kept")]
    assert lines[1] == "files: 1 copied and compared, 0 removed by their owners meanwhile"
    (row,) = last(session)
    assert (row.place, row.verdict, row.files, row.detail) == (str(tmp_path / "kept"), "done", 1, "")
    assert row.counts["listing"] == 1
    assert (
        row.size
        == sum(path.stat().st_size for path in (tmp_path / "kept").rglob("*") if path.is_file())
        - (tmp_path / "kept" / "manifest.json").stat().st_size
    )
    assert row.started_at <= row.ended_at


def test_what_is_kept_is_for_the_operator_alone(kept):
    assert oct(kept.stat().st_mode & 0o777) == "0o700"
    database = kept / manifest(kept)["database"]["file"]
    assert oct(database.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize("held", ["folder", "file"])
def test_a_backup_never_writes_over_anything(run, session, tmp_path, held):
    target = tmp_path / "kept"
    if held == "folder":
        target.mkdir()
        (target / "mine.txt").write_text("mine")
    else:
        target.write_text("mine")
    done = run(args=["backup", str(target)])
    assert done.exit_code == 2
    assert (target / "mine.txt" if held == "folder" else target).read_text() == "mine"
    assert session.scalar(select(func.count(BackupRun.id))) == 0


@pytest.mark.parametrize("damage", ["missing", "other"])
def test_a_file_that_is_not_what_its_row_says_fails_the_backup(app, run, owner, session, tmp_path, damage):
    write_one(app, owner, 1)
    stored = one(app, select(StoredFile))
    app.extensions["files"].delete(stored.storage_key)
    if damage == "other":
        app.extensions["files"].put(stored.storage_key, io.BytesIO(b"another"))
    done = run(args=["backup", str(tmp_path / "kept")])
    assert done.exit_code == 2
    assert stored.public_id in done.stderr
    assert not (tmp_path / "kept" / "manifest.json").exists()
    (row,) = last(session)
    assert (row.verdict, stored.public_id in row.detail) == ("failed", True)


def test_a_file_that_its_owner_removes_meanwhile_is_no_fault(
    app, run, owner, elsewhere, tmp_path, monkeypatch
):
    for number in range(2):
        write_one(app, owner, number)
    gone = one(app, select(StoredFile).order_by(StoredFile.id))
    facts = snapshots.facts

    def removed_after(connection):
        found = facts(connection)
        with app.extensions["database"].session() as session, session.begin():
            session.delete(session.get_one(StoredFile, gone.id))
        app.extensions["files"].delete(gone.storage_key)
        return found

    monkeypatch.setattr(snapshots, "facts", removed_after)
    done = run(args=["backup", str(tmp_path / "kept")])
    monkeypatch.undo()
    assert done.exit_code == 0, done.stderr
    assert manifest(tmp_path / "kept")["gone"] == [gone.storage_key]
    assert restored(elsewhere, tmp_path / "kept")[0] == 0


def test_a_restore_refuses_a_database_that_holds_anything(app, kept):
    before = one(app, select(func.count(Listing.id)))
    status, said = restored(app, kept)
    assert status == 2
    assert "the database is not empty" in said
    assert one(app, select(func.count(Listing.id))) == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("no manifest", "holds no backup"),
        ("broken manifest", "holds no backup"),
        ("other format", "reads format 1 only"),
        ("other kind", "this is a backup of oracle"),
        ("no database", "the backup is damaged"),
        ("other database", "the backup is damaged"),
        ("no file", "the backup is damaged"),
        ("other file", "the backup is damaged"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(kept, elsewhere, tmp_path, damage, said):
    database = kept / manifest(kept)["database"]["file"]
    acts = {
        "no manifest": (kept / "manifest.json").unlink,
        "broken manifest": lambda: (kept / "manifest.json").write_text("{"),
        "other format": lambda: changed(kept, format=2),
        "other kind": lambda: changed(kept, database={**manifest(kept)["database"], "kind": "oracle"}),
        "no database": database.unlink,
        "other database": lambda: database.write_bytes(database.read_bytes() + b"x"),
        "no file": files_in(kept)[0].unlink,
        "other file": lambda: files_in(kept)[0].write_bytes(b"x"),
    }
    acts[damage]()
    status, words = restored(elsewhere, kept)
    assert status == 2
    assert said in words
    snapshots.require_empty(elsewhere.extensions["database"])
    assert not (tmp_path / "new-files").exists()


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"audit": {"number": 9, "hash": "f"}}, "audit: {'number': 3"),
        ({"revision": 7}, "revision: 0 instead of 7"),
        ({"migration": "x"}, "migration: "),
        ({"counts": {"listing": 4}}, "table listing: 3 rows instead of 4"),
    ],
)
def test_a_restore_names_what_differs(kept, elsewhere, parts, line):
    counts = manifest(kept)["counts"]
    changed(kept, **({"counts": {**counts, **parts["counts"]}} if "counts" in parts else parts))
    status, said = restored(elsewhere, kept)
    assert status == 1
    assert line in said
    assert said.endswith("1 differences\n")


def test_a_restore_walks_the_audit_chain(app, run, owner, elsewhere, session, tmp_path):
    """Somebody changed an entry in the running database: the copy is true to it, and the chain tells."""
    for number in range(3):
        write_one(app, owner, number)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER audit_entry_guard ON audit_entry"))
    else:
        session.execute(text("DROP TRIGGER audit_entry_no_update"))
    session.execute(text("UPDATE audit_entry SET act = 'another' WHERE number = 2"))
    session.commit()
    assert run(args=["backup", str(tmp_path / "kept")]).exit_code == 0
    status, said = restored(elsewhere, tmp_path / "kept")
    assert status == 1
    assert "audit entry 2: was changed" in said


def test_the_restored_chain_is_guarded_again(kept, elsewhere):
    assert restored(elsewhere, kept)[0] == 0
    database = elsewhere.extensions["database"]
    with database.session() as session, pytest.raises(Exception, match="append-only"):
        session.execute(text("UPDATE audit_entry SET act = 'x'"))


def test_a_plain_copy_of_the_file_would_not_do(app, owner, tmp_path):
    """Why `backup` does not simply copy: the newest commits lie in the log beside the file (SQLite only)."""
    url = make_url(app.config["DATABASE_URL"])
    held = one(app, select(func.count(Listing.id)))
    write_one(app, owner, 1)
    target = tmp_path / "copy.db"
    if url.drivername == "sqlite":
        shutil.copyfile(url.database, target)
        with sqlite3.connect(target) as copy:
            seen = copy.execute("SELECT count(*) FROM listing").fetchone()[0]
        assert seen == held
    database = app.extensions["database"]
    with snapshots.taken(database, tmp_path / "taken") as connection:
        assert connection.execute(text("SELECT count(*) FROM listing")).scalar() == held + 1


def test_a_missing_program_is_named(app, run, tmp_path, monkeypatch):
    """pg_dump belongs to PostgreSQL's client; with SQLite nothing is missing."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    done = run(args=["backup", str(tmp_path / "kept")])
    if app.config["DATABASE_URL"].startswith("sqlite"):
        assert done.exit_code == 0
    else:
        assert (done.exit_code, "pg_dump is not on the PATH" in done.stderr) == (2, True)


def test_a_picture_comes_back_too(app, run, owner, elsewhere, tmp_path, session):
    write_one(app, owner, 1)
    with app.app_context(), app.extensions["database"].session() as writing:
        record = writing.scalars(select(Listing)).one().evidence[0]
        evidence.attach(writing, record, app.extensions["files"], "a.png", io.BytesIO(hostile.picture()))
        writing.commit()
    assert run(args=["backup", str(tmp_path / "kept")]).exit_code == 0
    assert restored(elsewhere, tmp_path / "kept")[0] == 0
    for key in session.scalars(select(StoredFile.storage_key)):
        with app.extensions["files"].open(key) as was, elsewhere.extensions["files"].open(key) as now:
            assert was.read() == now.read()
    assert len([path for path in (tmp_path / "new-files").rglob("*") if path.is_file()]) == 2


def test_a_folder_that_cannot_be_made_says_why(run, tmp_path):
    (tmp_path / "file").write_text("x")
    done = run(args=["backup", str(tmp_path / "file" / "kept")])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.full
def test_files_move_from_a_folder_into_a_bucket_and_out_again(kept, settings, new_url, tmp_path):
    """Restored with another FILES_URL the site has its files on the S3 server; a backup takes them from there."""
    name = f"t{uuid.uuid4().hex[:12]}"
    bucket = f"s3://{name}?endpoint={os.environ['TEST_S3_ENDPOINT']}"
    app = create_app({**settings, "DATABASE_URL": new_url, "FILES_URL": bucket})
    app.extensions["files"]._client.create_bucket(Bucket=name)
    assert restored(app, kept) == (0, restored_words(kept))
    again = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "again")])
    app.extensions["database"].engine.dispose()
    assert again.exit_code == 0, again.stderr
    assert manifest(tmp_path / "again")["files"] == manifest(kept)["files"]
    assert len(manifest(kept)["files"]) == 3


def restored_words(folder):
    """What a restore of three files says when all is well."""
    return (
        f"backup of {manifest(folder)['made_at']}: database and 3 files are whole\n"
        "database: loaded\n"
        "database: rows, audit chain and revision compared\n"
        "files: 3 put into the store and read back\n"
        "everything is as it was\n"
    )
