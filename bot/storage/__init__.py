"""The database: engine, transactions, tables and migrations; SQLite and PostgreSQL differ here and nowhere else."""
