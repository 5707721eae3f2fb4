"""What a person made and goes on with: the history, results shown again, settings used once more."""
