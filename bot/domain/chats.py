"""What the number of a Telegram chat says."""


def is_private(chat_id: int) -> bool:
    """Telegram's ids of people are positive, those of groups negative: balances show in private chats only."""
    return chat_id > 0
