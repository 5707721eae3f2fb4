"""A stand-in for the NeuroArtist service: jobs that are submitted and polled, or waited for."""

from sandbox.kit.spoil import ERROR_DETAIL
from sandbox.neuroartist.faults import CATALOGUE
from sandbox.neuroartist.server import NeuroArtistServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroArtistServer"]
