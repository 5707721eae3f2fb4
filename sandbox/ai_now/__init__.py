"""A stand-in for the AI-Now service, strict about what it is asked and able to fail on demand in every way it might."""

from sandbox.ai_now.faults import CATALOGUE
from sandbox.ai_now.server import AiNowServer
from sandbox.kit.spoil import ERROR_DETAIL

__all__ = ["CATALOGUE", "ERROR_DETAIL", "AiNowServer"]
