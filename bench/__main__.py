"""Checks a second over HTTP, as a ratio to a bare FastAPI route with the same models.

The servers stand side by side on this machine, one worker each, and are asked in turns within one
run; the figure of an engine is the median over its rounds of (its rate / the bare rate of the same
round). Every check carries a verified token, decides all rules, and is on record, committed to a
disk that is synced, before it is answered. Absolute rates are printed for the curious and are
this machine's alone.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.postgres import fresh_database, running_postgres
from tests.support.server import free_port

BARE = "bare FastAPI"
SQLITE = "SQLite"
POSTGRESQL = "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Server:
    """One server that is measured."""

    name: str
    port: int
    token: str
    bodies: tuple[str, ...]


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(running_postgres(durable=True))
        urls = {
            SQLITE: f"sqlite:///{home / 'registry.db'}",
            POSTGRESQL: fresh_database(cluster.url()),
        }
        servers = [
            stack.enter_context(_registry(name, url, home / name)) for name, url in urls.items()
        ]
        servers.insert(0, stack.enter_context(_bare(servers[0])))
        rounds = [_round(servers, arguments) for _ in range(arguments.rounds)]
    _report(rounds, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each server in each round")
    parser.add_argument("--connections", type=int, default=32)
    return parser.parse_args()


@contextmanager
def _registry(name: str, url: str, home: Path) -> Iterator[Server]:
    """The registry itself, seeded with the demo."""
    home.mkdir()
    environment = {
        "CONSENT_REGISTRY_ENVIRONMENT": "demo",
        "CONSENT_REGISTRY_DATABASE_URL": url,
        "CONSENT_REGISTRY_KEY_DIR": str(home / "keys"),
        "CONSENT_REGISTRY_LOG_LEVEL": "warning",
    }
    seed = (
        "from pathlib import Path; from app.demo import prepare; from app.settings import Settings;"
        f"prepare(Settings(), Path({str(home)!r}))"
    )
    subprocess.run([sys.executable, "-c", seed], env=os.environ | environment, check=True)
    kept = json.loads((home / "demo.json").read_text())
    with _serving("app.main:from_environment", environment, factory=True) as port:
        yield Server(name, port, kept["tokens"]["studio"], _bodies(kept["seeded"]))


@contextmanager
def _bare(like: Server) -> Iterator[Server]:
    with _serving("bench.bare:app", {}) as port:
        yield Server(BARE, port, like.token, like.bodies)


def _bodies(seeded: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Questions with every kind of answer, by id; a stored fact stands behind each."""
    asked = (
        ("mara", "meridian_1", "stunt"),
        ("mara", "afterlight", "stunt"),
        ("mara", "meridian_2", "face_replace"),
        ("tobias", "harbour_s1e1", "de_age"),
        ("ines", "meridian_1", "stunt"),
        ("cato", "meridian_1", "crowd"),
        ("silas", "crossover", "stunt"),
        ("rafe", "meridian_3", "face_replace"),
    )
    return tuple(
        json.dumps({"performer": seeded[who]["id"], "work": seeded[work]["id"], "use": use})
        for who, work, use in asked
    )


@contextmanager
def _serving(
    application: str, environment: Mapping[str, str], *, factory: bool = False
) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log", *(["--factory"] if factory else [])]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def _round(servers: list[Server], arguments: argparse.Namespace) -> dict[str, dict[str, float]]:
    return {server.name: _measured(server, arguments) for server in servers}


def _measured(server: Server, arguments: argparse.Namespace) -> dict[str, float]:
    job = {
        "port": server.port,
        "path": "/v1/checks",
        "token": server.token,
        "bodies": server.bodies,
        "seconds": arguments.seconds,
        "connections": arguments.connections,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


def _report(rounds: list[dict[str, dict[str, float]]], arguments: argparse.Namespace) -> None:
    lines = [
        (
            f"{arguments.rounds} rounds of {arguments.seconds:g} s, "
            f"{arguments.connections} connections, one worker, "
            f"Python {platform.python_version()}, {os.cpu_count()} cores for all"
        ),
        f"{'':<16}{'ratio':>8}{'rounds':>18}{'checks/s':>12}{'p50 ms':>10}{'p99 ms':>10}",
    ]
    for name in rounds[0]:
        ratios = [one[name]["rate"] / one[BARE]["rate"] for one in rounds]
        middle = {k: statistics.median(one[name][k] for one in rounds) for k in rounds[0][name]}
        spread = f"{min(ratios):.3f}-{max(ratios):.3f}"
        lines.append(
            f"{name:<16}{statistics.median(ratios):>8.3f}{spread:>18}{middle['rate']:>12.0f}"
            f"{middle['p50_ms']:>10.2f}{middle['p99_ms']:>10.2f}"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
