"""The client of the Bot API: sessions, connections, retries, and what of aiogram others may use."""
