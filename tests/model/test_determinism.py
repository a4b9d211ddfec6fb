"""The same facts give the same bytes: fifty times, in processes that hash in different orders."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 5


def test_a_decision_has_the_same_bytes_in_every_process_and_in_any_order_of_facts() -> None:
    printed = [_decided(hashing=str(7 * n + 1), seed=str(100 * n)) for n in range(PROCESSES)]

    times = [lines for one in printed for lines in one.strip().split(b"\n\n")]
    assert len(times) == 50
    assert len(times[0].splitlines()) > 20
    differing = {
        line.partition(b" ")[0]
        for again in times
        for line, first in zip(again.splitlines(), times[0].splitlines(), strict=True)
        if line != first
    }
    assert differing == set()


def test_hashing_does_differ_between_those_processes() -> None:
    ask = "print(list({'veto', 'grant', 'use', 'work', 'edge', 'performer', 'union'}))"
    orders = {_run(["-c", ask], hashing=str(7 * n + 1)) for n in range(PROCESSES)}

    assert len(orders) > 1


def _decided(hashing: str, seed: str) -> bytes:
    return _run(["-m", "tests.model.deciding", seed], hashing)


def _run(arguments: list[str], hashing: str) -> bytes:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashing},
        capture_output=True,
        timeout=120,
        check=True,
    ).stdout
