"""Tests of orders in the chat, before they are confirmed."""
