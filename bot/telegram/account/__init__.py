"""A person's own account: start, balance, help, the law, their data."""
