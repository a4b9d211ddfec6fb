"""A closed-loop HTTP/1.1 client that costs the machine little: raw sockets, in its own process.

It reads each answer to its end; anything but 200 stops the run, because a fast error is no answer.
"""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of whom."""

    port: int
    path: str
    token: str
    bodies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One measured round: answers a second and latencies in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float


async def measure(target: Target, *, seconds: float, connections: int) -> Round:
    """Ask for ``seconds`` over ``connections`` connections."""
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    gathered = await asyncio.gather(*(_connection(target, until, n) for n in range(connections)))
    took = time.perf_counter() - began
    latencies = sorted(t for part in gathered for t in part)
    return Round(
        rate=len(latencies) / took,
        p50_ms=1000 * statistics.median(latencies),
        p99_ms=1000 * latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))],
    )


async def _connection(target: Target, until: float, offset: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    requests = [_request(target, body) for body in target.bodies]
    latencies = []
    turn = offset
    while (asked := time.perf_counter()) < until:
        writer.write(requests[turn % len(requests)])
        await _answer(reader)
        latencies.append(time.perf_counter() - asked)
        turn += 1
    writer.close()
    return latencies


def _request(target: Target, body: bytes) -> bytes:
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {target.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode() + body.decode(errors="replace"))


def main() -> None:
    """Read one job as JSON from standard input, write the round as JSON."""
    job = json.load(sys.stdin)
    target = Target(
        job["port"], job["path"], job["token"], tuple(b.encode() for b in job["bodies"])
    )
    done = asyncio.run(measure(target, seconds=job["seconds"], connections=job["connections"]))
    json.dump({"rate": done.rate, "p50_ms": done.p50_ms, "p99_ms": done.p99_ms}, sys.stdout)


if __name__ == "__main__":
    main()
