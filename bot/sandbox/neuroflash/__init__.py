"""A stand-in for the neuroflash service: blocking generations and edits of its own images, and a shared history."""

from bot.sandbox.kit.spoil import ERROR_DETAIL
from bot.sandbox.neuroflash.faults import CATALOGUE
from bot.sandbox.neuroflash.server import NeuroflashServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroflashServer"]
