"""Tests of the local stand-ins for Telegram and the generation services."""
