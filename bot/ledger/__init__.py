"""The credit ledger: double entry, append-only, its rules kept by the database. All functions take a Connection first
and run inside the caller's transaction, so that money and what it pays for move together or not at all."""

from bot.ledger.accounts import Balance, House, UnknownAccount, all_users, balance, open_account
from bot.ledger.seal import Mark, Proof, open_since, prove_new, seal, unproved_since
from bot.ledger.statement import Entry, of_job, statement
from bot.ledger.transfers import BrokenRule, Same, capture, debit, hold, refund, release, same_before, top_up, welcome
from bot.ledger.verify import Problem, verify

__all__ = [
    "Balance",
    "BrokenRule",
    "Entry",
    "House",
    "Mark",
    "Problem",
    "Proof",
    "Same",
    "UnknownAccount",
    "all_users",
    "balance",
    "capture",
    "debit",
    "hold",
    "of_job",
    "open_account",
    "open_since",
    "prove_new",
    "refund",
    "release",
    "same_before",
    "seal",
    "statement",
    "top_up",
    "unproved_since",
    "verify",
    "welcome",
]
