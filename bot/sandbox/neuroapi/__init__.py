"""A stand-in for the NeuroAPI service: chat completions, whole or streamed, and images, in OpenAI's shapes."""

from bot.sandbox.kit.spoil import ERROR_DETAIL
from bot.sandbox.neuroapi.faults import CATALOGUE
from bot.sandbox.neuroapi.server import NeuroApiServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroApiServer"]
