"""What an operator can set, read once from CONSENT_REGISTRY_* and frozen."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "CONSENT_REGISTRY_"


class UnknownSettingError(ValueError):
    """The environment names a setting that does not exist: most likely a misspelt one."""


class Settings(BaseSettings):
    """Every setting of the server, with the value that it has when nobody sets it.

    Raises:
        UnknownSettingError: the environment holds another name with the prefix. A misspelt
            setting would otherwise leave its default in force without a word.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    # Production is the default, so that a forgotten setting never opens the demo sign-in.
    environment: Literal["demo", "test", "production"] = "production"
    # The addresses of databases and of the mail server carry passwords: never in a repr.
    database_url: str = Field("sqlite:///var/registry.db", min_length=1, repr=False)
    keys_url: str | None = Field(None, repr=False)
    base_url: str = Field("http://localhost:8000", pattern=r"^https?://[^/\s]+(/\S*)?$")
    log_origin: str = Field("localhost/consent-registry", pattern=r"^[^\s+]+$")
    key_dir: Path = Path("var/keys")
    pack_dir: Path | None = None
    workers: PositiveInt = 1
    pool_size: PositiveInt = 10
    smtp_url: str | None = Field(None, pattern=r"^smtps?://[^/\s]+", repr=False)
    issuers_file: Path | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _one_process_on_sqlite(self) -> Self:
        # The lock that keeps SQLite's writers in order lives inside one process.
        if self.workers > 1 and self.database_url.startswith("sqlite"):
            raise ValueError(f"{PREFIX}WORKERS must be 1 on SQLite; PostgreSQL takes more")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment; no file is read behind the operator's back."""
        _refuse_unknown_names(settings_cls)
        return init_settings, env_settings


def _refuse_unknown_names(settings_cls: type[BaseSettings]) -> None:
    known = {PREFIX + name.upper() for name in settings_cls.model_fields}
    unknown = [
        name
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
    if unknown:
        raise UnknownSettingError(
            f"unknown setting {', '.join(f'`{name}`' for name in unknown)}; "
            f"known: {', '.join(sorted(known))}"
        )
