"""What became of the rows: which were refused, repaired or kept with a remark, how many, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.instants import ways_of_reading
from millrace.ingest.raw import ROW
from millrace.ingest.staging import (
    AT_AS_WRITTEN,
    AT_READ,
    ID_AS_WRITTEN,
    START_AS_WRITTEN,
    START_READ,
    UNREAD,
    VOIDED,
    Staged,
    milestone_column,
    time_format,
)

N_EXAMPLES = 5
_NO_LABEL = "coalesce(activity, status) IS NULL"


@dataclass(frozen=True)
class Peculiarity:
    """A claim about a staged row that a person should hear of, and the text that shows it.

    `claim` and `example` are SQL over the staged rows; `{rows}` in the `sentence` stands for their
    number (“12 lines”).
    """

    kind: str
    verdict: Verdict
    claim: str
    example: str
    sentence: str


@dataclass(frozen=True)
class RowCount:
    """How the staged rows fared."""

    remarks: tuple[RowRemark, ...]
    n_refused: int
    n_repaired: int


def counted(n: int, unit: str) -> str:
    """Return “1 line”, “1,234 lines”."""
    return f"{n:,} {unit}" if n == 1 else f"{n:,} {unit}s"


def is_kept(staged: Staged) -> str:
    """Return the claim that a staged row becomes events: none of the `refusals` holds."""
    if staged.mapping.milestones:
        return f"item_id IS NOT NULL AND coalesce({_milestones(staged)}) IS NOT NULL"
    labels = ", ".join(name for name in ("activity", "status") if name in staged.columns)
    return f'item_id IS NOT NULL AND "at" IS NOT NULL AND coalesce({labels}, NULL) IS NOT NULL'


def _milestones(staged: Staged) -> str:
    return ", ".join((*(milestone_column(place) for place in range(len(staged.mapping.milestones))), "NULL"))


def refusals(staged: Staged) -> list[Peculiarity]:
    """Return the reasons to refuse a row; a row has at most one of them."""
    no_id = "item_id IS NULL"
    missing_id = Peculiarity(
        "missing_id",
        Verdict.REFUSED,
        no_id,
        _row_as_text(staged),
        "No item id in {rows}: left out.",
    )
    if staged.mapping.milestones:
        return [missing_id, _no_milestone(staged)]
    return [missing_id, *_without_time(staged), *_without_label(staged)]


def count_rows(staged: Staged, decimal_columns: Sequence[str], connection: duckdb.DuckDBPyConnection) -> RowCount:
    """Read the staged rows once and say what is peculiar about them."""
    looked_for = [*refusals(staged), *_repairs(staged, decimal_columns), *_kept(staged)]
    return count(looked_for, f"({staged.sql})", staged.table.unit, connection)


def count(looked_for: Sequence[Peculiarity], rows: str, unit: str, connection: duckdb.DuckDBPyConnection) -> RowCount:
    """Count each peculiarity among `rows` (a relation with `ROW`) in one pass, with its first examples."""
    refused = _any_of(looked_for, Verdict.REFUSED)
    repaired = f"NOT ({refused}) AND ({_any_of(looked_for, Verdict.REPAIRED)})"
    figures = [f"count(*) FILTER ({refused})", f"count(*) FILTER ({repaired})"]
    for peculiarity in looked_for:
        figures.append(f"count(*) FILTER ({peculiarity.claim})")
        place = f"{{'row': {ROW}, 'text': coalesce({peculiarity.example}, '')}}"
        figures.append(f"min({place}, {N_EXAMPLES}) FILTER ({peculiarity.claim})")
    n_refused, n_repaired, *rest = one_row(connection, f"SELECT {', '.join(figures)} FROM {rows}")
    remarks = (
        _remark(peculiarity, n_rows, places or [], unit)
        for peculiarity, n_rows, places in zip(looked_for, rest[::2], rest[1::2], strict=True)
    )
    return RowCount(tuple(remark for remark in remarks if remark.n_rows), n_refused, n_repaired)


def _remark(peculiarity: Peculiarity, n_rows: int, places: list[dict[str, object]], unit: str) -> RowRemark:
    examples = (
        f"{unit} {place['row']}: {place['text']}" if place["text"] else f"{unit} {place['row']}" for place in places
    )
    return RowRemark(
        kind=peculiarity.kind,
        verdict=peculiarity.verdict,
        n_rows=n_rows,
        sentence=peculiarity.sentence.replace("{rows}", counted(n_rows, unit)),
        examples=tuple(examples),
    )


def _any_of(peculiarities: Sequence[Peculiarity], verdict: Verdict) -> str:
    claims = [f"({peculiarity.claim})" for peculiarity in peculiarities if peculiarity.verdict is verdict]
    return f"coalesce({' OR '.join(claims)}, false)" if claims else "false"


def _row_as_text(staged: Staged) -> str:
    shown = [
        name for name in (AT_AS_WRITTEN, "activity", "status", "team") if name in {*staged.columns, *_written(staged)}
    ]
    return f"concat_ws(', ', {', '.join(shown)})" if shown else "''"


def _written(staged: Staged) -> set[str]:
    return {AT_AS_WRITTEN} if "at" in staged.columns else set()


def _no_milestone(staged: Staged) -> Peculiarity:
    return Peculiarity(
        "missing_time",
        Verdict.REFUSED,
        f"item_id IS NOT NULL AND coalesce({_milestones(staged)}) IS NULL",
        "item_id",
        "No readable time in any of the milestones of {rows}: left out.",
    )


def _without_time(staged: Staged) -> list[Peculiarity]:
    written = AT_AS_WRITTEN if "at" in staged.columns else START_AS_WRITTEN
    return [
        Peculiarity(
            "missing_time",
            Verdict.REFUSED,
            f'item_id IS NOT NULL AND "at" IS NULL AND {written} IS NULL',
            "item_id",
            "No time in {rows}: left out.",
        ),
        Peculiarity(
            "unreadable_time",
            Verdict.REFUSED,
            f'item_id IS NOT NULL AND "at" IS NULL AND {written} IS NOT NULL',
            f"'“' || {written} || '”'",
            "Unreadable time in {rows}: left out. The mapping's `times` say which formats are tried.",
        ),
    ]


def _without_label(staged: Staged) -> list[Peculiarity]:
    labels = [name for name in ("activity", "status") if name in staged.columns]
    if not labels:
        return []
    return [
        Peculiarity(
            "missing_label",
            Verdict.REFUSED,
            f'item_id IS NOT NULL AND "at" IS NOT NULL AND coalesce({", ".join(labels)}, NULL) IS NULL',
            "item_id",
            "Neither activity nor status in {rows}: left out.",
        )
    ]


def _repairs(staged: Staged, decimal_columns: Sequence[str]) -> list[Peculiarity]:
    found = [_mended_id(), _voided(staged.mapping.nulls), *_other_formats(staged), *_starts(staged)]
    if decimal_columns:
        in_any = " OR ".join(f"contains({quoted(name)}, '.')" for name in _attribute_names(staged, decimal_columns))
        found.append(
            Peculiarity(
                "decimal_commas",
                Verdict.REPAIRED,
                in_any,
                f"concat_ws(', ', {', '.join(map(quoted, _attribute_names(staged, decimal_columns)))})",
                f"Decimal commas in {{rows}} ({_listed(decimal_columns)}): read as decimal points.",
            )
        )
    return found


def _attribute_names(staged: Staged, sources: Sequence[str]) -> list[str]:
    return [name for name, source in staged.attributes.items() if source in sources]


def _mended_id() -> Peculiarity:
    return Peculiarity(
        "mended_id",
        Verdict.REPAIRED,
        f"item_id IS NOT NULL AND item_id <> {ID_AS_WRITTEN} AND NOT ends_with({ID_AS_WRITTEN}, '.0')",
        "item_id",
        "Spaces, byte-order marks or invisible signs in the item id of {rows}: taken out.",
    )


def _voided(nulls: Sequence[str]) -> Peculiarity:
    return Peculiarity(
        "null_text",
        Verdict.REPAIRED,
        f"{VOIDED} <> ''",
        VOIDED,
        f"Texts that mean “nothing here” ({_listed(nulls)}) in {{rows}}: read as empty.",
    )


def _unread() -> Peculiarity:
    return Peculiarity(
        "unreadable_cell",
        Verdict.KEPT,
        f"{UNREAD} <> '' AND item_id IS NOT NULL",
        UNREAD,
        "A start, milestone or flag that cannot be read in {rows}: taken as unknown.",
    )


def _other_formats(staged: Staged) -> list[Peculiarity]:
    if "at" not in staged.columns or staged.mapping.milestones:
        return []
    source = staged.columns["at"]
    written = time_format(staged.mapping, "at", source)
    engine_type = next(column.type for column in staged.table.columns if column.name == source)
    if engine_type != "VARCHAR" or len(written.formats) < 2:
        return []
    first = ways_of_reading(AT_AS_WRITTEN, engine_type, written)[0]
    return [
        Peculiarity(
            "mixed_time_formats",
            Verdict.REPAIRED,
            f'"at" IS NOT NULL AND {first} IS NULL',
            f"'“' || {AT_AS_WRITTEN} || '”'",
            "Times in {rows} are written in another way than most: read as well.",
        )
    ]


def _starts(staged: Staged) -> list[Peculiarity]:
    if "started_at" not in staged.columns:
        return []
    return [
        Peculiarity(
            "negative_duration",
            Verdict.REPAIRED,
            f"{START_READ} > {AT_READ}",
            f"{START_AS_WRITTEN} || ' to ' || {AT_AS_WRITTEN}" if "at" in staged.columns else "''",
            "Start after end in {rows}: the start is taken as unknown.",
        ),
        Peculiarity(
            "missing_end",
            Verdict.REPAIRED,
            f"{AT_READ} IS NULL AND {START_READ} IS NOT NULL",
            START_AS_WRITTEN,
            "A start without an end in {rows}: taken as an instant without duration.",
        ),
    ]


def _kept(staged: Staged) -> list[Peculiarity]:
    return [_unread(), *_before_demand(staged)]


def _before_demand(staged: Staged) -> list[Peculiarity]:
    n_milestones = len(staged.mapping.milestones)
    if n_milestones < 2:
        return []
    labels = list(staged.mapping.milestones)
    later = ", ".join(milestone_column(place) for place in range(1, n_milestones))
    return [
        Peculiarity(
            "time_before_demand",
            Verdict.KEPT,
            f"least({later}) < {milestone_column(0)}",
            "item_id",
            f"A milestone before “{labels[0]}” in {{rows}}: kept as it is written.",
        )
    ]


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(f"“{text}”" for text in texts[:6])
    return shown if len(texts) <= 6 else f"{shown} and {len(texts) - 6} more"
