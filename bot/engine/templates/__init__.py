"""Ready-made ideas: read from files, offered as far as they are on sale, filled in, shown by an example or a card."""
