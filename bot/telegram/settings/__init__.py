"""What a person set once for all orders: presets, usual models and flags, and the pages on which they set it."""
