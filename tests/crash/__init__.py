"""Kills the bot at every step of an order, starts it again, and looks whether anybody was cheated."""
