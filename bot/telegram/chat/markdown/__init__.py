"""A model's Markdown as messages that Telegram takes."""
