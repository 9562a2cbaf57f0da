"""Links between the records of a log: which record leads to which other one, and how they are related.

A log of several record types holds `links.parquet` beside its events, and names its types in
`LogDescription.record_types`. Its items are records: `item_type` names the type, `key` the number that people know,
and `item_id` is both (`record_id`), so that equal numbers of two types stay apart.
"""

from millrace.eventlog.engine import text

LINKS_FILE = "links.parquet"

LINK_COLUMNS: dict[str, str] = {
    "from_item": "VARCHAR",
    "to_item": "VARCHAR",
    "from_type": "VARCHAR",
    "to_type": "VARCHAR",
    "relation": "VARCHAR",
    "row": "BIGINT",
}
"""Column → engine type. `from_item` and `to_item` are item ids of the log, both of which have events; `relation` is
what the source calls the link; `row` is the row of the source that states it first. No link stands twice."""


def record_id(item_type: str, key: str) -> str:
    """The item id of the record that people know as `key` among those of its type."""
    return f"{item_type}:{key}"


def record_id_sql(item_type: str, key: str) -> str:
    """`record_id` as an expression of the engine; `key` is an expression, `item_type` a text."""
    return f"({text(f'{item_type}:')} || {key})"
