"""A stand-in for the neuroflash service: blocking generations and edits of its own images, and a shared history."""

from sandbox.kit.spoil import ERROR_DETAIL
from sandbox.neuroflash.faults import CATALOGUE
from sandbox.neuroflash.server import NeuroflashServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroflashServer"]
