"""How the tables came to their form, step by step; Alembic runs the steps that a database lacks."""
