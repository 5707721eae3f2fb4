"""Alembic's folder inside the package: the schema's history travels with the code."""
