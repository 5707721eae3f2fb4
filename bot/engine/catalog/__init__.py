"""What is on sale now: the catalogue file, what operators changed, and what is paused."""
