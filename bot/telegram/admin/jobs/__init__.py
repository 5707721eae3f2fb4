"""Jobs of everybody: lists, cards, refunds."""
