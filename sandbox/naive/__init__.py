"""A stand-in for the Naive service: jobs for several images, or a video, that are submitted, polled and cancelled."""

from sandbox.kit.spoil import ERROR_DETAIL
from sandbox.naive.faults import CATALOGUE
from sandbox.naive.server import NaiveServer

__all__ = ["CATALOGUE", "ERROR_DETAIL", "NaiveServer"]
