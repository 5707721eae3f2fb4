"""The bot's own web server: webhook, health and metrics."""
