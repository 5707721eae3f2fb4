"""What is on sale, as operators see and change it."""
