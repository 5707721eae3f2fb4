"""What is in the emulated Telegram: people, groups, topics, messages, files."""
