from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from imported import kinds, remark, rows

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.ingest.importing import import_log
from millrace.ingest.mapping import ChangesMapping, Mapping

RECORDS = ("number,opened,state,group,who,priority,subject", "A,2024-01-01 08:00,Closed,Field,Eva,P2,Printer")
CHANGES = (
    "number,field,old,new,at,by",
    "A,state,New,Assigned,2024-01-01 09:00,Ann",
    "A,assignment_group,Desk,Field,2024-01-01 09:00,Ann",
    "A,state,Assigned,Closed,2024-01-02 09:00,Bob",
)
FOLLOWED = {"status": "State", "team": "assignment_group", "person": "assigned_to", "priority": "priority"}
RECORD_COLUMNS = {
    "item_id": "number",
    "at": "opened",
    "status": "state",
    "team": "group",
    "person": "who",
    "priority": "priority",
}


@pytest.fixture
def rebuilt(source: Callable[..., Path], tmp_path: Path) -> Callable[..., EventLog]:
    """Import records and changes, or changes alone."""

    def bring(records: tuple[str, ...] | None, changes: tuple[str, ...], fields: dict[str, str] = FOLLOWED) -> EventLog:
        named = {line.split(",")[1].lower() for line in changes[1:]}
        followed = ChangesMapping(
            item="number",
            field="field",
            old="old",
            new="new",
            at="at",
            by="by",
            fields={meaning: field for meaning, field in fields.items() if field.lower() in named},
        )
        columns = RECORD_COLUMNS if records else {}
        mapping = Mapping(shape=Shape.STATUS_LOG, columns=columns, changes=followed)
        paths = [source(*changes, name="changes.csv")]
        if records:
            paths.insert(0, source(*records, name="records.csv"))
        return import_log(paths, tmp_path / "log", mapping=mapping)

    return bring


def states(log: EventLog, columns: str = "status, team") -> list[tuple[Any, ...]]:
    return rows(log, f"strftime(\"at\", '%d %H:%M'), {columns}")


Rebuilt = Callable[..., EventLog]


def test_an_item_begins_with_what_its_fields_held_before_they_changed(rebuilt: Rebuilt) -> None:
    assert states(rebuilt(RECORDS, CHANGES)) == [
        ("01 08:00", "New", "Desk"),
        ("01 09:00", "Assigned", "Field"),
        ("02 09:00", "Closed", "Field"),
    ]


def test_a_field_that_never_changed_holds_what_the_record_says(rebuilt: Rebuilt) -> None:
    log = rebuilt(RECORDS, CHANGES)
    assert set(rows(log, "person, priority, subject")) == {("Eva", "P2", "Printer")}
    assert rows(log, "changed_by") == [(None,), ("Ann",), ("Bob",)]


def test_a_field_that_is_emptied_is_empty_from_then_on(rebuilt: Rebuilt) -> None:
    changes = (*CHANGES, "A,assignment_group,Field,,2024-01-03 09:00,Bob")
    assert states(rebuilt(RECORDS, changes))[-1] == ("03 09:00", "Closed", None)


def test_two_changes_of_a_field_in_one_instant_are_two_events(rebuilt: Rebuilt) -> None:
    changes = (
        CHANGES[0],
        "A,state,New,Assigned,2024-01-01 09:00,Ann",
        "A,state,Assigned,In Progress,2024-01-01 09:00,Ann",
    )
    assert [status for _, status, _ in states(rebuilt(RECORDS, changes))] == ["New", "Assigned", "In Progress"]


def test_changes_that_stand_newest_first_are_read_from_below(rebuilt: Rebuilt) -> None:
    changes = (
        CHANGES[0],
        "A,state,In Progress,Closed,2024-01-02 09:00,Ann",
        "A,state,Assigned,In Progress,2024-01-01 09:00,Ann",
        "A,state,New,Assigned,2024-01-01 09:00,Ann",
    )
    assert [status for _, status, _ in states(rebuilt(RECORDS, changes))] == [
        "New",
        "Assigned",
        "In Progress",
        "Closed",
    ]


def test_creation_told_as_a_change_is_one_event(rebuilt: Rebuilt) -> None:
    changes = (
        CHANGES[0],
        "A,state,,New,2024-01-01 08:00,Ann",
        "A,state,New,Closed,2024-01-02 09:00,Bob",
    )
    assert [status for _, status, _ in states(rebuilt(RECORDS, changes))] == ["New", "Closed"]


def test_an_item_changed_before_it_was_created_begins_with_the_change(rebuilt: Rebuilt) -> None:
    changes = (CHANGES[0], "A,state,New,Assigned,2023-12-31 09:00,Ann")
    log = rebuilt(RECORDS, changes)
    assert states(log)[0] == ("31 09:00", "New", "Field")
    assert remark(log, "time_before_demand").n_rows == 1


