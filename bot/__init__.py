"""Easel: a Telegram bot that sells generations, paid from a credit ledger."""
