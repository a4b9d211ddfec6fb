"""Outside of demo and test a record is claimed with a sign-in that can come back to it."""

from pathlib import Path

from tests.access.conftest import serving


def test_in_production_nobody_claims_without_a_sign_in(tmp_path: Path) -> None:
    with serving(tmp_path, environment="production") as served:
        path = "/v1/performers/perf_00000000000000000000000000/claim"

        answer = served.http.post(path, json={"code": "Zk3vQm7tR2xL9sWd"})

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_in_the_demo_somebody_without_a_token_may_try_a_code(tmp_path: Path) -> None:
    with serving(tmp_path, environment="demo") as served:
        path = "/v1/performers/perf_00000000000000000000000000/claim"

        answer = served.http.post(path, json={"code": "Zk3vQm7tR2xL9sWd"})

        assert answer.status_code == 404
