"""Orders, questions and cards as a person makes them, and what they ask about their jobs."""
