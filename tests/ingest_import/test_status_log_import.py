from collections.abc import Callable
from pathlib import Path

import pytest
from imported import kinds, remark, rows

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.readiness import Verdict
from millrace.eventlog.schema import Shape
from millrace.ingest.importing import NothingToImport, import_log
from millrace.ingest.mapping import Mapping, StatusMeaning, TimeFormat
from millrace.model.state import State

Bring = Callable[..., EventLog]
PLAIN = {"item_id": "id", "at": "time", "activity": "status", "status": "status"}


def test_a_status_log_comes_in_under_canonical_names(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status,group,colour",
        "A,2024-01-01 10:00:00,New,Desk,red",
        "A,2024-01-01 11:00:00,Closed,Field,blue",
        columns={**PLAIN, "team": "group"},
    )
    assert rows(log, 'item_id, CAST("at" AS VARCHAR), activity, status, team, colour') == [
        ("A", "2024-01-01 10:00:00", "New", "New", "Desk", "red"),
        ("A", "2024-01-01 11:00:00", "Closed", "Closed", "Field", "blue"),
    ]
    assert log.about.columns["team"] == "group"
    assert log.about.attributes == ("colour",)


def test_a_log_opens_again_as_it_was_written(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,2024-01-01,New", columns=PLAIN)
    assert EventLog.open(log.folder) == log


def test_an_attribute_never_shadows_a_canonical_column(bring_in: Bring) -> None:
    log = bring_in("id,time,status,Team", "A,2024-01-01,New,Desk", columns=PLAIN)
    assert log.about.attributes == ("Team (source)",)
    assert not log.has("team")


def test_columns_may_be_left_out(bring_in: Bring) -> None:
    log = bring_in("id,time,status,note", "A,2024-01-01,New,private", columns=PLAIN, leave_out=("note",))
    assert log.about.attributes == ()


def test_rows_without_id_time_or_status_are_refused_and_counted(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status",
        "A,2024-01-01,New",
        ",2024-01-02,New",
        "B,soon,New",
        "B,,New",
        "B,2024-01-03,",
        columns=PLAIN,
    )
    ready = log.about.readiness
    assert (ready.n_rows_read, ready.n_rows_kept, ready.n_rows_refused) == (5, 1, 4)
    assert remark(log, "missing_id").n_rows == 1
    assert remark(log, "unreadable_time").examples == ("line 4: “soon”",)
    assert remark(log, "missing_time").examples == ("line 5: B",)
    assert remark(log, "missing_label").verdict is Verdict.REFUSED


def test_a_junk_status_stays_as_it_is_written_and_sets_nothing(bring_in: Bring) -> None:
    log = bring_in("id,time,status,who", "A,2024-01-01,-100,-100", columns=PLAIN | {"person": "who"}, nulls=("-100",))
    assert rows(log, "status, person") == [("-100", None)]
    assert log.about.event_classes[0].state is None


def test_texts_that_mean_nothing_become_null_whatever_their_case(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status,group,note",
        "A,2024-01-01,New, n/a ,N/A",
        columns=PLAIN | {"team": "group"},
        nulls=("N/A",),
    )
    assert rows(log, "team, note") == [(None, None)]
    assert remark(log, "null_text").examples == ("line 2: group, note",)


def test_invisible_signs_are_taken_out_of_ids(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "IM1,2024-01-01,New", "\u200bIM1\u00a0,2024-01-02,Closed", columns=PLAIN)
    assert rows(log, "item_id") == [("IM1",), ("IM1",)]
    assert remark(log, "mended_id").verdict is Verdict.REPAIRED
    assert log.about.readiness.n_rows_repaired == 1


def test_ids_that_say_nan_are_no_ids(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "NaN,2024-01-01,New", "A,2024-01-01,New", columns=PLAIN)
    assert remark(log, "missing_id").n_rows == 1


def test_emoji_and_right_to_left_text_come_through_whole(bring_in: Bring) -> None:
    family = "👨‍👩‍👧"
    log = bring_in("id,time,status,group", f"תקלה-1,2024-01-01,חדש,{family}", columns=PLAIN | {"team": "group"})
    assert rows(log, "item_id, status, team") == [("תקלה-1", "חדש", family)]


def test_local_times_become_utc_across_daylight_saving(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status",
        "A,2024-03-30 12:00:00,New",
        "A,2024-03-31 12:00:00,Closed",
        columns=PLAIN,
        times={"at": TimeFormat(formats=("iso",), zone="Europe/Berlin")},
    )
    assert rows(log, 'CAST("at" AS VARCHAR)') == [("2024-03-30 11:00:00",), ("2024-03-31 10:00:00",)]
    assert log.about.zone == "Europe/Berlin"


def test_an_offset_wins_over_the_zone(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status",
        "A,2024-07-01T12:00:00Z,New",
        columns=PLAIN,
        times={"at": TimeFormat(formats=("iso",), zone="Asia/Tokyo")},
    )
    assert rows(log, 'CAST("at" AS VARCHAR)') == [("2024-07-01 12:00:00",)]


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("29/2/2024 13:05", ("%d/%m/%Y %H:%M",)),
        ("2/29/24 1:05 PM", ("%m/%d/%y %I:%M %p",)),
        ("1709211900", ("epoch_s",)),
        ("1709211900000", ("epoch_ms",)),
        ("45351.545138889", ("excel",)),
        ("2024-02-29T14:05:00+01:00", ("iso",)),
        ("2024-02-29 13:05:00.000000+0000", ("iso",)),
        ("29 Feb 2024 13:05:00 +0000", ("%d %b %Y %H:%M:%S %z",)),
    ],
)
def test_times_are_read_however_they_are_written(bring_in: Bring, written: str, formats: tuple[str, ...]) -> None:
    log = bring_in("id,time,status", f"A,{written},New", columns=PLAIN, times={"at": TimeFormat(formats=formats)})
    assert rows(log, "CAST(date_trunc('minute', \"at\") AS VARCHAR)") == [("2024-02-29 13:05:00",)]


