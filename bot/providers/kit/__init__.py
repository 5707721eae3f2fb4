"""What providers share: HTTP with limits, downloads, polling, guards against hostile addresses and files."""
