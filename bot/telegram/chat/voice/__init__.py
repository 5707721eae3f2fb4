"""Voice messages: listened to for a price, shown as words, and then handled as if they had been written."""
