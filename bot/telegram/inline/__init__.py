"""The bot in chats that it does not know: inline mode, guest mode, and the results that stand there."""
