"""Writers that send each act until somebody acknowledges it, whatever happens to the server."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.support.client import REPLY_HEADER, Answer, Client, new_key

_IN_PROGRESS = "idempotency-in-progress"
_RETRY_SECONDS = 0.02
_GIVE_UP_SECONDS = 60.0
# A kill that always followed an acknowledgement would always meet the next acts half begun.
_PHASE_SECONDS = 0.15


@dataclass
class Sent:
    """One act: what was sent, under which key, and the first acknowledgement."""

    path: str
    body: dict[str, Any]
    key: str | None
    answer: Answer
    attempts: int


# Makes the next act from a number that no other act has.
Act = Callable[[int], tuple[str, dict[str, Any]]]


@dataclass
class Writers:
    """Several threads at work. ``errors`` must be empty at the end."""

    client: Client
    acts: list[Act]
    keyed: bool = True
    reply_delay_ms: int = 0
    sent: list[Sent] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Write until the block is left; then let every act that was begun be acknowledged."""
        threads = [threading.Thread(target=self._work, args=(act,)) for act in self.acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join()

    def acknowledged(self) -> int:
        """How many acts were acknowledged so far."""
        return len(self.sent)

    def _work(self, act: Act) -> None:
        try:
            while not self._stopping.is_set():
                with self._lock:
                    number = next(self._numbers)
                path, body = act(number)
                done = self._until_acknowledged(path, body)
                with self._lock:
                    self.sent.append(done)
        except Exception as error:  # noqa: BLE001 - a thread's error is the test's to raise
            self.errors.append(repr(error))

    def _until_acknowledged(self, path: str, body: dict[str, Any]) -> Sent:
        key = new_key() if self.keyed else None
        headers = {REPLY_HEADER: str(self.reply_delay_ms)}
        if key is not None:
            headers["Idempotency-Key"] = key
        began = time.perf_counter()
        attempts = 0
        while time.perf_counter() - began < _GIVE_UP_SECONDS:
            attempts += 1
            try:
                # Not `post`, which is patient: every attempt counts here.
                answer = self.client.send("POST", path, body=body, headers=headers)
            except httpx2.TransportError:
                time.sleep(_RETRY_SECONDS)
                continue
            if not _comes_back(answer):
                answer.expect()
                return Sent(path, body, key, answer, attempts)
            time.sleep(_RETRY_SECONDS)
        raise TimeoutError(f"{path} was not acknowledged in {_GIVE_UP_SECONDS:.0f} s")


def _comes_back(answer: Answer) -> bool:
    """Whether the answer says: send it again."""
    if answer.status == httpx2.codes.SERVICE_UNAVAILABLE:
        return True
    in_progress = str(answer.body.get("type", "")).endswith(_IN_PROGRESS)
    return answer.status == httpx2.codes.CONFLICT and in_progress


def survive(
    writers: Writers, kill: Callable[[], None], *, kills: int, rng: random.Random
) -> list[int]:
    """Kill ``kills`` times while they write; each time only once some acts went through.

    Returns:
        How many acts had been acknowledged at each kill.
    """
    counts = []
    with writers.working():
        for _ in range(kills):
            _wait_for(writers, writers.acknowledged() + rng.randint(8, 24))
            counts.append(writers.acknowledged())
            time.sleep(rng.uniform(0, _PHASE_SECONDS))
            kill()
        _wait_for(writers, writers.acknowledged() + len(writers.acts))
    assert writers.errors == []
    return counts


def _wait_for(writers: Writers, count: int) -> None:
    began = time.perf_counter()
    while writers.acknowledged() < count:
        assert writers.errors == []
        assert time.perf_counter() - began < _GIVE_UP_SECONDS, "the writers do not get on"
        time.sleep(0.005)
