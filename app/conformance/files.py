"""Read vector files; each vector comes out carrying its whole world."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.rules.facts import Document
from app.rules.vectors import FORMAT, WORLD_FORMAT, merged


class NotAVectorFileError(ValueError):
    """A file that was named cannot be read as vectors; the message says which and why."""


def load(path: Path) -> list[Document]:
    """The vectors of one file, or of every vector file below a folder, in order of path.

    Raises:
        NotAVectorFileError: what is there is no vector file, or there is none.
    """
    if not path.is_dir():
        return list(_vectors(path))
    found = [vector for file in sorted(path.rglob("*.json")) for vector in _if_vectors(file)]
    if not found:
        raise NotAVectorFileError(f"`{path}` holds no vector file")
    return found


def _if_vectors(file: Path) -> Iterator[Document]:
    # A folder also holds the schema and the worlds that files extend.
    if _read(file).get("format") == FORMAT:
        yield from _vectors(file)


def _vectors(file: Path) -> Iterator[Document]:
    document = _read(file)
    if document.get("format") != FORMAT:
        raise NotAVectorFileError(f"`{file}` is not of format {FORMAT}")
    world = _extended(file, document)
    for vector in document["vectors"]:
        whole = merged(world, vector.get("world", {}))
        yield {"packs": document.get("packs", {}), **vector, "world": whole}


def _extended(file: Path, document: Document) -> dict[str, Any]:
    """The world of a file: that of the file it extends, patched with its own."""
    name = document.get("extends")
    base: dict[str, Any] = {}
    if name is not None:
        other = file.parent / str(name)
        extended = _read(other)
        if extended.get("format") != WORLD_FORMAT:
            raise NotAVectorFileError(f"`{other}` is not of format {WORLD_FORMAT}")
        base = _extended(other, extended)
    return merged(base, document.get("world", {}))


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotAVectorFileError(f"`{file}` cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise NotAVectorFileError(f"`{file}` holds no JSON object")
    return document
