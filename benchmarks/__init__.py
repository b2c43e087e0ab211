"""How fast a large hospital's pages answer, on SQLite and on PostgreSQL: `python -m benchmarks`."""
