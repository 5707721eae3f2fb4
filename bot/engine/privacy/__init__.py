"""A person's own data: the export of it, and its erasure."""
