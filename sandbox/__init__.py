"""A local stand-in for the outside world: Telegram and the generation services, spoken to over the wire only."""
