"""What is sent to Telegram, in which order and how fast."""
