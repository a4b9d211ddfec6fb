"""Print the bytes of every decision of the published vectors; run as a process of its own.

The argument is a seed: facts come in an order that it picks.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.agreements import load_packs
from app.conformance.files import load
from app.rules.decide import decide
from app.rules.facts import Check, facts_from, instant, read
from app.rules.vectors import documents

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "scenarios"


def decisions(seed: int) -> Iterator[bytes]:
    """One line for each vector that asks a question."""
    packs, rng = load_packs(), random.Random(seed)
    for vector in load(VECTORS):
        if "check" not in vector:
            continue
        world = list(documents(vector["world"]))
        rng.shuffle(world)
        check = read(Check, vector["check"])
        assert isinstance(check, Check)
        as_of = instant(vector["at"])
        decision = decide(check, facts_from(world), packs, as_of=as_of)
        yield (
            str(vector["id"]).encode() + b" " + msgspec.json.encode(decision.wire(), order="sorted")
        )


if __name__ == "__main__":
    for turn in range(10):
        # Ten times in one process: what one decision leaves behind changes no other.
        sys.stdout.buffer.write(b"\n".join(decisions(int(sys.argv[1]) + turn)) + b"\n\n")
