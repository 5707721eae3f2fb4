"""The first schema: ledger with its rules, people, jobs, inbox."""

from alembic import op

from bot.storage.migrations.schema_0001 import money, rules_postgresql, rules_sqlite, work

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "alerts",
    "pauses",
    "inbox",
    "workers",
    "reconciliations",
    "jobs",
    "drafts",
    "users",
    "transfer_notes",
    "transfers",
    "accounts",
)


def upgrade() -> None:
    money.create()
    work.create()
    # Revenue (captures), issued (top-ups, debits), promotions (welcome credits). Their balances are sums of transfers.
    op.execute("INSERT INTO accounts (id, kind) VALUES (-1, 'house'), (-2, 'house'), (-3, 'house')")
    rules = rules_sqlite if op.get_context().dialect.name == "sqlite" else rules_postgresql
    for statement in rules.CREATE:
        op.execute(statement)


def downgrade() -> None:
    rules = rules_sqlite if op.get_context().dialect.name == "sqlite" else rules_postgresql
    for statement in rules.DROP:
        op.execute(statement)
    for table in TABLES:
        op.drop_table(table)
