"""The inbox knows whose an update is and how urgent, so that people are served in turns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Updates that wait at this moment count as one person's and as urgent: they go first."""
    op.add_column("inbox", sa.Column("person", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("inbox", sa.Column("urgency", sa.SmallInteger(), server_default="0", nullable=False))
    op.drop_index("ix_inbox_open", "inbox")
    _index("ix_inbox_unclaimed", ["urgency", "received_at"], "handled_at IS NULL AND owner IS NULL")
    _index("ix_inbox_in_hand", ["person"], "handled_at IS NULL AND owner IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_inbox_in_hand", "inbox")
    op.drop_index("ix_inbox_unclaimed", "inbox")
    _index("ix_inbox_open", ["received_at"], "handled_at IS NULL")
    op.drop_column("inbox", "urgency")
    op.drop_column("inbox", "person")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "inbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
