"""What is sold: models with their options and prices."""
