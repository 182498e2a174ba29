"""How Alembic runs: over the connection that ``service.database`` opened, in its transaction."""

from alembic import context

from service.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite alters a table by rebuilding it.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
