"""The whole judgement: which column of a source is what, how sure that is, and why."""

from dataclasses import dataclass, field

import duckdb

from millrace.eventlog.schema import EVENT_COLUMNS, Shape
from millrace.ingest.mapping import Guess, Mapping, TimeFormat
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition.columns import Column, Rows, counted_rows, glance, null_words, rows_of_items
from millrace.ingest.recognition.errors import NoActivityColumn, NoItemColumn
from millrace.ingest.recognition.events import Times, event_times
from millrace.ingest.recognition.instant_columns import InstantColumn, instant_columns
from millrace.ingest.recognition.item_column import ItemColumn, item_column
from millrace.ingest.recognition.labels import Labels, choose_labels, label_columns, tells_what_happened
from millrace.ingest.recognition.roles import describing_columns, tie_break_column
from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.within_items import Within, within_items

SURE_ENOUGH_RATIO = 0.5
"""A guess below this is one that a person should look at."""

_TOLD_ELSEWHERE = {"item_id", "at", "started_at", "activity", "status"}
_ESSENTIAL = ("item_id", "at", "started_at", "activity", "status", "shape", "day_first", "milestones")


@dataclass(frozen=True)
class Recognition:
    """A proposed mapping with the guesses that it rests on.

    `present` holds the column of the present status of a source whose rows are items with milestones: it says nothing
    of when that status was set, but counts where a table of changes goes with the records.
    """

    mapping: Mapping
    guesses: tuple[Guess, ...]
    present: dict[str, str] = field(default_factory=dict)

    @property
    def unsure(self) -> tuple[Guess, ...]:
        """The guesses that figures rest on and that are not sure enough; none where the mapping can be trusted."""
        return tuple(
            guess
            for guess in self.guesses
            if guess.about.split(".")[0] in _ESSENTIAL and guess.sureness_ratio < SURE_ENOUGH_RATIO
        )


def recognise(table: RawTable, connection: duckdb.DuckDBPyConnection) -> Recognition:
    """Propose what the columns of `table` mean, from their names and values.

    Raises `NoItemColumn`, `NoInstantColumn` or `NoActivityColumn` where one of these cannot be found.
    """
    columns = glance(table, connection)
    if not columns:
        raise NoItemColumn(table.source_name)
    with counted_rows(table, columns, connection) as rows:
        instants = instant_columns(columns, rows, connection)
        item = item_column(table, columns, instants, rows, connection)
        with rows_of_items(table, columns, item.column, rows, connection) as whole_items:
            return _Source(table, columns, instants, item, whole_items, connection).recognise()


@dataclass(frozen=True)
class _Source:
    table: RawTable
    columns: list[Column]
    instants: dict[int, InstantColumn]
    item: ItemColumn
    rows: Rows
    connection: duckdb.DuckDBPyConnection

    def recognise(self) -> Recognition:
        within = within_items(self.columns, self.item.column, self.rows, self.connection)
        declared = dict(self.table.declared)
        texts = [c for c in self.columns if c.place not in self.instants and c is not self.item.column]
        labels = label_columns(texts, within, self.rows)
        times = event_times(
            self.instants,
            within,
            self.item.column,
            self.rows,
            self.connection,
            declared_at=declared.get("at"),
            has_activity=tells_what_happened(labels),
            source_name=self.table.source_name,
        )
        told = choose_labels(labels, times, self.item.column, self.rows, self.connection, declared=declared)
        if told.shape is Shape.STATUS_LOG:
            times = times.as_states()
        if not times.milestones and told.activity is None and told.status is None:
            raise NoActivityColumn(self.table.source_name, self.item.column.name)
        return self._compose(within, times, told, texts)

    def _compose(self, within: dict[int, Within], times: Times, told: Labels, texts: list[Column]) -> Recognition:
        used = {column.place for column in (told.activity, told.status) if column is not None}
        others, guesses = self._others([c for c in texts if c.place not in used], within, times)
        columns = {"item_id": self.item.column.name}
        formats: dict[str, TimeFormat] = {}
        for name, instants in (("at", times.at), ("started_at", times.started_at)):
            if instants is not None:
                columns[name], formats[name] = instants.column.name, instants.format
        formats |= {label: one.format for label, one in times.milestones}
        if told.activity or told.status:
            columns["activity"] = (told.activity or told.status).name  # type: ignore[union-attr]
        if told.status is not None:
            columns["status"] = told.status.name
        columns |= {name: column.name for name, column in others.items()}
        mapping = Mapping(
            shape=told.shape,
            columns=_in_order(columns),
            times=formats,
            milestones={label: one.column.name for label, one in times.milestones},
            nulls=self._nulls(told, others),
        )
        present = _present_status(texts) if times.milestones else {}
        return Recognition(mapping, (self.item.guess, *times.guesses, *told.guesses, *guesses), present)

    def _others(
        self, texts: list[Column], within: dict[int, Within], times: Times
    ) -> tuple[dict[str, Column], list[Guess]]:
        declared = dict(self.table.declared)
        others = {
            name: column
            for name in declared.keys() - _TOLD_ELSEWHERE
            for column in texts
            if column.name == declared[name]
        }
        guesses = [
            Guess(about=name, answer=column.name, sureness_ratio=1.0, why="the file's format says so")
            for name, column in others.items()
        ]
        free = [column for column in texts if column not in others.values()]
        if times.at is not None:
            found = tie_break_column(free, within, times.at, self.item.column, self.rows, self.connection)
            if found is not None:
                others["tie_break"] = found[0]
                guesses.append(found[1])
                free = [column for column in free if column is not found[0]]
        described, more = describing_columns(free, within, self.rows, with_events=not times.milestones)
        others |= {name: column for name, column in described.items() if name not in others}
        guesses += [guess for guess in more if others.get(guess.about) is described[guess.about]]
        return others, guesses

    def _nulls(self, told: Labels, others: dict[str, Column]) -> tuple[str, ...]:
        """Texts that mean “nothing here” and occur, in the source's spelling."""
        seen = {word for column in self.columns for word in column.nulls} | self._rare_nulls()
        nobodies = {word.lower() for word in phrases(vocabulary("values")["nobodies"])}
        parties = [others[name] for name in ("team", "person") if name in others]
        said = {value.lower() for column in (told.activity, told.status) if column for value in column.distinct_values}
        nobody = {value for column in parties for value in column.distinct_values if value.lower() in nobodies - said}
        return tuple(sorted(seen | nobody))

    def _rare_nulls(self) -> set[str]:
        """Words for nothing that the glance missed."""
        spellings = sorted({way for word in null_words() for way in (word, word.upper(), word.capitalize())})
        listed = ", ".join("'" + word.replace("'", "''") + "'" for word in spellings)
        texts = [column for column in self.columns if not column.is_typed_time]
        if not texts:
            return set()
        many = ", ".join(f"list(DISTINCT {c.cell}) FILTER ({c.cell} IN ({listed}))" for c in texts)
        found = self.connection.execute(f"SELECT {many} FROM {self.rows.relation}").fetchone() or ()
        return {word for words in found for word in words or ()}


def _present_status(columns: list[Column]) -> dict[str, str]:
    named = max(columns, key=lambda column: column.says.strength("status"), default=None)
    return {"status": named.name} if named is not None and named.says.strength("status") >= 0.8 else {}


def _in_order(columns: dict[str, str]) -> dict[str, str]:
    order = [*EVENT_COLUMNS, "tie_break"]
    return {name: columns[name] for name in order if name in columns}
