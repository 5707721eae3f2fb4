"""Ways through the network that the chat and the providers share."""
