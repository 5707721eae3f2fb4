"""Tests of conversations, without a chat."""
