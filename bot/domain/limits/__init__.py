"""What is refused before it costs anything: words, rates, and the rules of a group."""
