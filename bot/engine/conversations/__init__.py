"""Questions to chat models: the memory of a conversation, the prompt made of it, and the tool that offers orders."""
