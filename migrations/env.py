"""How a migration runs: one transaction per revision on both engines, then the walls."""

import os

from alembic import context
from sqlalchemy import Connection, text

from app.store import walls
from app.store.engine import migration_engine
from app.store.tables import metadata

URL = "CONSENT_REGISTRY_DATABASE_URL"
# Two servers that start at once migrate one after the other. The number means nothing.
_ONE_AT_A_TIME = text("SELECT pg_advisory_lock(7012026)")


def _configure(connection: Connection | None, url: str | None, dialect: str) -> None:
    context.configure(
        connection=connection,
        url=url,
        target_metadata=metadata,
        # SQLite can roll DDL back when the driver is kept from committing before it.
        transactional_ddl=True,
        transaction_per_migration=True,
        render_as_batch=dialect == "sqlite",
        literal_binds=connection is None,
        compare_type=True,
        compare_server_default=True,
    )


def _online(url: str) -> None:
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(_ONE_AT_A_TIME)
                connection.commit()
            _configure(connection, None, engine.dialect.name)
            with context.begin_transaction():
                context.run_migrations()
            # With nothing to do, the look at the version is still open.
            connection.commit()
            if not context.config.attributes.get("only_compare"):
                with connection.begin():
                    walls.build(connection)
    finally:
        engine.dispose()


def _offline(url: str) -> None:
    _configure(None, url, url.split(":", 1)[0].split("+", 1)[0])
    with context.begin_transaction():
        context.run_migrations()


_url = context.config.attributes.get("url") or os.environ.get(URL, "sqlite:///var/registry.db")
if context.is_offline_mode():
    _offline(_url)
else:
    _online(_url)
