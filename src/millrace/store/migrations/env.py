"""Where Alembic finds the connection to bring up to date."""

from typing import Any, Literal

from alembic import context

from millrace.store import governing, improvements, people, pseudonyms, reviews, streams  # noqa: F401 - importing them declares their tables
from millrace.store.tables import Instant, Table


def _name(kind: str, item: Any, needed: Any) -> str | Literal[False]:
    """Write our own type of column by its name alone."""
    if kind == "type" and isinstance(item, Instant):
        needed.imports.add("from millrace.store.tables import Instant")
        return "Instant()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    render_item=_name,
)
with context.begin_transaction():
    context.run_migrations()
