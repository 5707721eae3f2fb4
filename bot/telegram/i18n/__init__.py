"""Texts in the person's language: Fluent files, amounts and numbers, and the check of their HTML."""
