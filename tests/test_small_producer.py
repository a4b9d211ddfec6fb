"""The small producer's afternoon, as its page tells it: every line, in order, from nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.support.server import Server, running_server
from tests.test_readme import LINE, send

PAGE = Path(__file__).parents[1] / "docs" / "small-producer.md"
INIT = re.compile(r"^consent-registry (init .+)$", re.MULTILINE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def codes(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the page's own `init` prints, in the environment that everybody begins with."""
    monkeypatch.setenv("CONSENT_REGISTRY_ENVIRONMENT", "production")
    monkeypatch.setenv("CONSENT_REGISTRY_DATABASE_URL", f"sqlite:///{home / 'registry.db'}")
    monkeypatch.setenv("CONSENT_REGISTRY_KEY_DIR", str(home / "keys"))
    # As the servers of tests have it.
    monkeypatch.setenv("CONSENT_REGISTRY_LOG_ORIGIN", "test/consent-registry")
    (line,) = INIT.findall(PAGE.read_text())
    words = [word.strip('"') for word in re.findall(r'"[^"]+"|\S+', line)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return dict(re.findall(r"^  (code|company) +(\S+)$", done.output, re.MULTILINE))


@pytest.fixture
def server(home: Path, codes: dict[str, str]) -> Iterator[Server]:
    assert codes.keys() == {"code", "company"}
    environment = {"CONSENT_REGISTRY_ENVIRONMENT": "production"}
    url = f"sqlite:///{home / 'registry.db'}"
    with running_server(url, home, environment=environment) as running:
        yield running


def test_the_afternoon_is_as_the_page_tells_it(server: Server, codes: dict[str, str]) -> None:
    text = PAGE.read_text()
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 - the day on the paper
    variables = {"BASE": server.url, "CODE": codes["code"], "COMPANY": codes["company"]}
    variables["TODAY"] = today
    lines = list(LINE.finditer(text))
    assert len(lines) == text.count("#=>") >= 12
    for line in lines:
        answer = send(line["curl"], variables)
        assert answer.status_code == int(line["status"]), f"{line[0]}\n{answer.text}"
        for word in line["words"].split():
            assert word in answer.text, f"{line[0]}\n{answer.text}"
        if line["name"] is not None:
            variables[line["name"]] = answer.json()[line["member"]]


def test_a_code_is_good_once(server: Server, codes: dict[str, str]) -> None:
    line = "curl $BASE/oauth2/token -d grant_type=urn:consent-registry:one-time-code -d code=$C"
    variables = {"BASE": server.url, "C": codes["company"]}
    first, second = send(line, variables), send(line, variables)
    assert (first.status_code, second.status_code) == (200, 400)
    assert second.json()["error"] == "invalid_grant"
    signed = first.json()
    again = (
        "curl $BASE/oauth2/token -d grant_type=client_credentials -d client_id=$I"
        " -d client_secret=$S"
    )
    secret = {"I": signed["client_id"], "S": signed["client_secret"], "BASE": server.url}
    assert send(again, secret).status_code == 200
