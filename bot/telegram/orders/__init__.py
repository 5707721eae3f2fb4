"""From a prompt to a confirmed order."""
