"""The small producer's afternoon, as its page tells it: every line, in order, from nothing."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.support.server import Server, running_server
from tests.test_readme import LINE, send

PAGE = Path(__file__).parents[1] / "docs" / "small-producer.md"
SIGN_IN = "curl $BASE/oauth2/token -d grant_type=urn:consent-registry:one-time-code -d code=$C"
EXAMPLES = PAGE.parent / "examples" / "import"
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
    variables = {"BASE": server.url, "C": codes["company"]}
    first, second = send(SIGN_IN, variables), send(SIGN_IN, variables)
    assert (first.status_code, second.status_code) == (200, 400)
    assert second.json()["error"] == "invalid_grant"
    signed = first.json()
    again = (
        "curl $BASE/oauth2/token -d grant_type=client_credentials -d client_id=$I"
        " -d client_secret=$S"
    )
    secret = {"I": signed["client_id"], "S": signed["client_secret"], "BASE": server.url}
    assert send(again, secret).status_code == 200


def test_what_the_company_has_in_files_is_imported_and_taken_home(
    server: Server, codes: dict[str, str], home: Path
) -> None:
    token = home / "token"
    token.write_text(send(SIGN_IN, {"BASE": server.url, "C": codes["company"]}).text)
    token.write_text(json.loads(token.read_text())["access_token"])
    options = ["--url", server.url, "--token-file", str(token)]
    files = [str(path) for path in sorted(EXAMPLES.iterdir())]

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    rehearsed = run("import", *files, *options, "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "would be recorded" in rehearsed.output
    done = run("import", *files, *options)
    assert done.exit_code == 0, done.output
    bad = home / "works-bad.csv"
    bad.write_text("ref,kind,title\nhouse:bad,opera,None\nhouse:good,film,Good\n")
    half = run("import", str(bad), *options)
    assert half.exit_code == 1, half.output
    assert "works-bad.csv:2 kind: " in half.output
    away = run("export", "works", "performers", *options, "--into", str(home / "out"))
    assert away.exit_code == 0, away.output
    assert (home / "out" / "works.csv").read_text().count("\n") == 5
    token.write_text("nothing of worth")
    refused = run("import", str(bad), *options)
    assert (refused.exit_code, "not valid" in refused.output) == (1, True)
    empty = run("export", *options, "--into", str(home / "none"))
    assert (empty.exit_code, "not valid" in empty.output) == (1, True)
