"""What a chat leaves on disk: updates in the inbox, drafts, inline cards, messages that expire."""
