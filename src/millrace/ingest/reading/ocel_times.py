"""The times of an object-centric log: which of them name their zone, and what the file lets see where they do not."""

from collections.abc import Iterator

from millrace.eventlog.engine import one_row
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.instants import instant
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.reading.ocel_tables import OcelTables

FIRST_HOURS = 14
"""Values that an object has from the beginning are dated to the start of 1970; no zone is farther from UTC."""

_NAMES_ITS_ZONE = "'([zZ]|:[0-9]{2}([.,][0-9]+)?[ ]*[+-][0-9]{2}(:?[0-9]{2})?)[ ]*$'"
_EPOCH = "TIMESTAMP '1970-01-01'"
_N_EXAMPLES = 5


def at_of(column: str, zone: str = "UTC") -> str:
    """The instant in a column of texts, UTC; a value from the beginning, and one without time, stands at 1970."""
    read = instant(column, "VARCHAR", TimeFormat(formats=("iso",), zone=zone))
    is_first = f"abs(epoch({read})) <= {FIRST_HOURS * 3600}"
    return f"CASE WHEN {column} IS NULL OR {is_first} THEN {_EPOCH} ELSE {read} END"


def remarks_on_times(tables: OcelTables) -> Iterator[RowRemark]:
    """Say how many times lack a zone, and by how much they seem to be off UTC."""
    times = f"(SELECT time, row FROM {tables['events']} UNION ALL SELECT time, row FROM {tables['object_values']})"
    named = f"SELECT time, regexp_matches(time, {_NAMES_ITS_ZONE}) AS names_zone FROM {times} WHERE time IS NOT NULL"
    n_times, n_without, examples = one_row(
        tables.connection,
        f"SELECT count(*), count(*) FILTER (NOT names_zone), "
        f"list_sort(min(DISTINCT time, {_N_EXAMPLES}) FILTER (NOT names_zone)) FROM ({named})",
    )
    if not n_without:
        return
    which = (
        f"None of the {n_times:,} times names"
        if n_without == n_times
        else f"{n_without:,} of {n_times:,} times do not name"
    )
    yield RowRemark(
        kind="times_without_zone",
        verdict=Verdict.KEPT,
        n_rows=int(n_without),
        sentence=f"{which} a time zone; they are read as UTC unless the mapping names their zone (`times`, `at`, "
        f"`zone`).{_evidence(tables)}",
        examples=tuple(examples),
    )


def _evidence(tables: OcelTables) -> str:
    """First values lie at 00:00 UTC by the format's own rule: where they do not, the clock of the file was another."""
    seconds = "epoch(TRY_CAST(time AS TIMESTAMP))"
    found = tables.connection.execute(
        f"SELECT {seconds} AS s FROM {tables['object_values']} WHERE abs({seconds}) BETWEEN 1 AND {FIRST_HOURS * 3600} "
        f"AND NOT regexp_matches(time, {_NAMES_ITS_ZONE}) GROUP BY s ORDER BY count(*) DESC, s LIMIT 1"
    ).fetchall()
    if not found:
        return ""
    ahead = float(found[0][0])
    hours, minutes = divmod(round(abs(ahead) / 60), 60)
    told = f"{hours} h" + (f" {minutes} min" if minutes else "")
    side = "ahead of" if ahead > 0 else "behind"
    return (
        f" First values are dated {told} off the start of 1970, where the format puts them at 00:00 UTC: "
        f"the clock of this file stood {told} {side} UTC then."
    )
