"""A shelf of three vendors."""

import pytest

from catalog.files.folder import FolderStore
from tests import factories, shelves


@pytest.fixture
def shelf(session, tmp_path):
    """Three members of an alliance, each with a public listing; the first is the lead."""
    vendors = [factories.company(session, "vendor", name=name) for name in ("한빛", "코어", "비전")]
    return shelves.put_up(session, FolderStore(tmp_path / "files"), vendors)
