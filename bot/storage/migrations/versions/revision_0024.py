"""What is written while an answer is under way waits as the next question; answers are found by their message."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0004"
branch_labels = None
depends_on = None

SAID = sa.text("kind = 'ask' AND message_id <> 0")


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name=op.f("pk_waiting")),
    )
    op.create_index("ix_jobs_said", "jobs", ["chat_id", "message_id"], sqlite_where=SAID, postgresql_where=SAID)


def downgrade() -> None:
    op.drop_index("ix_jobs_said", "jobs")
    op.drop_table("waiting")
