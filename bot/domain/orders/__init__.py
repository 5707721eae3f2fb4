"""What a person asks for: flags, input pictures, values that were typed, and defaults of their own."""
