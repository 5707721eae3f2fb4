"""Jobs in the chat: their lists, their buttons, and what their message becomes."""
