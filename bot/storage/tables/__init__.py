"""The tables. Money rules that must hold under any concurrency live in triggers and constraints (migrations), not here.

Times are Unix seconds (double precision) by the database's clock; amounts are micro-credits.
"""

import sqlalchemy as sa

from bot.storage.tables.base import Serial, Time, metadata
from bot.storage.tables.chat import asks, conversations, messages, waiting, waiting_orders
from bot.storage.tables.market import listings, market, shelf, switches, template_examples

__all__ = [
    "accounts",
    "alerts",
    "asks",
    "bans",
    "blobs",
    "conversations",
    "drafts",
    "fleeting",
    "forgotten",
    "groups",
    "inbox",
    "jobs",
    "listings",
    "market",
    "messages",
    "metadata",
    "notices",
    "own_results",
    "pauses",
    "reconciliations",
    "sealed_balances",
    "seals",
    "shelf",
    "switches",
    "template_examples",
    "transfer_notes",
    "transfers",
    "users",
    "waiting",
    "waiting_orders",
    "workers",
]

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", Serial, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # user | house
    sa.Column("credits_posted", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("debits_posted", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("debits_pending", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_seq", sa.BigInteger, nullable=False, server_default="0"),  # the transfer that moved it last
    sa.CheckConstraint("(kind = 'user' AND id > 0) OR (kind = 'house' AND id < 0)", name="kind"),
    sa.CheckConstraint("credits_posted >= 0 AND debits_posted >= 0 AND debits_pending >= 0", name="not_negative"),
    sa.CheckConstraint("kind = 'house' OR debits_posted + debits_pending <= credits_posted", name="no_overdraft"),
    sqlite_autoincrement=True,  # ids start at 1 although the house's are negative, and none is ever used again
)

transfers = sa.Table(
    "transfers",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),  # the idempotency key: hold:<job>, topup:<draft> …
    sa.Column("kind", sa.Text, nullable=False),  # hold capture release refund top_up debit welcome
    sa.Column("pending_id", sa.Text, sa.ForeignKey("transfers.id"), unique=True),  # capture, release: the hold
    sa.Column("reverses_id", sa.Text, sa.ForeignKey("transfers.id"), unique=True),  # refund: the capture
    sa.Column("debit", sa.BigInteger, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("credit", sa.BigInteger, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("job_id", sa.Text),
    sa.Column("actor", sa.BigInteger, sa.ForeignKey("accounts.id")),  # who moved it; NULL: Easel itself
    sa.Column("created_at", Time, nullable=False),
    sa.CheckConstraint("kind IN ('hold','capture','release','refund','top_up','debit','welcome')", name="kind"),
    sa.CheckConstraint("debit <> credit", name="two_accounts"),
    sa.CheckConstraint("(kind IN ('capture','release')) = (pending_id IS NOT NULL)", name="resolves"),
    sa.CheckConstraint("(kind = 'refund') = (reverses_id IS NOT NULL)", name="reverses"),
    sa.CheckConstraint("(kind IN ('hold','capture','release','refund')) = (job_id IS NOT NULL)", name="job"),
    sa.CheckConstraint("amount >= 0 AND (kind = 'capture' OR (kind = 'release') = (amount = 0))", name="amount"),
    sa.CheckConstraint(  # house accounts: -1 revenue, -2 issued, -3 promotions (bot/ledger)
        "CASE kind WHEN 'top_up' THEN debit = -2 AND credit > 0 WHEN 'debit' THEN debit > 0 AND credit = -2"
        " WHEN 'welcome' THEN debit = -3 AND credit > 0 WHEN 'refund' THEN debit = -1 AND credit > 0"
        " ELSE debit > 0 AND credit = -1 END",
        name="direction",
    ),
    sa.CheckConstraint("job_id IS NULL OR id = kind || ':' || job_id", name="key"),
    sqlite_autoincrement=True,
)
# For statements, which fold a capture or release into its hold. Keys are made of job ids: no index by job is needed.
_spent = sa.text("kind IN ('hold','debit')")
sa.Index("ix_transfers_debit", transfers.c.debit, transfers.c.seq, sqlite_where=_spent, postgresql_where=_spent)
_given = sa.text("kind IN ('top_up','welcome','refund')")
sa.Index("ix_transfers_credit", transfers.c.credit, transfers.c.seq, sqlite_where=_given, postgresql_where=_given)

_welcomes = sa.text("kind = 'welcome'")
sa.Index("ix_transfers_welcome", transfers.c.created_at, sqlite_where=_welcomes, postgresql_where=_welcomes)

seals = sa.Table(  # up to which transfers the books were proved, ledger/seal.py
    "seals",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),  # the last transfer under it
    sa.Column("digest", sa.Text, nullable=False),  # of the transfers above the seal before
    sa.Column("sealed_at", Time, nullable=False),
)

sealed_balances = sa.Table(  # of each account that ever moved, as of the last seal
    "sealed_balances",
    metadata,
    sa.Column("account_id", sa.BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    sa.Column("credits_posted", sa.BigInteger, nullable=False),
    sa.Column("debits_posted", sa.BigInteger, nullable=False),
    sa.Column("debits_pending", sa.BigInteger, nullable=False),
)

transfer_notes = sa.Table(  # erasable: a person can be forgotten and the books stay
    "transfer_notes",
    metadata,
    sa.Column("transfer_id", sa.Text, sa.ForeignKey("transfers.id"), primary_key=True),
    sa.Column("note", sa.Text, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # Telegram's id
    sa.Column("account_id", sa.BigInteger, sa.ForeignKey("accounts.id"), nullable=False, unique=True),
    sa.Column("username", sa.Text),  # as written by Telegram, without @
    sa.Column("username_key", sa.Text, unique=True),  # lower case; moves to the user seen under it last
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.Text),  # chosen; NULL: follow language_code
    sa.Column("language_code", sa.Text, nullable=False, server_default=""),
    sa.Column("preferences", sa.JSON, nullable=False, server_default="{}"),  # engine/accounts/preferences.py
    sa.Column("created_at", Time, nullable=False),
    sa.Column("seen_at", Time, nullable=False),
)
sa.Index("ix_users_created", users.c.created_at)

drafts = sa.Table(  # orders and admin moves that wait for a person's confirmation
    "drafts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),  # order | top_up | debit | refund …
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger),
    sa.Column("message_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("ephemeral_id", sa.BigInteger, nullable=False, server_default="0"),  # only its owner sees it
    sa.Column("reply_to", sa.BigInteger, nullable=False, server_default="0"),  # the message that asked for it
    sa.Column(
        "inline_id", sa.Text, nullable=False, server_default=""
    ),  # of a message whose chat Telegram does not tell
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("quote", sa.BigInteger),
    sa.Column("quoted_at", Time),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
)
sa.Index("ix_drafts_expires", drafts.c.expires_at)
_inline = sa.text("inline_id <> ''")
sa.Index("ix_drafts_inline", drafts.c.inline_id, sqlite_where=_inline, postgresql_where=_inline)
_offered = sa.text("purpose = 'inline'")  # engine/dialogs/inline_cards.py
_newest = (drafts.c.user_id, drafts.c.created_at)
sa.Index("ix_drafts_offered", *_newest, sqlite_where=_offered, postgresql_where=_offered)

fleeting = sa.Table(  # messages in groups that vanish by themselves, engine/dialogs/expiring_messages.py
    "fleeting",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("receiver_id", sa.BigInteger, primary_key=True, autoincrement=False),  # who sees it; 0: every member
    sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),  # ephemeral where there's a receiver
    sa.Column("draft_id", sa.Text, nullable=False, server_default=""),  # vanishes with it; "": with nothing
    sa.Column("due_at", Time, nullable=False),
)
sa.Index("ix_fleeting_due", fleeting.c.due_at)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.BigInteger, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("quote", sa.BigInteger, nullable=False),
    sa.Column("ordered", sa.Integer, nullable=False, server_default="1"),  # results that the quote is for
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger),
    sa.Column("message_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column(
        "inline_id", sa.Text, nullable=False, server_default=""
    ),  # of a message whose chat Telegram does not tell
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("turn", sa.BigInteger, nullable=False),  # fair order in the queue, see engine/jobs/store.py
    sa.Column("owner", sa.Text),  # worker process; NULL: free to claim
    sa.Column(
        "epoch", sa.BigInteger, nullable=False, server_default="0"
    ),  # fencing token, grows with every change of owner
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),  # how often the provider may have been called
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),  # failed deliveries and sends, for the backoff
    sa.Column("next_at", Time, nullable=False),  # not before
    sa.Column("created_at", Time, nullable=False),
    sa.Column("submitted_at", Time),
    sa.Column("deadline", Time),
    sa.Column("delivering_at", Time),
    sa.Column("finished_at", Time),
    sa.Column("upstream_ref", sa.Text),
    sa.Column("assets", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("cost", sa.Text),  # actual upstream cost, a decimal in the provider's unit
    sa.Column("delivered", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("charged", sa.BigInteger),
    sa.Column("refunded", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("cause", sa.Text),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "costly_end", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # ended after the operator paid upstream
    sa.Column("notice_due", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("ready_sent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("inputs", sa.JSON, nullable=False, server_default="[]"),  # pictures that the order works on
    sa.Column("facts", sa.JSON, nullable=False, server_default="{}"),  # what the provider told beside the result
    sa.Column("stopping", sa.Boolean, nullable=False, server_default=sa.false()),  # end the answer with what is there
    sa.Column("requester", sa.Text, nullable=False, server_default=""),  # the payer's name, where others read it
    sa.Column("favourite", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint(
        "state IN ('queued','submitting','running','delivering','done','failed','cancelled')", name="state"
    ),
)
sa.Index(
    "ix_jobs_queue",
    jobs.c.provider,
    jobs.c.turn,
    jobs.c.created_at,
    sqlite_where=sa.text("state = 'queued'"),
    postgresql_where=sa.text("state = 'queued'"),
)
_due = sa.text("owner IS NULL AND (notice_due OR state IN ('submitting','running','delivering'))")
sa.Index("ix_jobs_due", jobs.c.next_at, sqlite_where=_due, postgresql_where=_due)
_owned = sa.text("owner IS NOT NULL")
sa.Index("ix_jobs_owner", jobs.c.owner, sqlite_where=_owned, postgresql_where=_owned)
_unfinished = sa.text("state IN ('queued','submitting','running','delivering')")
sa.Index("ix_jobs_live", jobs.c.account_id, sqlite_where=_unfinished, postgresql_where=_unfinished)
sa.Index("ix_jobs_account", jobs.c.account_id, jobs.c.created_at)
sa.Index("ix_jobs_finished", jobs.c.model, jobs.c.state, jobs.c.finished_at)
sa.Index("ix_jobs_created", jobs.c.created_at)
sa.Index("ix_jobs_inline", jobs.c.inline_id, sqlite_where=_inline, postgresql_where=_inline)
_ended = sa.text("finished_at IS NOT NULL")
sa.Index("ix_jobs_ended", jobs.c.provider, jobs.c.finished_at, sqlite_where=_ended, postgresql_where=_ended)

_costly = sa.text("costly_end")  # engine/jobs/costly_ends.py
sa.Index("ix_jobs_costly", jobs.c.account_id, jobs.c.finished_at, sqlite_where=_costly, postgresql_where=_costly)

_said = sa.text("kind = 'ask' AND message_id <> 0")  # which answer stands in a message of a chat
sa.Index("ix_jobs_said", jobs.c.chat_id, jobs.c.message_id, sqlite_where=_said, postgresql_where=_said)

_shown = sa.text("state = 'done' AND kind <> 'ask' AND CAST(delivered AS TEXT) <> '[]'")  # storage/job_rows.py
_history = (jobs.c.account_id, jobs.c.created_at, jobs.c.id, jobs.c.kind, jobs.c.favourite)
sa.Index("ix_jobs_history", *_history, sqlite_where=_shown, postgresql_where=_shown)

reconciliations = sa.Table(  # submits whose answer stayed unknown: the operator compares them with the upstream bill
    "reconciliations",
    metadata,
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

workers = sa.Table(  # one heartbeat row per process
    "workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lease_until", Time, nullable=False),
)

inbox = sa.Table(  # updates between Telegram's delivery and our handling
    "inbox",
    metadata,
    sa.Column("bot_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # how often handling began
    sa.Column("received_at", Time, nullable=False),
    sa.Column("handled_at", Time),  # kept a while after: a redelivery finds it
    sa.Column("failed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("person", sa.BigInteger, nullable=False, server_default="0"),  # who sent it; 0: it names no person
    sa.Column("urgency", sa.SmallInteger, nullable=False, server_default="0"),  # engine/dialogs/inbox_turns.py
)
_unclaimed = sa.text("handled_at IS NULL AND owner IS NULL")
_by_turn = (inbox.c.urgency, inbox.c.received_at)
sa.Index("ix_inbox_unclaimed", *_by_turn, sqlite_where=_unclaimed, postgresql_where=_unclaimed)
_in_hand = sa.text("handled_at IS NULL AND owner IS NOT NULL")
sa.Index("ix_inbox_in_hand", inbox.c.person, sqlite_where=_in_hand, postgresql_where=_in_hand)
sa.Index("ix_inbox_handled", inbox.c.handled_at)

pauses = sa.Table(  # models off sale after an operator fault
    "pauses",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, primary_key=True),  # engine/catalog/pauses.py: bad_key …, unknown_model:<slug>
    sa.Column("min_units", sa.Text, nullable=False),  # a decimal: models costing at least this are off sale
    sa.Column("since", Time, nullable=False),
    sa.Column("probe_at", Time),  # from then on one order is let through; NULL: no probing (bad_key waits for a ping)
    sa.Column("probe_job", sa.Text),  # the order that was let through
    sa.Column("wait", Time),  # seconds to the probe, doubled after one that failed; NULL: they do not double
)

alerts = sa.Table(  # when something was last said that may be said only once in a while
    "alerts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("last_at", Time, nullable=False),
)

blobs = sa.Table(  # bytes put aside: pictures that orders work on, results that came without an address
    "blobs",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("mime", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
)
sa.Index("ix_blobs_expires", blobs.c.expires_at)

own_results = sa.Table(  # results that a provider keeps under a name: each belongs to one job
    "own_results",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("own", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)
sa.Index("ix_own_results_job", own_results.c.job_id)

groups = sa.Table(  # what admins of a group decided there, and how the bot is in it
    "groups",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("settings", sa.JSON, nullable=False, server_default="{}"),  # engine/accounts/groups.py
    sa.Column("presence", sa.Text, nullable=False, server_default="member"),  # member | admin | muted | gone
    sa.Column("moved_to", sa.BigInteger),  # the supergroup that it became
    sa.Column("updated_at", Time, nullable=False),
)

bans = sa.Table(  # people who may not use the bot
    "bans",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),  # Telegram's id
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("actor", sa.BigInteger, nullable=False),  # account of the admin
    sa.Column("created_at", Time, nullable=False),
)
sa.Index("ix_bans_created", bans.c.created_at)

notices = sa.Table(  # credits given on the command line, of which their users were not told yet
    "notices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # the top-up's
    sa.Column("user_id", sa.BigInteger, nullable=False),  # Telegram's id
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("due_at", Time, nullable=False),
)
sa.Index("ix_notices_due", notices.c.due_at)

forgotten = sa.Table(  # people who had everything erased: they get no welcome credits again
    "forgotten",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),  # keyed hash of Telegram's id, engine/accounts/welcome_credits.py
    sa.Column("since", Time, nullable=False),
)
