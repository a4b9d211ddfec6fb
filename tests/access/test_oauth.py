"""The token endpoint gives tokens for secrets and codes, and no hint of who exists."""

import base64
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from app.evidence.tokens import verify
from app.registrar import office
from app.registrar.callers import new_secret, secret_hash
from app.store.heads import process_clock
from tests.access.conftest import DEMO, Served, serving

CODE = "urn:consent-registry:one-time-code"
SECRET = new_secret()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("oauth")) as one:
        yield one


@pytest.fixture(scope="module")
def client_id(served: Served) -> str:
    return served.principal("pipeline", kind="client", secret_hash=secret_hash(SECRET))


def ask(served: Served, *basic: str, **form: str) -> httpx2.Response:
    headers = {}
    if basic:
        pair = base64.b64encode(":".join(basic).encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    return served.http.post("/oauth2/token", data=form, headers=headers)


def test_a_client_gets_a_token_with_its_secret_in_either_place(
    served: Served, client_id: str
) -> None:
    grant = {"grant_type": "client_credentials"}
    post = ask(served, **grant, client_id=client_id, client_secret=SECRET)
    basic = ask(served, client_id, SECRET, **grant)

    for answer in (post, basic):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
        issuers = served.app.state.registry.issuers
        claims = verify(body["access_token"], issuers, process_clock())
        assert (claims.subject, claims.client_id, claims.acr) == (client_id, client_id, None)


def test_unknown_and_wrong_are_one_answer(served: Served, client_id: str) -> None:
    nobody = served.principal("pipeline", kind="client")
    answers = {
        (answer.status_code, answer.content)
        for answer in (
            ask(served, "client_nobody", SECRET, grant_type="client_credentials"),
            ask(served, client_id, "crs_wrong", grant_type="client_credentials"),
            ask(served, nobody, SECRET, grant_type="client_credentials"),
        )
    }

    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 401
    assert b'"invalid_client"' in body


def test_unknown_and_wrong_take_the_same_time(served: Served, client_id: str) -> None:
    def seconds(name: str) -> float:
        began = time.perf_counter()
        ask(served, name, "crs_wrong", grant_type="client_credentials")
        return time.perf_counter() - began

    wrong = statistics.median(seconds(client_id) for _ in range(5))
    unknown = statistics.median(seconds(f"client_{n}") for n in range(5))

    # A hash is some 40 ms and everything else 4: without it for the unknown, this is tenfold.
    assert 1 / 3 < wrong / unknown < 3


def test_a_suspended_client_gets_nothing(served: Served) -> None:
    gone = served.principal("pipeline", kind="client", secret_hash=secret_hash(SECRET))
    token = ask(served, gone, SECRET, grant_type="client_credentials").json()["access_token"]
    served.suspend(gone)

    again = ask(served, gone, SECRET, grant_type="client_credentials")
    used = served.http.get("/metrics", headers={"Authorization": f"Bearer {token}"})

    assert (again.status_code, used.status_code) == (401, 401)


def test_who_guesses_too_often_has_to_wait(served: Served) -> None:
    real = served.principal("pipeline", kind="client", secret_hash=secret_hash(SECRET))
    for name in (real, "client_made_up"):
        for _ in range(10):
            assert ask(served, name, "x", grant_type="client_credentials").status_code == 401
        stopped = ask(served, name, SECRET, grant_type="client_credentials")
        assert stopped.status_code == 429
        assert 1 <= int(stopped.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_id": "a"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_id": "\0", "client_secret": "b"}, ""),
        ({"grant_type": CODE}, "invalid_grant"),
        ({"grant_type": CODE, "code": "guessed"}, "invalid_grant"),
        ({"grant_type": DEMO}, "invalid_request"),
        ({"grant_type": DEMO, "principal": "usr_nobody"}, "invalid_grant"),
        ({"grant_type": DEMO, "principal": "usr_x", "auth_age": "-1"}, "invalid_request"),
    ],
)
def test_a_bad_request_is_400_in_the_form_of_oauth(
    served: Served, form: dict[str, str], error: str
) -> None:
    answer = ask(served, **form)

    assert answer.status_code == 400
    assert answer.json()["error"] == error or "invalid_request"
    assert answer.json()["error_description"]


@pytest.mark.parametrize(
    "raw",
    [
        b"grant_type=client_credentials&grant_type=x",
        b"grant_type=%ff",
        b"\xff\xfe",
        b"&".join(b"a%d=1" % n for n in range(100)),
        b'{"grant_type":"client_credentials"}',
    ],
)
def test_a_form_that_means_nothing_is_400(served: Served, raw: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert served.http.post("/oauth2/token", content=raw, headers=headers).status_code == 400


@pytest.mark.parametrize("sent", ["application/json", "multipart/form-data", "text/plain", ""])
def test_a_token_is_asked_for_by_a_form(served: Served, sent: str) -> None:
    answer = served.http.post("/oauth2/token", content=b"{}", headers={"Content-Type": sent})

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("sent", [b"Basic", b"Basic !", b"Basic YWI=", b"Bearer YTpi", b"\xff"])
def test_a_header_that_cannot_be_read_is_400(served: Served, sent: bytes) -> None:
    answer = served.http.post(
        "/oauth2/token",
        content=b"grant_type=client_credentials",
        headers=[
            (b"Authorization", sent),
            (b"Content-Type", b"application/x-www-form-urlencoded"),
        ],
    )

    assert answer.status_code == 400


def test_a_secret_in_two_places_is_400(served: Served, client_id: str) -> None:
    both = ask(served, client_id, SECRET, grant_type="client_credentials", client_secret=SECRET)

    assert both.status_code == 400


def test_the_form_has_a_size(served: Served) -> None:
    assert ask(served, grant_type="x" * 20_000).status_code == 413


def test_the_first_administrator_enters_once(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.act(office.found)
        code = str(served.last["code"])
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: ask(served, grant_type=CODE, code=code), range(4)))
        good = [answer for answer in answers if answer.status_code == 200]

        assert len(good) == 1
        assert {answer.status_code for answer in answers} == {200, 400}
        body = good[0].json()
        for token in (
            body["access_token"],
            ask(
                served,
                body["client_id"],
                body["client_secret"],
                grant_type="client_credentials",
            ).json()["access_token"],
        ):
            metrics = served.http.get("/metrics", headers={"Authorization": f"Bearer {token}"})
            assert metrics.status_code == 200


def test_the_demo_signs_nobody_in_outside_of_demo_and_test(tmp_path: Path) -> None:
    with serving(tmp_path, environment="production") as served:
        answer = ask(served, grant_type=DEMO, principal="usr_x")

        assert answer.status_code == 400
        assert answer.json()["error"] == "unsupported_grant_type"
        assert "demo" not in served.app.state.registry.own.accepted_acr


def test_in_the_demo_a_token_lives_for_twelve_hours(tmp_path: Path) -> None:
    with serving(tmp_path, environment="demo") as served:
        someone = served.principal("performer")

        answer = ask(served, grant_type=DEMO, principal=someone)

        assert answer.json()["expires_in"] == 12 * 3600
