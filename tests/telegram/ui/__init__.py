"""Tests of what the folders of the chat share: commands, pages, bars."""