def test_a_second_way_of_writing_times_is_read_and_remarked(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status",
        "A,01/02/2024 10:00,New",
        "A,2-2-2024 11:00,Closed",
        columns=PLAIN,
        times={"at": TimeFormat(formats=("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M"))},
    )
    assert remark(log, "mixed_time_formats").examples == ("line 3: “2-2-2024 11:00”",)


def test_strange_years_are_kept_with_a_remark(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,1900-01-01,New", "A,2100-06-01,Open", "A,2190-01-01,Closed", columns=PLAIN)
    assert remark(log, "strange_year").n_rows == 2
    assert len(rows(log, "item_id")) == 3


def test_a_time_without_end_is_no_time(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,infinity,New", "A,2024-01-01,New", columns=PLAIN)
    assert remark(log, "unreadable_time").n_rows == 1


def test_equal_times_keep_the_order_of_the_source(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,2024-01-01,New", "A,2024-01-01,Assigned", "A,2024-01-01,Closed", columns=PLAIN)
    assert rows(log, "status") == [("New",), ("Assigned",), ("Closed",)]
    assert remark(log, "equal_times").n_rows == 2


def test_a_source_that_stands_newest_first_is_read_from_below(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,2024-01-02,Closed", "A,2024-01-01,Assigned", "A,2024-01-01,New", columns=PLAIN)
    assert rows(log, "status") == [("New",), ("Assigned",), ("Closed",)]
    assert "newest_first" in kinds(log)


def test_a_tie_break_of_numbers_orders_by_their_size(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status,version",
        "A,2024-01-01,Third,10",
        "A,2024-01-01,Second,9",
        "A,2024-01-01,First,",
        columns=PLAIN | {"tie_break": "version"},
    )
    assert rows(log, "status") == [("First",), ("Second",), ("Third",)]
    assert len(set(rows(log, "position"))) == 3


def test_true_repetitions_are_kept(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,2024-01-01,New", "A,2024-01-01,New", columns=PLAIN)
    assert len(rows(log, "item_id")) == 2
    assert remark(log, "duplicate").verdict is Verdict.KEPT


def test_decimal_commas_become_points(bring_in: Bring) -> None:
    log = bring_in("id;time;status;hours", "A;2024-01-01;New;3871,69", "A;2024-01-02;Closed;12,5", columns=PLAIN)
    assert rows(log, "hours") == [("3871.69",), ("12.5",)]
    assert remark(log, "decimal_commas").n_rows == 2


def test_thousands_are_not_taken_for_decimals(bring_in: Bring) -> None:
    log = bring_in("id;time;status;users", "A;2024-01-01;New;1,234", "A;2024-01-02;Closed;5,678", columns=PLAIN)
    assert rows(log, "users") == [("1,234",), ("5,678",)]


def test_all_items_may_be_of_one_type(bring_in: Bring) -> None:
    log = bring_in("id,time,status", "A,2024-01-01,New", columns=PLAIN, item_type="incident")
    assert rows(log, "item_type") == [("incident",)]


def test_words_for_yes_and_no_become_truths(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status,bot",
        "A,2024-01-01,New,Yes",
        "A,2024-01-02,Open,manual",
        "A,2024-01-03,Open,perhaps",
        columns=PLAIN | {"is_automated": "bot"},
    )
    assert rows(log, "is_automated") == [(True,), (False,), (None,)]
    assert remark(log, "unreadable_cell").examples == ("line 4: bot “perhaps”",)


def test_given_meanings_win(bring_in: Bring) -> None:
    log = bring_in(
        "id,time,status",
        "A,2024-01-01,Parked",
        columns=PLAIN,
        statuses=(StatusMeaning(status="Parked", state=State.DONE),),
    )
    assert log.about.event_classes[0].state is State.DONE
    assert log.about.event_classes[0].is_given


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("id,time,status", ",2024-01-01,New"), "No item id in 1 line"),
        (("id,time,status", "A,never,New", "A,never,New"), "Unreadable time in 2 lines"),
        (("id,time,status", "A,2024-01-01,"), "Neither activity nor status in 1 line"),
    ],
)
def test_a_source_without_one_good_row_is_a_sentence_and_leaves_nothing(
    bring_in: Bring, tmp_path: Path, lines: tuple[str, ...], says: str
) -> None:
    with pytest.raises(NothingToImport, match=says):
        bring_in(*lines, columns=PLAIN)
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"columns": PLAIN | {"team": "grup"}}, "did you mean “group”"),
        ({"columns": {"item_id": "id", "at": "time"}}, "what each event is"),
        ({"columns": {"item_id": "id", "status": "group"}}, "the instant of each event"),
        ({"columns": {"at": "time", "status": "group"}}, "the id of the item"),
        ({"columns": PLAIN, "leave_out": ("tme",)}, "did you mean “time”"),
        (
            {"columns": PLAIN, "times": {"at": {"formats": ["iso"], "zone": "Europe/Berln"}}},
            "did you mean “Europe/Berlin”",
        ),
        ({"columns": PLAIN, "times": {"at": {"formats": ["%Q"]}}}, "“%Q” is no format of times"),
        ({"columns": PLAIN, "times": {"at": {"formats": ["ISO8601"]}}}, "“ISO8601” is no format of times"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told_in_a_sentence(
    source: Callable[..., Path], tmp_path: Path, mapping: dict[str, object], says: str
) -> None:
    path = source("id,time,status,group", "A,2024-01-01,New,Desk")
    with pytest.raises(MillraceError, match=says):
        import_log([path], tmp_path / "log", mapping=Mapping.model_validate({"shape": Shape.STATUS_LOG, **mapping}))
