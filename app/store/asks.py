"""Group commit of asks: many questions, one transaction, and no answer before it is committed.

While one group is being written the next one gathers, so that the group grows with the load and a
lone question waits for nobody.
"""

import asyncio
import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.store.engine import write_asks
from app.store.tx import Busy, Store

_QUEUE: Final = 2_000
_GROUP: Final = 256


class Overloaded(Busy):
    """More questions wait than can be written soon."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: Mapping[str, Any]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Asks:
    """The thread that writes asks, and the queue before it.

    A thread, because on SQLite it waits for the same lock as the acts do, and a wait must not stop
    the event loop.
    """

    def __init__(self, store: Store, *, queue_size: int = _QUEUE) -> None:
        self._store = store
        # `None` says: write what is left and end.
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(queue_size)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="asks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    async def record(self, row: Mapping[str, Any]) -> None:
        """Write one row of `ask`; returns once it is committed.

        Raises:
            Busy: it was not written, or nobody can tell; the caller must not answer.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(row, loop, loop.create_future())
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise Overloaded("too many questions are waiting to be recorded") from None
        await waiting.done

    def _run(self) -> None:
        is_open = True
        while is_open:
            first = self._queue.get()
            if first is None:
                return
            group, is_open = self._gather(first)
            self._write(group)

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < _GROUP:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return group, False
            group.append(following)
        return group, True

    def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            write_asks(self._store, [waiting.row for waiting in group])
        except Busy as busy:
            _tell(group, busy)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one row's fault
            if len(group) == 1:
                _tell(group, error)
                return
            # One row that the database does not take must not cost the others theirs.
            for waiting in group:
                self._write([waiting])
        else:
            _tell(group, None)


def _tell(group: Sequence[_Waiting], error: Exception | None) -> None:
    """Wake whoever waits: one call for each event loop, not one for each row."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiting in group:
        by_loop.setdefault(waiting.loop, []).append(waiting.done)
    for loop, futures in by_loop.items():
        # A loop that is gone has nobody waiting.
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, futures, error)


def _settle(futures: Sequence[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        # A caller that went away cancelled its future.
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
