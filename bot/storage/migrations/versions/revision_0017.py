"""Seals: up to which transfers the books were proved, and every account's balance as of the last one.

A later revision that changes rows of transfers empties both tables: the next proof begins anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_seals")),
    )
    op.create_table(
        "sealed_balances",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("credits_posted", sa.BigInteger(), nullable=False),
        sa.Column("debits_posted", sa.BigInteger(), nullable=False),
        sa.Column("debits_pending", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sealed_balances_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sealed_balances")),
    )


def downgrade() -> None:
    op.drop_table("sealed_balances")
    op.drop_table("seals")
