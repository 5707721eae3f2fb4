"""Credits that move without an order, and what users are told of that."""
