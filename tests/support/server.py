"""A real server under the tests: a process group on loopback, started, killed, started again."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from app.settings import Settings
from app.store.upgrade import upgrade

ROOT = Path(__file__).resolve().parents[2]

_ORIGIN = "test/consent-registry"
_READY_SECONDS = 40.0
_STOP_SECONDS = 15.0
_STARTED = "Application startup complete"
_LINUX_PR_SET_PDEATHSIG = 1


class ServerStartError(RuntimeError):
    """The server did not come up; the message carries the end of its log."""


@dataclass
class Server:
    """One server on one database, in a directory of its own.

    ``factory`` names another factory than the one that ``consent-registry serve`` uses: a twin in
    the test tree. Without it the command itself is run. The port is kept over restarts, so that
    clients which retry find the next life of the server where the last one was.
    """

    database_url: str
    home: Path
    workers: int = 1
    factory: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """What it runs with, for commands of the operator that a test gives in its own process."""
        return Settings.model_validate(
            {
                "environment": "test",
                "database_url": self.database_url,
                "key_dir": str(self.home / "keys"),
                "log_origin": _ORIGIN,
            }
        )

    @property
    def variables(self) -> dict[str, str]:
        """The whole environment of the process: nothing of the caller's gets in."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "CONSENT_REGISTRY_ENVIRONMENT": "test",
            "CONSENT_REGISTRY_DATABASE_URL": self.database_url,
            "CONSENT_REGISTRY_KEY_DIR": str(self.home / "keys"),
            "CONSENT_REGISTRY_LOG_ORIGIN": _ORIGIN,
            "CONSENT_REGISTRY_BASE_URL": f"http://localhost:{self.port or 8000}",
            "CONSENT_REGISTRY_WORKERS": str(self.workers),
            **self.environment,
        }

    def start(self) -> float:
        """Start and wait until every worker is up and it says that it is ready.

        Returns:
            Seconds until it was ready.

        Raises:
            ServerStartError: it went away, or took too long.
        """
        self.port = self.port or free_port()
        began = time.perf_counter()
        before = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.home,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a group of its own: killed as a whole, and alone
                preexec_fn=_end_with_parent(),  # noqa: PLW1509 - one system call, no lock taken
            )
        while time.perf_counter() - began < _READY_SECONDS:
            if self._process.poll() is not None:
                break
            if self._is_ready(before):
                return time.perf_counter() - began
            time.sleep(0.03)
        said = self.log_tail()
        self.kill()
        raise ServerStartError(f"the server did not come up:\n{said}")

    def kill(self) -> None:
        """End every process of the group with SIGKILL: no handler runs, nothing is flushed."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_STOP_SECONDS)
        self.kill()

    def log_tail(self, size: int = 4000) -> str:
        """The end of what the server printed, over all its lives."""
        return self._log.read_text(errors="replace")[-size:] if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _command(self) -> list[str]:
        if self.factory is None:
            serve = ["-c", "from app.cli import main; main()", "serve"]
            return [sys.executable, *serve, "--host", "127.0.0.1", "--port", str(self.port)]
        return [
            *(sys.executable, "-m", "uvicorn", "--factory", self.factory),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers)),
            # As `serve` does: or a request meets a connection that the server just closed.
            *("--no-access-log", "--timeout-keep-alive", "75"),
        ]

    def _is_ready(self, log_from: int) -> bool:
        # One worker answers for all while the others still load, so count them in the log first.
        with self._log.open("rb") as log:
            log.seek(log_from)
            if log.read().decode(errors="replace").count(_STARTED) < self.workers:
                return False
        with contextlib.suppress(httpx2.TransportError):
            return httpx2.get(f"{self.url}/readyz", timeout=2).status_code == httpx2.codes.OK
        return False


@contextlib.contextmanager
def running_server(
    database_url: str,
    home: Path,
    *,
    workers: int = 1,
    factory: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Migrate the database, serve it, and take the server down at the end; its log on a failure."""
    home.mkdir(parents=True, exist_ok=True)
    server = Server(database_url, home, workers, factory, environment or {})
    upgrade(database_url)
    server.start()
    try:
        yield server
    except BaseException:
        sys.stderr.write(f"--- log of the server ---\n{server.log_tail()}\n")
        raise
    finally:
        server.stop()


def free_port() -> int:
    """A port of the loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, the kernel ends the server when the tests die, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: after the fork is too late to load anything

    def ask_the_kernel() -> None:
        prctl(_LINUX_PR_SET_PDEATHSIG, int(signal.SIGTERM))

    return ask_the_kernel
