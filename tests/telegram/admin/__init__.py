"""Tests of the operator's side of the chat."""
