"""Who uses the bot, and who may not."""
