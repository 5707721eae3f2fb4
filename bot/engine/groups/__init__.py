"""Groups: what their admins set, and what happens when one becomes a supergroup."""
