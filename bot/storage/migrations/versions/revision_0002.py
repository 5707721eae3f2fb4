"""Many providers: pictures in, what results tell beside themselves, bytes put aside, models put on and off sale."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "fleeting",
    "groups",
    "forgotten",
    "bans",
    "asks",
    "messages",
    "conversations",
    "market",
    "listings",
    "switches",
    "shelf",
    "own_results",
    "blobs",
)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("inputs", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("jobs", sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
    _inline()
    op.add_column("jobs", sa.Column("stopping", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("jobs", sa.Column("favourite", sa.Boolean(), server_default=sa.false(), nullable=False))
    shown = sa.text("state = 'done' AND kind <> 'ask' AND CAST(delivered AS TEXT) <> '[]'")
    columns = ["account_id", "created_at", "id", "kind", "favourite"]
    op.create_index("ix_jobs_history", "jobs", columns, sqlite_where=shown, postgresql_where=shown)
    op.add_column("jobs", sa.Column("requester", sa.Text(), server_default="", nullable=False))
    op.add_column("drafts", sa.Column("ephemeral_id", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("drafts", sa.Column("reply_to", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("preferences", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("pauses", sa.Column("wait", sa.Double(), nullable=True))
    ended = sa.text("finished_at IS NOT NULL")
    op.create_index("ix_jobs_ended", "jobs", ["provider", "finished_at"], sqlite_where=ended, postgresql_where=ended)
    _market()
    _blobs()
    _own_results()
    _conversations()
    _safety()
    _groups()
    _fleeting()
    op.create_table(
        "shelf",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_shelf")),
    )
    op.create_table(
        "switches",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name=op.f("pk_switches")),
    )


def _inline() -> None:
    inline = sa.text("inline_id <> ''")
    for table in ("jobs", "drafts"):
        op.add_column(table, sa.Column("inline_id", sa.Text(), server_default="", nullable=False))
        op.create_index(f"ix_{table}_inline", table, ["inline_id"], sqlite_where=inline, postgresql_where=inline)
    offered = sa.text("purpose = 'inline'")
    op.create_index(
        "ix_drafts_offered", "drafts", ["user_id", "created_at"], sqlite_where=offered, postgresql_where=offered
    )


def _safety() -> None:
    op.create_table(
        "bans",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_bans")),
    )
    op.create_index("ix_bans_created", "bans", ["created_at"])
    op.create_table(
        "forgotten",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_forgotten")),
    )
    welcomes = sa.text("kind = 'welcome'")
    op.create_index(
        "ix_transfers_welcome", "transfers", ["created_at"], sqlite_where=welcomes, postgresql_where=welcomes
    )


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("presence", sa.Text(), server_default="member", nullable=False),
        sa.Column("moved_to", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_groups")),
    )


def _fleeting() -> None:
    op.create_table(
        "fleeting",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("receiver_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("draft_id", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "receiver_id", "message_id", name=op.f("pk_fleeting")),
    )
    op.create_index("ix_fleeting_due", "fleeting", ["due_at"])


def _market() -> None:
    op.create_table(
        "listings",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("upstream_id", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("listed_at", sa.Double(), nullable=True),
        sa.Column("prices", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("priced_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("provider", "upstream_id", name=op.f("pk_listings")),
    )
    op.create_table(
        "market",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
    )
    op.execute("INSERT INTO market (id, version) VALUES (1, 0)")


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_blobs")),
    )
    op.create_index("ix_blobs_expires", "blobs", ["expires_at"])


def _own_results() -> None:
    op.create_table(
        "own_results",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_own_results_job_id")),
        sa.PrimaryKeyConstraint("provider", "own", name=op.f("pk_own_results")),
    )
    op.create_index("ix_own_results_job", "own_results", ["job_id"])


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_updated", "conversations", ["updated_at"])
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_messages_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("job_id", "role", name=op.f("uq_messages_job_id_role")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_conversation", "messages", ["chat_id", "user_id", "id"])
    op.create_table(
        "asks",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Text(), server_default="", nullable=False),
        sa.Column("draft_id", sa.Text(), server_default="", nullable=False),
        sa.Column("question_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("free", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_asks_job_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_asks")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_transfers_welcome", "transfers")
    op.drop_index("ix_jobs_ended", "jobs")
    op.drop_column("pauses", "wait")
    op.drop_column("users", "preferences")
    op.drop_column("drafts", "reply_to")
    op.drop_column("drafts", "ephemeral_id")
    op.drop_column("jobs", "requester")
    op.drop_index("ix_jobs_history", "jobs")
    op.drop_column("jobs", "favourite")
    op.drop_column("jobs", "stopping")
    op.drop_index("ix_drafts_offered", "drafts")
    for table in ("jobs", "drafts"):
        op.drop_index(f"ix_{table}_inline", table)
        op.drop_column(table, "inline_id")
    op.drop_column("jobs", "facts")
    op.drop_column("jobs", "inputs")