def test_changes_of_items_without_a_record_are_counted(rebuilt: Rebuilt) -> None:
    log = rebuilt(RECORDS, (*CHANGES, "B,state,New,Closed,2024-01-02 09:00,Ann"))
    assert remark(log, "dangling_change").examples == ("line 5: B",)
    assert {item for (item,) in rows(log, "item_id")} == {"A"}
    ready = log.about.readiness
    assert ready.n_rows_read == ready.n_rows_kept + ready.n_rows_refused


def test_records_without_changes_are_counted_and_keep_their_status(rebuilt: Rebuilt) -> None:
    log = rebuilt((*RECORDS, "B,2024-01-05 08:00,New,Desk,,P3,Mouse"), CHANGES)
    assert remark(log, "record_without_changes").n_rows == 1
    assert states(log)[-1] == ("05 08:00", "New", "Desk")


def test_milestones_tell_the_course_of_records_without_changes(source: Callable[..., Path], tmp_path: Path) -> None:
    followed = ChangesMapping(item="number", field="field", old="old", new="new", at="at", fields={"status": "state"})
    mapping = Mapping(
        shape=Shape.STATUS_LOG,
        columns={"item_id": "number", "status": "state"},
        milestones={"Opened": "opened", "Closed": "closed"},
        changes=followed,
    )
    records = source(
        "number,opened,closed,state",
        "A,2024-01-01 08:00,2024-01-02 09:00,Closed",
        "B,2024-01-05 08:00,2024-01-06 08:00,Closed",
        name="records.csv",
    )
    log = import_log([records, source(*CHANGES, name="changes.csv")], tmp_path / "log", mapping=mapping)
    assert rows(log, "item_id, status") == [
        ("A", "New"),
        ("A", "Assigned"),
        ("A", "Closed"),
        ("B", "Opened"),
        ("B", "Closed"),
    ]
    assert "milestones" in remark(log, "record_without_changes").sentence


def test_fields_that_nobody_follows_are_left_aside_and_counted(rebuilt: Rebuilt) -> None:
    log = rebuilt(RECORDS, (*CHANGES, "A,description,old,new,2024-02-01 09:00,Ann"))
    assert remark(log, "untracked_field").examples == ("line 5: description",)
    assert len(rows(log, "item_id")) == 3


def test_a_record_that_disagrees_with_its_last_change_is_told(rebuilt: Rebuilt) -> None:
    log = rebuilt((RECORDS[0], RECORDS[1].replace("Closed", "Open")), CHANGES)
    assert remark(log, "record_disagrees").examples == ("line 2: A: Open, last change to Closed",)


def test_changes_alone_begin_with_the_first_change(rebuilt: Rebuilt) -> None:
    log = rebuilt(None, CHANGES)
    assert states(log) == [("01 09:00", "Assigned", "Field"), ("02 09:00", "Closed", "Field")]
    assert not kinds(log) & {"record_without_changes", "dangling_change"}


def test_a_field_that_no_change_names_is_a_sentence(source: Callable[..., Path], tmp_path: Path) -> None:
    followed = ChangesMapping(item="number", field="field", new="new", at="at", fields={"status": "stat"})
    mapping = Mapping(shape=Shape.STATUS_LOG, columns={}, changes=followed)
    with pytest.raises(MillraceError, match="did you mean “state”"):
        import_log([source(*CHANGES)], tmp_path / "log", mapping=mapping)


def test_records_and_changes_are_told_apart_without_a_mapping(source: Callable[..., Path], tmp_path: Path) -> None:
    records = ["number,opened_at,state,assignment_group,priority"]
    changes = ["documentkey,fieldname,oldvalue,newvalue,sys_created_on,user"]
    for day in range(1, 21):
        records.append(f"INC{day:04},2024-01-{day:02} 08:00:00,Closed,Field,3 - Moderate")
        changes.append(f"INC{day:04},state,New,In Progress,2024-01-{day:02} 09:00:00,ann")
        changes.append(f"INC{day:04},assignment_group,Desk,Field,2024-01-{day:02} 09:30:00,ann")
        changes.append(f"INC{day:04},state,In Progress,Closed,2024-01-{day:02} 10:00:00,bob")
    paths = [source(*changes, name="changes.csv"), source(*records, name="records.csv")]
    log = import_log(paths, tmp_path / "log")
    assert [status for item, status in rows(log, "item_id, status") if item == "INC0001"] == [
        "New",
        "In Progress",
        "In Progress",
        "Closed",
    ]
    assert rows(log, "team")[:3] == [("Desk",), ("Desk",), ("Field",)]
