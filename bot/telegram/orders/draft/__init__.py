"""The order in the making, as plain values: what is decided, what is still asked."""
