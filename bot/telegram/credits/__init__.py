"""Credits in the chat: requests for them, and notices of those that came."""
