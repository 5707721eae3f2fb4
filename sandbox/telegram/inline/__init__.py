"""Inline and guest queries, and what their results become."""
