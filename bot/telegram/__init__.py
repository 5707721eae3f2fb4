"""The chat: handlers, texts, keyboards and the outbox."""
