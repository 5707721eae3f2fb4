"""Ready-made ideas as an album: a page for each, and what is asked to fill one."""
