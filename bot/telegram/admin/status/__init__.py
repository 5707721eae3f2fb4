"""The state of things in one message."""
