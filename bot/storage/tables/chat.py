"""Tables of conversations with chat models. Other modules take them from tables/__init__.py, where all are."""

import sqlalchemy as sa

from bot.storage.tables.base import Serial, Time, metadata

conversations = sa.Table(  # of a person with the chat model, per chat; forgetting deletes the row and its messages
    "conversations",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("started_at", Time, nullable=False),
    sa.Column("updated_at", Time, nullable=False),
)
sa.Index("ix_conversations_updated", conversations.c.updated_at)

messages = sa.Table(  # questions that were answered, and their answers: what the chat model is reminded of
    "messages",
    metadata,
    sa.Column("id", Serial, primary_key=True),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # user | assistant
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),  # estimated, see engine/conversations/memory.py
    sa.Column("created_at", Time, nullable=False),
    sa.UniqueConstraint("job_id", "role"),
    sqlite_autoincrement=True,
)
sa.Index("ix_messages_conversation", messages.c.chat_id, messages.c.user_id, messages.c.id)

waiting = sa.Table(  # what a person wrote while an answer was under way: their next question
    "waiting",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),  # becomes the job's
    sa.Column("thread_id", sa.BigInteger),
    sa.Column("question_id", sa.BigInteger, nullable=False),  # the first message of it
    sa.Column("messages", sa.JSON, nullable=False),  # all of them, so that none is taken twice
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("requester", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

waiting_orders = sa.Table(  # of each person the latest that they could not pay, engine/orders/waiting_orders.py
    "waiting_orders",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("draft_id", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),  # the draft's: that of a group vanishes with its menu
    sa.Column("quote", sa.BigInteger, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("due_at", Time, nullable=False),  # not before
    sa.Column("coming_back", sa.Boolean, nullable=False, server_default=sa.false()),  # a process brings it back
)

asks = sa.Table(  # what a job of the kind `ask` is for, beside what every job says
    "asks",
    metadata,
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),  # chat | improve | hear | describe
    sa.Column("replaces", sa.Text, nullable=False, server_default=""),  # the job whose answer it takes the place of
    sa.Column("draft_id", sa.Text, nullable=False, server_default=""),  # the order whose prompt it improves
    sa.Column("question_id", sa.BigInteger, nullable=False, server_default="0"),  # the message that asked
    sa.Column("free", sa.Boolean, nullable=False, server_default=sa.false()),
)
