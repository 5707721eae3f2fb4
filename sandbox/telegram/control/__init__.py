"""What a test turns: limits and sizes, faults, the log of calls."""
