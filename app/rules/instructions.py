"""Standing instructions of a performer: which are in force, and what each is about."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from app.rules.facts import Instruction
from app.rules.scope import USE_WORDS

ALWAYS: Final = "always"
ASK_ME: Final = "ask_me"
NEVER: Final = "never"
SAYS: Final = (ALWAYS, ASK_ME, NEVER)


def in_force(
    instructions: Iterable[Instruction], performer: str | None, as_of: datetime
) -> tuple[Instruction, ...]:
    """What the performer says at ``as_of``, in an order that follows from what is said."""
    found = [
        said
        for said in instructions
        if said.performer_id == performer
        and said.starts_at <= as_of
        and (said.ends_at is None or as_of < said.ends_at)
    ]
    return tuple(sorted(found, key=lambda s: (SAYS.index(s.say), s.use or "", s.tag or "", s.id)))


def matches(said: Instruction, use: str, tags: Collection[str] | None) -> bool | None:
    """Whether an instruction is about a use with this content; ``None``: that was not stated."""
    if said.use not in {None, use}:
        return False
    if said.tag is None:
        return True
    return None if tags is None else said.tag in tags


def words(said: Instruction) -> str:
    """What an instruction is about, for a sentence."""
    tag = (said.tag or "").replace("_", " ")
    if said.use is None:
        return tag or "any use"
    use = USE_WORDS.get(said.use, "this use")
    return f"{use} with {tag}" if tag else use
