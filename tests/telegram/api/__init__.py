"""Tests of the client of the Bot API."""
