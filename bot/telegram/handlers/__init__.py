"""What the bot does with each kind of update: one file per group of commands and buttons."""
