"""Run by Alembic only: applies revisions on the connection that migrate.py opened, or prints their SQL without one."""

from alembic import context
from sqlalchemy import Connection

from bot.storage.tables import metadata


def online(connection: Connection) -> None:
    """`render_as_batch`: SQLite changes a table by making a new one."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


def offline(dialect: str) -> None:
    """Writes SQL for `dialect` (sqlite, postgresql) to the configured output."""
    context.configure(dialect_name=dialect, target_metadata=metadata, literal_binds=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


attributes = context.config.attributes
if context.is_offline_mode():
    offline(attributes["dialect"])
else:
    online(attributes["connection"])
