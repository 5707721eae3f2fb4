"""The way of an update: taken in, sorted, stored, and handed to its handler."""
