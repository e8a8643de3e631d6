"""A developer's draft of the next migration."""

import importlib.util
import shutil
from pathlib import Path

from alembic.script import ScriptDirectory

from marketplace.migrations.draft import draft
from marketplace.operations.migrate import FOLDER


def test_a_draft_says_what_the_models_have_and_the_migrations_do_not(tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder)
    versions = folder / "versions"
    script = ScriptDirectory(str(folder))
    newest = script.get_revision(script.get_current_head())
    Path(newest.path).unlink()
    before = set(versions.glob("*.py"))
    draft("what is missing", folder)
    [made] = set(versions.glob("*.py")) - before
    assert made.stem.endswith("_what_is_missing")
    spec = importlib.util.spec_from_file_location("made", made)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.down_revision == newest.down_revision
    changes = ("op.create_table", "batch_op.add_column", "batch_op.alter_column")
    assert any(what in made.read_text() for what in changes)
