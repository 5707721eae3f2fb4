"""SQLite: one writing connection, several readers, and the lock that keeps a second process out."""
