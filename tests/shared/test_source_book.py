"""Sources as they grow: appended to, replaced, taken away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from millrace.eventlog.changed_items import ChangedItems
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.source_book import FAILED, NoSuchExport, NoSuchSource

Give = Callable[[str], list[tuple[str, Path]]]
HEADER = "number,time,status,team\n"


def item(number: int, *statuses: str, day: int = 1) -> str:
    return "".join(
        f"INC{number},2025-03-{day:02} {8 + hour:02}:00:00,{status},Desk\n" for hour, status in enumerate(statuses)
    )


OLDER = HEADER + "".join(item(n, "New", "In Progress", "Resolved") for n in range(30)) + item(30, "New", "In Progress")
NEWER = HEADER + item(30, "New", "In Progress", "Resolved") + item(31, "New", "In Progress", "Resolved", day=2)


@pytest.fixture
def give(tmp_path: Path) -> Give:
    def laid_down(text: str) -> list[tuple[str, Path]]:
        path = tmp_path / "upload"
        path.write_text(text)
        return [("incidents.csv", path)]

    return laid_down


@pytest.fixture
def key(bench: SharedWorkbench, admin: Actor, give: Give) -> str:
    added = bench.add_source(admin, "Incidents", give(OLDER))
    bench.bring_in_next()
    return added.key


def test_a_source_tells_how_large_it_is(bench: SharedWorkbench, admin: Actor, key: str) -> None:
    found = bench.source(admin, key)
    assert (found.n_items, found.n_events) == (31, 92)
    assert bench.source_changes(admin, key) is None


def test_what_is_appended_updates_items_and_doubles_none(
    bench: SharedWorkbench, admin: Actor, key: str, give: Give
) -> None:
    stream = bench.begin_stream(admin, bench.proposed_stream(admin, key), source=key)
    assert bench.measured(admin, stream.key).lead_time.groups[""].n == 30

    bench.append_to_source(admin, key, give(NEWER))
    bench.bring_in_next()

    found = bench.source(admin, key)
    assert (found.state, found.n_items, found.n_events) == ("ready", 32, 96)
    assert found.exports == (("incidents.csv",), ("incidents.csv",))
    assert bench.source_changes(admin, key) == ChangedItems(n_new=1, n_updated=1, n_unchanged=30, n_gone=0)
    assert bench.measured(admin, stream.key).lead_time.groups[""].n == 32
    remarks = [remark.sentence for remark in bench.inspection(admin, key).readiness.remarks]
    assert any("Told again by a newer export, 2 events" in each for each in remarks)


def test_an_export_is_taken_out_again(bench: SharedWorkbench, admin: Actor, key: str, give: Give) -> None:
    bench.append_to_source(admin, key, give(NEWER))
    bench.bring_in_next()
    bench.take_out_export(admin, key, 2)
    bench.bring_in_next()
    assert bench.source(admin, key).n_items == 31
    with pytest.raises(NoSuchExport, match="only one export"):
        bench.take_out_export(admin, key, 1)


def test_a_newer_export_in_place_of_all_says_what_is_gone(
    bench: SharedWorkbench, admin: Actor, key: str, give: Give
) -> None:
    bench.replace_source(admin, key, give(NEWER))
    bench.bring_in_next()
    assert bench.source_changes(admin, key) == ChangedItems(n_new=1, n_updated=1, n_unchanged=0, n_gone=30)


def test_records_told_again_take_the_place_of_the_whole_item(bench: SharedWorkbench, admin: Actor, give: Give) -> None:
    header = "number,opened_at,resolved_at,closed_at,assignment_group\n"
    rows = [f"INC{n},2025-03-01 08:00,2025-03-01 {9 + n % 9:02}:00,2025-03-03 09:00,Desk\n" for n in range(30)]
    reopened = "INC0,2025-03-01 08:00,2025-03-09 12:00,2025-03-10 09:00,Desk\n"
    records = bench.add_source(admin, "Records", give(header + "".join(rows))).key
    bench.bring_in_next()
    n_events = bench.source(admin, records).n_events

    bench.append_to_source(admin, records, give(header + reopened))
    bench.bring_in_next()

    assert bench.source(admin, records).problem is None
    assert bench.source(admin, records).n_events == n_events
    assert bench.source_changes(admin, records) == ChangedItems(0, 1, 29, 0)


def test_a_further_export_that_does_not_fit_leaves_what_was_there(
    bench: SharedWorkbench, admin: Actor, key: str, give: Give
) -> None:
    bench.append_to_source(admin, key, give("fruit,price\napple,3\npear,4\n"))
    bench.bring_in_next()
    found = bench.source(admin, key)
    assert (found.state, found.is_read) == (FAILED, True)
    assert bench.source_log(admin, key).about.readiness.n_rows_kept == 92


def test_a_source_is_taken_away_and_its_streams_say_so(bench: SharedWorkbench, admin: Actor, key: str) -> None:
    stream = bench.begin_stream(admin, bench.proposed_stream(admin, key), source=key)
    bench.archive_source(admin, key)
    assert bench.sources(admin) == ()
    assert bench.stream(admin, stream.key).source_key is None
    with pytest.raises(NoSuchSource):
        bench.source(admin, key)


def test_a_word_that_stands_for_a_page_is_no_key(bench: SharedWorkbench, admin: Actor, give: Give) -> None:
    assert bench.add_source(admin, "New", give(OLDER)).key == "new-2"


def test_a_fault_in_one_source_leaves_the_others_their_turn(
    bench: SharedWorkbench, admin: Actor, give: Give, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = bench.add_source(admin, "First", give(OLDER)).key
    with monkeypatch.context() as patched:
        patched.setattr("millrace.workbench.shared.source_reading.appended_log", lambda *_, **__: 1 / 0)
        assert bench.bring_in_next()
    assert bench.source(admin, first).state == FAILED
    assert "server’s log" in (bench.source(admin, first).problem or "")
    assert "division by zero" in caplog.text
    second = bench.add_source(admin, "Second", give(OLDER)).key
    bench.bring_in_next()
    assert bench.source(admin, second).state == "ready"
