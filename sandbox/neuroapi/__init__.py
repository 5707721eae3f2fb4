"""A stand-in for the NeuroAPI service: chat completions, whole or streamed, and images, in OpenAI's shapes."""

from sandbox.kit.spoil import ERROR_DETAIL
from sandbox.neuroapi.faults import CATALOGUE
from sandbox.neuroapi.server import NeuroApiServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NeuroApiServer"]
