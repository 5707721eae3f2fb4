"""The local Telegram in the browser: a page on a loopback port of its own, for people who look and press."""

from sandbox.page.panels import Panel
from sandbox.page.people import furnish
from sandbox.page.server import PageServer

__all__ = ["PageServer", "Panel", "furnish"]
