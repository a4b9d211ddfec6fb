"""Settings are read once, are frozen, and refuse what they do not know."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import PREFIX, Settings, UnknownSettingError

ALL_NAMES = [
    "BASE_URL",
    "DATABASE_URL",
    "ENVIRONMENT",
    "ISSUERS_FILE",
    "KEYS_URL",
    "KEY_DIR",
    "LOG_LEVEL",
    "LOG_ORIGIN",
    "PACK_DIR",
    "POOL_SIZE",
    "SMTP_URL",
    "WORKERS",
]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_an_empty_environment_is_production_on_a_local_sqlite_file() -> None:
    settings = Settings()

    assert settings.environment == "production"
    assert settings.database_url == "sqlite:///var/registry.db"
    assert settings.base_url == "http://localhost:8000"
    assert settings.log_origin == "localhost/consent-registry"
    assert settings.key_dir == Path("var/keys")
    assert (settings.workers, settings.pool_size, settings.log_level) == (1, 10, "info")
    assert settings.keys_url is None
    assert settings.pack_dir is None
    assert settings.smtp_url is None
    assert settings.issuers_file is None


def test_the_environment_sets_and_an_argument_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_REGISTRY_ENVIRONMENT", "demo")
    monkeypatch.setenv("CONSENT_REGISTRY_POOL_SIZE", "3")

    settings = Settings(pool_size=4)

    assert (settings.environment, settings.pool_size) == ("demo", 4)


def test_settings_do_not_change_after_the_start() -> None:
    settings = Settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.environment = "demo"  # type: ignore[misc]


def test_a_misspelt_name_stops_the_start_and_the_known_names_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONSENT_REGISTRY_DATABASE", "sqlite://")

    with pytest.raises(UnknownSettingError) as refusal:
        Settings()

    message = str(refusal.value)
    assert "`CONSENT_REGISTRY_DATABASE`" in message
    for name in ALL_NAMES:
        assert f"CONSENT_REGISTRY_{name}" in message


def test_another_programs_names_are_no_concern_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_REGISTER_DATABASE", "x")

    assert Settings().environment == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ENVIRONMENT", "Demo", id="an environment is written as it is"),
        pytest.param("ENVIRONMENT", "staging", id="no fourth environment"),
        pytest.param("WORKERS", "0", id="at least one worker"),
        pytest.param("POOL_SIZE", "many", id="a pool has a number"),
        pytest.param("DATABASE_URL", "", id="an empty address is not the default"),
        pytest.param("BASE_URL", "localhost:8000", id="an address needs its scheme"),
        pytest.param("LOG_ORIGIN", "two words", id="an origin is one word in a note"),
        pytest.param("LOG_LEVEL", "loud", id="no such level"),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(ValidationError):
        Settings()


def test_sqlite_is_served_by_one_process_and_postgresql_by_several() -> None:
    with pytest.raises(ValidationError, match="must be 1 on SQLite"):
        Settings(workers=2)

    assert (
        Settings(workers=2, database_url="postgresql+psycopg://registry@db/registry").workers == 2
    )


def test_a_password_in_an_address_is_never_printed() -> None:
    settings = Settings(
        database_url="postgresql+psycopg://registry:canary@db/registry",
        smtp_url="smtp://mail:canary@localhost",
        keys_url="sqlite:///canary.db",
    )

    assert "canary" not in repr(settings)
    assert "canary" not in str(settings)
