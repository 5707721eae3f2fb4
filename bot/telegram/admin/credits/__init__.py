"""Credits by an operator's hand: top-ups, debits, and answers to requests."""
