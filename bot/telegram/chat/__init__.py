"""Conversations with a chat model: streamed answers, the memory's commands, proposed orders and better prompts."""
