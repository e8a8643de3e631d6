"""A state of the index on disk: written so that a crash at any moment leaves the one before or this one whole.

A folder holds `manifest.json` and the two files that it names: `arrays-….bin`, every array of every segment, each at
a multiple of 64 bytes, and `documents-….jsonl`. Both are written under other names, flushed to the disk and renamed;
then the manifest. Opening maps them and reads little more than the manifest, whatever the size.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from matching.search.embedded import files, laid
from matching.search.embedded.arrays import Array
from matching.search.embedded.codes import Vocabulary, vocabulary_from_json
from matching.search.embedded.lexical import Statistics
from matching.search.embedded.state import State

#: Changes whenever the files of one version cannot be read by another.
FORMAT = 3
MANIFEST = "manifest.json"
_ALIGNED = 64


class SnapshotUnusable(ValueError):
    """A snapshot that must not be opened. `code`: missing, torn, format, analyser, catalogue or ahead."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """What a snapshot must agree with to be opened.

    Attributes:
        analyser: stamp of the analyser that made the tokens.
        catalogue: names the database; the copy of another one is of no use.
    """

    analyser: str
    catalogue: str


def save(folder: Path, state: State, vocabulary: Vocabulary, identity: Identity) -> None:
    """Write a state; the snapshot before stays in force until the very last step. One writer at a time.

    Raises:
        OSError: the disk is full or cannot be written; what was begun is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{state.revision}-{secrets.token_hex(4)}"
    arrays, documents = folder / f"arrays-{name}.bin", folder / f"documents-{name}.jsonl"
    manifest = folder / f"manifest-{name}.part"
    try:
        ends = _write_documents(documents, state)
        places = _write_arrays(arrays, {**laid.out(state), **ends})
        files.flush_folder(folder)
        described = {
            "format": FORMAT,
            **asdict(identity),
            "revision": state.revision,
            "statistics": [asdict(state.words), asdict(state.grams)],
            "parts": [[part.dead, part.segment.facets.values] for part in state.parts],
            "vocabulary": vocabulary.to_json(),
            "arrays": places,
            "files": {path.name: files.sums(path) for path in (arrays, documents)},
        }
        with files.Written(manifest) as file:
            file.write(_sealed(described))
        files.rename(manifest, folder / MANIFEST)
    except BaseException:
        if not _names(folder, arrays):
            files.remove([arrays, documents, manifest])
        raise
    _remove_others(folder, {arrays, documents})


def load(folder: Path, identity: Identity, newest: int | None = None) -> tuple[State, Vocabulary]:
    """Open the snapshot of a folder.

    Args:
        newest: the catalogue's revision; a snapshot beyond it is of a catalogue that was set back.

    Raises:
        SnapshotUnusable: there is none, or it is torn, or not of this format, analyser or catalogue.
    """
    manifest = _manifest(folder)
    _agree(manifest, identity, newest)
    try:
        arrays_file, documents = (_mapped(folder / name, sums) for name, sums in manifest["files"].items())
        arrays = {
            key: np.frombuffer(arrays_file, dtype, prod(shape), offset).reshape(shape)
            for key, (dtype, shape, offset) in manifest["arrays"].items()
        }
        parts = laid.parts(arrays, manifest["parts"], documents)
        words, grams = (Statistics(**each) for each in manifest["statistics"])
        return State(manifest["revision"], parts, words, grams), vocabulary_from_json(manifest["vocabulary"])
    except (KeyError, TypeError, ValueError, IndexError, OSError) as error:
        raise SnapshotUnusable("torn", f"{folder}: {error}") from error


def verify(folder: Path) -> None:
    """Read all of a snapshot and compare it with its sums: as slow as the disk.

    Raises:
        SnapshotUnusable: something is missing or torn.
    """
    for name, expected in _manifest(folder)["files"].items():
        try:
            found = files.sums(folder / name)
        except OSError as error:
            raise SnapshotUnusable("torn", str(error)) from error
        if list(found) != expected:
            raise SnapshotUnusable("torn", f"{folder / name}: sums {found}, expected {expected}")


def _write_documents(path: Path, state: State) -> dict[str, Array]:
    """Write the documents of all parts; returns of each part where its documents end."""
    ends: dict[str, Array] = {}
    with files.Written(path) as file:
        for place, part in enumerate(state.parts):
            here = [file.write(line) for line in part.segment.documents.lines()]
            ends[f"{place}/ends"] = np.array(here, np.int64)
    return ends


def _write_arrays(path: Path, arrays: Mapping[str, Array]) -> dict[str, tuple[str, Sequence[int], int]]:
    """Write arrays one after the other; returns of each its type, its shape and where it begins."""
    places: dict[str, tuple[str, Sequence[int], int]] = {}
    with files.Written(path) as file:
        for key, array in arrays.items():
            offset = file.write(bytes(-file.size % _ALIGNED))
            places[key] = array.dtype.str, array.shape, offset
            file.write(np.ascontiguousarray(array).tobytes())
        file.write(bytes(_ALIGNED))
    return places


def _sealed(described: Mapping[str, Any]) -> bytes:
    body = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        seal, body = (folder / MANIFEST).read_bytes().split(b"\n", 1)
        if seal != hashlib.sha256(body).hexdigest().encode():
            raise SnapshotUnusable("torn", f"{folder / MANIFEST}: not as it was written")
        found: dict[str, Any] = json.loads(body)
    except FileNotFoundError as error:
        raise SnapshotUnusable("missing", str(error)) from error
    except (OSError, ValueError) as error:
        raise (
            error if isinstance(error, SnapshotUnusable) else SnapshotUnusable("torn", str(error))
        ) from error
    return found


def _agree(manifest: Mapping[str, Any], identity: Identity, newest: int | None) -> None:
    expected = {"format": FORMAT, **asdict(identity)}
    for what, value in expected.items():
        if manifest.get(what) != value:
            raise SnapshotUnusable(what, f"{manifest.get(what)!r}, expected {value!r}")
    if newest is not None and manifest["revision"] > newest:
        raise SnapshotUnusable("ahead", f"revision {manifest['revision']}, the catalogue is at {newest}")


def _mapped(path: Path, expected: Sequence[int]) -> memoryview:
    data = files.mapped(path)
    if [len(data), files.edges(data)] != expected[:2]:
        raise SnapshotUnusable("torn", f"{path}: {len(data)} bytes, not as they were written")
    return data


def _names(folder: Path, path: Path) -> bool:
    """Say whether the manifest in force names a file."""
    with suppress(SnapshotUnusable):
        return path.name in _manifest(folder)["files"]
    return False


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove what earlier snapshots and begun ones left; only files of the names that `save` gives."""
    for pattern in ("arrays-*.bin", "documents-*.jsonl", "manifest-*.part"):
        files.remove(path for path in folder.glob(pattern) if path not in kept)
