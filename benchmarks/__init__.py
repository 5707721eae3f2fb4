"""Measurements: each module prints its section as Markdown."""
