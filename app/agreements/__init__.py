"""Agreements as data: one TOML file per version, and the loader that reads and checks them.

Changing what a contract or the house asks for is a change here and nowhere in code. A pack is known
by the hash of its exact bytes, so that any past decision can say what it was taken under.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

from app.agreements.reader import Read, Wrong, read
from app.rules.packs import HOUSE, Pack, PackSet, RateRow, RuleRow

__all__ = ["OWN_DIR", "PackError", "Wrong", "load_packs", "problems", "read_pack", "texts"]

OWN_DIR: Final = Path(__file__).parent


class PackError(ValueError):
    """Packs that cannot be taken: all that is wrong, one to a line, each with file and line."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("\n".join(map(str, self.wrong)))


def load_packs(added: Path | None = None) -> PackSet:
    """The packs that come with the registry, and those of a folder beside them.

    Raises:
        PackError: one cannot be read, or says something that no pack can.
    """
    found = [_read(path) for path in _paths(added)]
    wrong = _all_wrong(found)
    if wrong:
        raise PackError(wrong)
    return PackSet(tuple(one.pack for one in found if one.pack is not None))


def problems(added: Path | None = None) -> tuple[Wrong, ...]:
    """All that is wrong with the packs, those of a folder or one file of somebody's included."""
    return _all_wrong([_read(path) for path in _paths(added)])


def texts(added: Path | None = None) -> dict[str, str]:
    """The exact texts of the packs, by content hash."""
    found = [path.read_text("utf-8") for path in _paths(added)]
    return {sha256(text.encode()).hexdigest(): text for text in found}


def read_pack(text: str, where: str = "pack") -> Pack:
    """One pack from the text of its file.

    Raises:
        PackError: it is not TOML, or says something that no pack can.
    """
    found = read(text, where)
    if found.pack is None:
        raise PackError(found.wrong)
    return found.pack


def _paths(added: Path | None) -> list[Path]:
    more: Iterable[Path] = ()
    if added is not None:
        more = sorted(added.glob("*.toml")) if added.is_dir() else [added]
    # By where they are, so that the registry's own folder can be named too.
    by_place = {path.resolve(): path for path in [*sorted(OWN_DIR.glob("*.toml")), *more]}
    return list(by_place.values())


def _read(path: Path) -> Read:
    try:
        found = read(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        return Read(None, (Wrong(path.name, None, f"cannot be read: {error}"),))
    return replace(found, own=path.resolve().parent == OWN_DIR.resolve())


def _all_wrong(found: list[Read]) -> tuple[Wrong, ...]:
    alone = tuple(wrong for one in found for wrong in one.wrong)
    return (*alone, *_twice(found), *_overlapping(found), *_own(found))


def _own(found: list[Read]) -> Iterator[Wrong]:
    """The registry's own rules are nobody else's to write, whatever version is given."""
    for one in found:
        if one.pack is not None and one.pack.family == HOUSE and not one.own:
            yield Wrong(one.file, 1, "the family `house` is the registry's own; add a policy")


def _twice(found: list[Read]) -> Iterator[Wrong]:
    first: dict[str, str] = {}
    for one in found:
        if one.pack is None:
            continue
        if one.pack.name in first:
            other = first[one.pack.name]
            yield Wrong(one.file, 1, f"`{one.pack.name}` is defined twice: in {other} as well")
        first.setdefault(one.pack.name, one.file)


def _overlapping(found: list[Read]) -> Iterator[Wrong]:
    """Rows of one thing of which nobody could say which holds on a day."""
    versions: dict[tuple[str, ...], list[tuple[RuleRow | RateRow, Read]]] = {}
    for one in found:
        for key, row in _keyed(one.pack) if one.pack is not None else ():
            versions.setdefault(key, []).append((row, one))
    for rows in versions.values():
        rows.sort(key=lambda version: version[0].starts_on)
        for (row, _), (later, at) in pairwise(rows):
            what = _overlap(row, later)
            if what is not None:
                yield Wrong(at.file, at.lines.get(later.id), f"`{later.id}`: {what}")


def _keyed(pack: Pack) -> Iterator[tuple[tuple[str, ...], RuleRow | RateRow]]:
    """What makes two rows versions of one: of a rule its id, of a figure what it is a figure of."""
    yield from (((pack.family, rule.id), rule) for rule in pack.rules)
    for rate in pack.rates:
        yield (pack.family, rate.category, rate.basis, str(rate.up_to_minutes)), rate


def _overlap(row: RuleRow | RateRow, later: RuleRow | RateRow) -> str | None:
    last = row.ends_on
    if row.starts_on == later.starts_on:
        return f"begins on {later.starts_on}, as another one of the same thing does"
    if last is not None and last >= later.starts_on:
        return f"begins on {later.starts_on}; an earlier one says it lasts to {last}"
    return None
