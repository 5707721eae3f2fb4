"""What a message is about: the part of another one that its writer quoted, of another chat too, or all of that."""

from aiogram.types import Message


def quoted_part(message: Message) -> str:
    """The words that were chosen in the message that this one replies to; "" where it replies to all of it. Of a
    message in another chat Telegram shows that part alone."""
    return message.quote.text if message.quote is not None and message.quote.is_manual else ""


def words_replied_to(message: Message) -> str:
    """The quoted part, else all words of the message that this one replies to."""
    if message.quote is not None:  # of another chat Telegram quotes some words by itself
        return message.quote.text
    replied = message.reply_to_message
    return (replied.text or replied.caption or "") if replied is not None else ""
