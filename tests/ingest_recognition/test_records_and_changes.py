"""Files with one row per item, tables of changes, and what cannot be recognised."""

from datetime import timedelta

import duckdb
import pytest
from synthetic_logs import (
    ENGLISH,
    PEOPLE,
    TEAMS,
    Column,
    Happening,
    at,
    history,
    item,
    person,
    status,
    table,
    team,
    written,
)

from millrace.eventlog.schema import Shape
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition import recognise, recognise_changes
from millrace.ingest.recognition.errors import NoActivityColumn, NoInstantColumn, NoItemColumn


def first_rows() -> list[Happening]:
    return [one for one in history() if one.nth == 0]


def when(hours: int, pattern: str = "%d/%m/%Y %H:%M") -> Column:
    return lambda one: (one.at + timedelta(hours=hours)).strftime(pattern)


RECORDS: dict[str, tuple[dict[str, Column], dict[str, str]]] = {
    "English": (
        {
            "Incident ID": item(),
            "Status": lambda _: "Closed",
            "Priority": lambda one: str(one.priority + 1),
            "Open Time": when(0),
            "Reopen Time": lambda one: when(30)(one) if one.item % 9 == 0 else None,
            "Resolved Time": when(40),
            "Close Time": when(90),
            "Target date": when(100),
            "Related Interaction": lambda one: f"SD{one.item:07}",
        },
        {"Opened": "Open Time", "Reopened": "Reopen Time", "Resolved": "Resolved Time", "Closed": "Close Time"},
    ),
    "Dutch": (
        {
            "Meldingnummer": item("M"),
            "Aanmelddatum": when(0, "%d-%m-%Y %H:%M"),
            "Datum gereed": when(8, "%d-%m-%Y %H:%M"),
            "Datum afgemeld": when(30, "%d-%m-%Y %H:%M"),
            "Streefdatum": when(20, "%d-%m-%Y %H:%M"),
        },
        {"Opened": "Aanmelddatum", "Resolved": "Datum gereed", "Closed": "Datum afgemeld"},
    ),
    "German": (
        {"Vorgang": item("V"), "Erstellt am": when(0), "Gelöst am": when(8), "Geschlossen am": when(30)},
        {"Opened": "Erstellt am", "Resolved": "Gelöst am", "Closed": "Geschlossen am"},
    ),
    "Japanese": (
        {"受付番号": item("R"), "受付日時": when(0), "解決日時": when(8), "件名": lambda one: f"件名 {one.item}"},
        {"Opened": "受付日時", "Resolved": "解決日時"},
    ),
    "meaningless names": (
        {"k1": when(90), "k2": item("A"), "k3": when(0), "k4": when(40), "k5": lambda one: TEAMS[one.team]},
        {"Opened": "k3", "Resolved": "k4", "Closed": "k1"},
    ),
}


@pytest.mark.parametrize("language", RECORDS)
def test_one_row_per_item_has_milestones(language: str, engine: duckdb.DuckDBPyConnection) -> None:
    columns, milestones = RECORDS[language]
    mapping = recognise(table(written(columns, first_rows()), engine), engine).mapping
    assert (mapping.shape, mapping.milestones) == (Shape.STATUS_LOG, milestones)
    assert "at" not in mapping.columns
    assert set(milestones) <= set(mapping.times)


def test_milestones_guessed_from_their_order_alone_are_unsure(engine: duckdb.DuckDBPyConnection) -> None:
    columns, _ = RECORDS["meaningless names"]
    assert recognise(table(written(columns, first_rows()), engine), engine).unsure


def test_a_record_keeps_its_present_status_for_the_changes_that_go_with_it(engine: duckdb.DuckDBPyConnection) -> None:
    columns, _ = RECORDS["English"]
    recognition = recognise(table(written(columns, first_rows()), engine), engine)
    assert recognition.present == {"status": "Status"}


FIELDS = ("state", "assignment_group", "assigned_to", "short_description")


def changes_table(
    names: tuple[str, ...], engine: duckdb.DuckDBPyConnection, *, fields: tuple[str, ...] = FIELDS
) -> RawTable:
    """A row per field that changed: item, field, old, new, at, by."""
    rows: list[tuple[str, ...]] = []
    before: dict[tuple[int, str], str] = {}
    for one in history():
        values = (ENGLISH[one.status], TEAMS[one.team], PEOPLE[one.person], f"text {one.item}")
        for name, value in zip(fields, values, strict=True):
            old = before.get((one.item, name))
            if old != value:
                rows.append(
                    (f"INC{one.item:07}", name, old or "", value, one.at.isoformat(sep=" "), PEOPLE[one.person])
                )
                before[one.item, name] = value
    columns: dict[str, list[str | None]] = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return table(columns, engine)


@pytest.mark.parametrize(
    "names",
    [
        ("documentkey", "fieldname", "oldvalue", "newvalue", "sys_created_on", "user"),
        ("key", "field", "from", "to", "created", "author"),
        ("Ticketnummer", "Feld", "Alter Wert", "Neuer Wert", "Geändert am", "Geändert von"),
        ("numéro de ticket", "champ", "ancienne valeur", "nouvelle valeur", "date", "auteur"),
        ("Номер заявки", "Поле", "Старое значение", "Новое значение", "Дата изменения", "Автор"),
    ],
)
def test_a_table_of_changes_is_recognised(
    names: tuple[str, str, str, str, str, str], engine: duckdb.DuckDBPyConnection
) -> None:
    changes = recognise_changes(changes_table(names, engine), engine)
    assert changes is not None
    assert (changes.item, changes.field, changes.old, changes.new, changes.at) == names[:5]
    assert changes.fields == {"status": "state", "team": "assignment_group", "person": "assigned_to"}
    assert changes.time.formats == ("iso",)


def test_changes_with_meaningless_names_are_told_by_their_values(engine: duckdb.DuckDBPyConnection) -> None:
    names = ("c1", "c2", "c3", "c4", "c5", "c6")
    fields = ("Status", "Assigned group", "Assignee", "Priority")
    changes = recognise_changes(changes_table(names, engine, fields=fields), engine)
    assert changes is not None
    assert (changes.item, changes.field, changes.old, changes.new, changes.at) == names[:5]


def test_a_log_is_no_table_of_changes(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written({"Ticket": item(), "Updated": at(), "Status": status(), "Group": team(), "Agent": person})
    assert recognise_changes(table(columns, engine), engine) is None


def test_a_source_without_numbers_of_items_is_refused(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written({"Text": lambda one: f"the printer on floor {one.item} is broken again", "Updated": at()})
    with pytest.raises(NoItemColumn, match=r"export\.csv"):
        recognise(table(columns, engine), engine)


def test_a_source_without_instants_is_refused(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NoInstantColumn, match="“Ticket”"):
        recognise(table(written({"Ticket": item(), "Status": status()}), engine), engine)


def test_a_source_that_never_says_what_happened_is_refused(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written({"Ticket": item(), "Updated": at(), "Cost": lambda one: f"{one.nth * 1.37 + one.item:.2f}"})
    with pytest.raises(NoActivityColumn):
        recognise(table(columns, engine), engine)


def test_a_source_without_rows_is_refused(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NoItemColumn):
        recognise(table({"Ticket": [], "Updated": [], "Status": []}, engine), engine)
