"""Run vectors by whatever way of asking is given, and gather what differs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.rules.facts import Document
from app.rules.packs import PackSet
from app.rules.vectors import Difference, answered, compared, missing_packs

# Puts the question or act of a vector to something that answers; the answer in the vectors' terms.
Asker = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Ran:
    """One vector that was run, and what came out otherwise."""

    id: str
    title: str
    differences: tuple[Difference, ...]


def run(vectors: Iterable[Document], ask: Asker) -> Iterator[Ran]:
    """Run each vector in turn, giving its result as soon as there is one."""
    for vector in vectors:
        id_ = str(vector["id"])
        yield Ran(id_, str(vector["title"]), tuple(compared(id_, vector["expect"], ask(vector))))


def in_process(packs: PackSet) -> Asker:
    """Ask the rules themselves, with these packs.

    The asker raises `ValueError` for a vector that names packs which are not loaded.
    """

    def ask(vector: Document) -> Document:
        missing = missing_packs(vector, packs)
        if missing:
            raise ValueError(f"`{vector['id']}` needs {', '.join(missing)}, which is not loaded")
        return answered(vector, packs)

    return ask
