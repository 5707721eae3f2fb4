"""People and groups: who they are, what they prefer, who is banned, what newcomers get."""
