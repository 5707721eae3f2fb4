"""The jobs of all users: lists, cards, refunds."""
