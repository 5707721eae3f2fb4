"""The demo: a whole conversation on the sandbox."""
