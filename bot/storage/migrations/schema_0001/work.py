"""Revision 0001: people, drafts, jobs and what keeps the engine going. Frozen: a released revision never changes."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def where(condition: str) -> dict[str, Any]:
    """An index of some rows only, on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("username_key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("language_code", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_users_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("account_id", name=op.f("uq_users_account_id")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
    )
    op.create_index("ix_users_created", "users", ["created_at"])


def drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("quote", sa.BigInteger(), nullable=True),
        sa.Column("quoted_at", sa.Double(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_expires", "drafts", ["expires_at"])


def _order_columns() -> list[sa.Column[Any]]:
    """What was ordered, and where the answer goes."""
    return [
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("quote", sa.BigInteger(), nullable=False),
        sa.Column("ordered", sa.Integer(), server_default="1", nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), server_default="0", nullable=False),
    ]


def _course_columns() -> list[sa.Column[Any]]:
    """How it goes."""
    return [
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("submitted_at", sa.Double(), nullable=True),
        sa.Column("deadline", sa.Double(), nullable=True),
        sa.Column("delivering_at", sa.Double(), nullable=True),
        sa.Column("finished_at", sa.Double(), nullable=True),
        sa.Column("upstream_ref", sa.Text(), nullable=True),
        sa.Column("assets", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("cost", sa.Text(), nullable=True),
        sa.Column("delivered", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("charged", sa.BigInteger(), nullable=True),
        sa.Column("refunded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("costly_end", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("notice_due", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ready_sent", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


def jobs() -> None:
    op.create_table(
        "jobs",
        *_order_columns(),
        *_course_columns(),
        sa.CheckConstraint(
            "state IN ('queued','submitting','running','delivering','done','failed','cancelled')",
            name=op.f("ck_jobs_state"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_jobs_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_account", "jobs", ["account_id", "created_at"])
    op.create_index("ix_jobs_created", "jobs", ["created_at"])
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["next_at"],
        **where("owner IS NULL AND (notice_due OR state IN ('submitting','running','delivering'))"),
    )
    op.create_index("ix_jobs_finished", "jobs", ["model", "state", "finished_at"])
    op.create_index(
        "ix_jobs_live", "jobs", ["account_id"], **where("state IN ('queued','submitting','running','delivering')")
    )
    op.create_index("ix_jobs_owner", "jobs", ["owner"], **where("owner IS NOT NULL"))
    op.create_index("ix_jobs_queue", "jobs", ["provider", "turn", "created_at"], **where("state = 'queued'"))


def reconciliations() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_reconciliations_job_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_reconciliations")),
    )


def workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("handled_at", sa.Double(), nullable=True),
        sa.Column("failed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_handled", "inbox", ["handled_at"])
    op.create_index("ix_inbox_open", "inbox", ["received_at"], **where("handled_at IS NULL"))


def pauses() -> None:
    op.create_table(
        "pauses",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("min_units", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("probe_at", sa.Double(), nullable=True),
        sa.Column("probe_job", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("provider", "reason", name=op.f("pk_pauses")),
    )


def alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alerts")),
    )


def create() -> None:
    users()
    drafts()
    jobs()
    reconciliations()
    workers()
    inbox()
    pauses()
    alerts()
