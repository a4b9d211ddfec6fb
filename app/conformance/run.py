"""Run vectors by whatever way of asking is given, and gather what differs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.conformance.server import NotAskableError, UnexpectedError
from app.rules.facts import Document
from app.rules.packs import PackSet
from app.rules.vectors import Difference, answered, compared, missing_packs

# Puts the question or act of a vector to something that answers; the answer in the vectors' terms.
Asker = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Ran:
    """One vector that was run, and what came out otherwise; ``left_out``: why it could not be."""

    id: str
    title: str
    differences: tuple[Difference, ...] = ()
    left_out: str = ""

    @property
    def result(self) -> str:
        """In a word or a sentence."""
        if self.left_out:
            return f"left out: {self.left_out}"
        return "differs" if self.differences else "agrees"


def run(vectors: Iterable[Document], ask: Asker) -> Iterator[Ran]:
    """Run each vector in turn, giving its result as soon as there is one."""
    for vector in vectors:
        id_, title = str(vector["id"]), str(vector["title"])
        try:
            got = ask(vector)
        except NotAskableError as unaskable:
            yield Ran(id_, title, left_out=str(unaskable))
        except UnexpectedError as unexpected:
            yield Ran(id_, title, (Difference(id_, "/world", None, str(unexpected)),))
        else:
            yield Ran(id_, title, tuple(compared(id_, vector["expect"], got)))


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
