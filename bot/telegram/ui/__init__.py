"""What every capability shows its answers with: messages, keyboards, pages, the list of commands."""
