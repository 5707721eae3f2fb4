"""Revision 0001: accounts and transfers. Frozen: a released revision never changes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """An index of some rows only, on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("credits_posted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("debits_posted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("debits_pending", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("(kind = 'user' AND id > 0) OR (kind = 'house' AND id < 0)", name=op.f("ck_accounts_kind")),
        sa.CheckConstraint(
            "kind = 'house' OR debits_posted + debits_pending <= credits_posted", name=op.f("ck_accounts_no_overdraft")
        ),
        sa.CheckConstraint(
            "credits_posted >= 0 AND debits_posted >= 0 AND debits_pending >= 0", name=op.f("ck_accounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sqlite_autoincrement=True,
    )


def transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("seq", SERIAL, nullable=False),
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
        "ix_transfers_credit", "transfers", ["credit", "seq"], **where("kind IN ('top_up','welcome','refund')")
    )
    op.create_index("ix_transfers_debit", "transfers", ["debit", "seq"], **where("kind IN ('hold','debit')"))


def transfer_notes() -> None:
    op.create_table(
        "transfer_notes",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_notes_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_transfer_notes")),
    )


def create() -> None:
    accounts()
    transfers()
    transfer_notes()
