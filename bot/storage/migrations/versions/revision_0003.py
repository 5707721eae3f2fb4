"""Every actor in the books is an account: transfers.actor refers to one, or is NULL for Easel itself.

Earlier rows may name an account that never was (0: an admin who had none). They get one account made for them: an
unknown admin is not Easel itself. Transfers are append-only by triggers, so that these step aside within the
transaction of the migration: on PostgreSQL under a lock that keeps every other transaction out of the table, on SQLite
by building the table anew, which only the owner of the file's lock does.
"""

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.schema_0001 import money, rules_sqlite

revision = "0003"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = "seq, id, kind, pending_id, reverses_id, debit, credit, amount, job_id, actor, created_at"
LOST = "actor IS NOT NULL AND actor NOT IN (SELECT id FROM accounts)"
MAKE = f"INSERT INTO accounts (kind) SELECT 'user' WHERE EXISTS (SELECT 1 FROM transfers WHERE {LOST})"  # noqa: S608
MADE = f"CASE WHEN {LOST} THEN (SELECT max(id) FROM accounts) ELSE actor END"  # noqa: S608
"""The account made a moment ago has the highest id."""
NAME = "fk_transfers_actor"


def upgrade() -> None:
    op.execute(MAKE)
    if op.get_context().dialect.name == "sqlite":
        _rebuild(MADE, foreign_key=True)
        return
    op.execute("ALTER TABLE transfers DISABLE TRIGGER transfers_no_update")
    op.execute(f"UPDATE transfers SET actor = {MADE} WHERE {LOST}")  # noqa: S608
    op.execute("ALTER TABLE transfers ENABLE TRIGGER transfers_no_update")
    op.create_foreign_key(NAME, "transfers", "accounts", ["actor"], ["id"])


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _rebuild("actor", foreign_key=False)
    else:
        op.drop_constraint(NAME, "transfers", type_="foreignkey")


def _rebuild(actor: str, *, foreign_key: bool) -> None:
    """SQLite adds no foreign key to a table that stands. All rules of the ledger go first: one on accounts reads
    transfers. Numbers stay as they were, and the next is above the highest."""
    for statement in rules_sqlite.DROP:
        op.execute(statement)
    op.execute("CREATE TABLE transfers_kept AS SELECT * FROM transfers")
    op.drop_index("ix_transfers_welcome", "transfers")
    op.drop_table("transfers")
    if foreign_key:
        _with_actors()
    else:
        money.transfers()
    values = COLUMNS.replace("actor", actor)
    op.execute(f"INSERT INTO transfers ({COLUMNS}) SELECT {values} FROM transfers_kept ORDER BY seq")  # noqa: S608
    op.drop_table("transfers_kept")
    welcomes = sa.text("kind = 'welcome'")
    op.create_index("ix_transfers_welcome", "transfers", ["created_at"], sqlite_where=welcomes)
    for statement in rules_sqlite.CREATE:
        op.execute(statement)


def _with_actors() -> None:
    """The table of revision 0001, and the reference."""
    op.create_table(
        "transfers",
        sa.Column("seq", money.SERIAL, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pending_id", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Text(), nullable=True),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.CheckConstraint("(kind = 'refund') = (reverses_id IS NOT NULL)", name=op.f("ck_transfers_reverses")),
        sa.CheckConstraint(
            "(kind IN ('capture','release')) = (pending_id IS NOT NULL)", name=op.f("ck_transfers_resolves")
        ),
        sa.CheckConstraint(
            "(kind IN ('hold','capture','release','refund')) = (job_id IS NOT NULL)", name=op.f("ck_transfers_job")
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'top_up' THEN debit = -2 AND credit > 0 WHEN 'debit' THEN debit > 0 AND credit = -2"
            " WHEN 'welcome' THEN debit = -3 AND credit > 0 WHEN 'refund' THEN debit = -1 AND credit > 0"
            " ELSE debit > 0 AND credit = -1 END",
            name=op.f("ck_transfers_direction"),
        ),
        sa.CheckConstraint(
            "amount >= 0 AND (kind = 'capture' OR (kind = 'release') = (amount = 0))", name=op.f("ck_transfers_amount")
        ),
        sa.CheckConstraint("job_id IS NULL OR id = kind || ':' || job_id", name=op.f("ck_transfers_key")),
        sa.CheckConstraint(
            "kind IN ('hold','capture','release','refund','top_up','debit','welcome')", name=op.f("ck_transfers_kind")
        ),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_transfers_two_accounts")),
        sa.ForeignKeyConstraint(["actor"], ["accounts.id"], name=op.f(NAME)),
        sa.ForeignKeyConstraint(["credit"], ["accounts.id"], name=op.f("fk_transfers_credit")),
        sa.ForeignKeyConstraint(["debit"], ["accounts.id"], name=op.f("fk_transfers_debit")),
        sa.ForeignKeyConstraint(["pending_id"], ["transfers.id"], name=op.f("fk_transfers_pending_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["transfers.id"], name=op.f("fk_transfers_reverses_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_transfers")),
        sa.UniqueConstraint("id", name=op.f("uq_transfers_id")),
        sa.UniqueConstraint("pending_id", name=op.f("uq_transfers_pending_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_transfers_reverses_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_transfers_credit", "transfers", ["credit", "seq"], **money.where("kind IN ('top_up','welcome','refund')")
    )
    op.create_index("ix_transfers_debit", "transfers", ["debit", "seq"], **money.where("kind IN ('hold','debit')"))
