"""Easel: a Telegram bot that sells generations, paid from a credit ledger."""

__version__ = "0.1.0"
