"""A registry that a company runs for itself: founded with one line, entered with codes alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app import commands
from app.main import create_app
from app.settings import Settings

GRANT = "urn:consent-registry:one-time-code"


@pytest.fixture(scope="module")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("founded")
    return Settings.model_validate(
        {"database_url": database, "key_dir": str(home / "keys"), "log_level": "error"}
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'registry.db'}"


@pytest.fixture(scope="module")
def made(settings: Settings) -> Mapping[str, Any]:
    return commands.init(settings, "Harbour Lights")


@pytest.fixture(scope="module")
def http(settings: Settings, made: Mapping[str, Any]) -> Iterator[TestClient]:
    assert made["code"]
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def tokens(http: TestClient, made: Mapping[str, Any]) -> dict[str, str]:
    """Who begins: the office, and the company."""
    found = {}
    for name, code in (("office", made["code"]), ("company", made["company_code"])):
        answer = enter(http, code)
        assert answer.status_code == 200, answer.text
        found[name] = str(answer.json()["access_token"])
        assert enter(http, code).json()["error"] == "invalid_grant"
    return found


def enter(http: TestClient, code: str) -> Response:
    return http.post("/oauth2/token", data={"grant_type": GRANT, "code": code})


def act(http: TestClient, token: str, path: str, body: Mapping[str, Any] | None = None) -> Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{path}-{body}"[:200]}
    headers["Idempotency-Key"] = headers["Idempotency-Key"].replace(" ", "")
    return http.post(path, json=dict(body or {}), headers=headers)


def test_the_company_is_on_record_with_somebody_who_speaks_for_it(
    http: TestClient, tokens: dict[str, str], made: Mapping[str, Any]
) -> None:
    headers = {"Authorization": f"Bearer {tokens['company']}"}
    seen = http.get(f"/v1/organizations/{made['company']}", headers=headers).json()
    assert (seen["kind"], seen["name"]) == ("studio", "Harbour Lights")
    film = act(http, tokens["company"], "/v1/works", {"kind": "film", "title": "First"})
    assert film.status_code == 201, film.text


def test_a_performer_enters_with_the_code_of_an_invitation_and_is_who_it_was_for(
    http: TestClient, tokens: dict[str, str]
) -> None:
    person = {"name": "Kit Arden", "contact": "Quay 4", "adult": True}
    kit = act(http, tokens["company"], "/v1/performers", person).json()["id"]
    path = f"/v1/performers/{kit}/invitation"
    code = act(http, tokens["office"], path).json()["code"]
    # Without a token and with nobody to sign in with, a claim by itself leads nowhere.
    assert http.post(f"/v1/performers/{kit}/claim", json={"code": code}).status_code == 401
    entered = enter(http, code)
    assert entered.status_code == 200, entered.text
    assert entered.json()["performer"] == kit
    assert "client_secret" not in entered.json()
    headers = {"Authorization": f"Bearer {entered.json()['access_token']}"}
    assert http.get(f"/v1/performers/{kit}", headers=headers).json()["name"] == "Kit Arden"
    again = enter(http, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_company_is_founded_once(settings: Settings, http: TestClient) -> None:
    assert http.get("/healthz").status_code == 200
    with pytest.raises(commands.CommandError, match="has entries already"):
        commands.init(settings, "Harbour Lights")
