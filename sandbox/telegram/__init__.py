"""A local Telegram: the Bot API over HTTP on one side, routes to act as people in chats on the other."""

from sandbox.telegram.control.config import Config, Limits
from sandbox.telegram.server import TelegramServer

__all__ = ["Config", "Limits", "TelegramServer"]
