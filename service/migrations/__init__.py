"""The versions of the tables, one file each, applied by Alembic when a database is opened for writing."""
