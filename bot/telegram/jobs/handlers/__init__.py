"""Commands and buttons about jobs and their results."""
