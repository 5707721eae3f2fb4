"""Conversations with a chat model: streamed answers, the memory's commands, wishes and better prompts."""
