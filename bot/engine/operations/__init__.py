"""What operators look after: health, prices, new models, the proof of the books."""
