"""Tests of conversations with a chat model."""
