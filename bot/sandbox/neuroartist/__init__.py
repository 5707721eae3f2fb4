"""A stand-in for the NeuroArtist service: jobs that are submitted and polled, or waited for."""

from bot.sandbox.kit.spoil import ERROR_DETAIL
from bot.sandbox.neuroartist.faults import CATALOGUE
from bot.sandbox.neuroartist.server import NeuroArtistServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroArtistServer"]
