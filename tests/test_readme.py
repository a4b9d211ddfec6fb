"""The README is run: `make demo`'s own preparation, then every curl line, in order."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.demo import prepare
from app.settings import Settings
from tests.support.server import Server, running_server

README = Path(__file__).parents[1] / "README.md"
LINE = re.compile(
    r"^(?:(?P<name>[A-Z]+)=\$\()?(?P<curl>curl .+?)(?: \| field (?P<member>\w+)\))?\n"
    r"#=> (?P<status>\d{3}) (?P<words>.+)$",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def demo(home: Path) -> dict[str, Any]:
    settings = Settings(
        environment="demo",
        database_url=f"sqlite:///{home / 'registry.db'}",
        key_dir=home / "keys",
        log_origin="test/consent-registry",
        base_url="http://localhost:8000",
    )
    kept = prepare(settings, home)
    again = prepare(settings, home)
    assert again["seeded"] == kept["seeded"], "a second `make demo` changed the record"
    return again


@pytest.fixture(scope="module")
def server(home: Path, demo: dict[str, Any]) -> Iterator[Server]:
    url = f"sqlite:///{home / 'registry.db'}"
    environment = {
        "CONSENT_REGISTRY_ENVIRONMENT": "demo",
        "CONSENT_REGISTRY_BASE_URL": demo["base_url"],
    }
    with running_server(url, home, environment=environment) as running:
        yield running


def test_every_curl_line_gives_what_the_readme_says(server: Server, home: Path) -> None:
    variables = shell_variables((home / "demo.env").read_text()) | {"BASE": server.url}
    lines = list(LINE.finditer(README.read_text()))
    assert len(lines) == README.read_text().count("#=>") >= 12
    for line in lines:
        answer = send(line["curl"], variables)
        assert answer.status_code == int(line["status"]), f"{line[0]}\n{answer.text}"
        for word in line["words"].split():
            assert word in answer.text, f"{line[0]}\n{answer.text}"
        if line["name"] is not None:
            variables[line["name"]] = answer.json()[line["member"]]


def shell_variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"^export (\w+)='(.*)'$", text, re.MULTILINE))


def send(line: str, variables: dict[str, str]) -> httpx2.Response:
    """Do what curl would do with the line."""
    expanded = re.sub(r"'\$(\w+)'", lambda m: variables[m[1]], line)
    expanded = re.sub(r"\$(\w+)", lambda m: variables[m[1]], expanded)
    words = iter(shlex.split(expanded)[1:])
    headers: dict[str, str] = {}
    url, body = "", None
    form: dict[str, str] = {}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "--json":
            body = json.loads(next(words))
        elif word == "-d":
            name, _, value = next(words).partition("=")
            form[name] = value
        elif not word.startswith("-"):
            url = word
    with httpx2.Client(timeout=30, trust_env=False) as http:
        if form:
            return http.post(url, headers=headers, data=form)
        if body is None:
            return http.get(url, headers=headers)
        return http.post(url, headers=headers, json=body)
