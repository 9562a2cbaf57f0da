"""People of the logs: numbers in the place of names, no figures of groups that are too small."""

import re
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from millrace.diagnose.findings.finding import Certainty, Finding, Findings, Place, Stake
from millrace.flow.item_list import ItemMeasure
from millrace.flow.selection import Selection
from millrace.flow.small_groups import ColumnWithheld, GroupTooSmall, small_groups_together
from millrace.flow.team_time import team_time
from millrace.flow.time_in import TimeBy, TimeIn
from millrace.model.absent import Absent
from millrace.model.state import Side
from millrace.model.workspace_settings import NamedTeam, Persons, Privacy, Teams
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.privacy import told_findings
from millrace.workbench.shared.settings import SettingChangedMeanwhile
from millrace.workbench.shared.source_reading import SourceNotReady

DESK = ("Jane Doe", "Ben Okri", "Caro Ruiz", "Dirk Moll", "Eva Lund", "Finn Hay")
NETWORK = ("Greta Moe", "Hans Pohl")
LOG = "number,time,status,assignment group,assigned to,caller id,opened_by,short description\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status},{team},{people[n % len(people)]},"
    f"Caller {n % 9},{DESK[n % 6]},Printer {n}\n"
    for n in range(40)
    for hour, status, team, people in (
        ("08", "New", "Desk", DESK),
        ("09", "In Progress", "Desk", DESK),
        ("10", "In Progress", "Network", NETWORK),
        ("11", "Resolved", "Network" if n % 5 else "Desk", NETWORK if n % 5 else DESK),
    )
)


def brought_in(bench: SharedWorkbench, actor: Actor, folder: Path, text: str = LOG) -> str:
    """The key of a stream measured on a log."""
    export = folder / "export"
    export.write_text(text)
    source = bench.add_source(actor, "Incidents", [("incidents.csv", export)])
    assert bench.bring_in_next()
    return bench.begin_stream(actor, bench.proposed_stream(actor, source.key), source=source.key).key


def read_again(bench: SharedWorkbench) -> None:
    while bench.bring_in_next():
        pass


def finding_at(team: str | None, step: str | None = None) -> Finding:
    sentence = f"Waiting for the approval by “{team}”."
    certainty, stake = Certainty(), Stake(1.0, 1.0, 0.1, Absent("no rates"))
    nothing = np.zeros(0, np.int64)
    return Finding(
        "approval-1", "approval_wait", "Approval", Place(step=step, team=team), sentence, (), certainty, stake, (), (),
        0, nothing.astype(np.int32), nothing,
    )  # fmt: skip


def everything_kept(folder: Path, but: tuple[str, ...] = ("sources",)) -> bytes:
    import pyarrow.parquet as pq

    files = [path for path in folder.rglob("*") if path.is_file() and not set(path.parts) & set(but)]
    parquet = (str(pq.read_table(path).to_pylist()).encode() for path in files if path.suffix == ".parquet")
    return b"".join([*(path.read_bytes() for path in files), *parquet])


def test_names_of_people_are_in_nothing_that_is_kept_but_the_export(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = brought_in(bench, admin, tmp_path)
    bench.measured(admin, key)
    bench.inspection(admin, "incidents")
    kept = everything_kept(bench.folder)
    assert [name for name in (*DESK, *NETWORK, "Caller 3") if name.encode() in kept] == []
    assert b"Person 1" in kept


def test_a_person_has_the_same_number_in_every_log(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    first = bench.item_journey(admin, brought_in(bench, admin, tmp_path), "INC0")
    second = bench.item_journey(admin, brought_in(bench, admin, tmp_path, LOG.replace("INC", "REQ")), "REQ0")
    assert "Person" in first.svg
    assert re.findall(r"Person \d+", second.svg) == re.findall(r"Person \d+", first.svg)


def test_two_workspaces_number_people_by_secrets_of_their_own(tmp_path: Path) -> None:
    numbered = []
    for name in "ab":
        with closing(SharedWorkbench(tmp_path / name)) as opened:
            numbered.append(opened._pseudonyms([f"P{n}" for n in range(40)]))
    assert sorted(numbered[0].values()) == sorted(numbered[1].values())
    assert numbered[0] != numbered[1]


def test_nobody_can_filter_or_group_by_a_person(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = brought_in(bench, admin, tmp_path)
    for column in ("person", "requester", "opened_by"):
        with pytest.raises(ColumnWithheld):
            bench.measured(admin, key, selection=Selection(where={column: ("Person 1",)}))
    assert "opened_by" not in bench.flow(admin, key).about.attributes


def test_figures_of_small_teams_are_withheld_with_the_reason(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = brought_in(bench, admin, tmp_path)
    with pytest.raises(GroupTooSmall, match="Fewer than 5 people stand behind team “Network”"):
        bench.measured(admin, key, selection=Selection(where={"team": ("Network",)}))
    with pytest.raises(GroupTooSmall):
        bench.stream_items(admin, key, TimeIn(TimeBy.TEAM, "Network"))
    assert bench.measured(admin, key, selection=Selection(where={"team": ("Desk",)})).lead_time.groups[""].n == 8
    assert set(team_time(bench.flow(admin, key)).teams) == {small_groups_together(5), "Desk"}


def test_findings_about_small_teams_are_counted_and_not_told(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    flow = bench.flow(admin, brought_in(bench, admin, tmp_path))
    shown = told_findings(flow, Findings(tuple(map(finding_at, ("Desk", "Network", None))), 1.0, 1.0, 0, 0.05, {}))
    assert [each.place.team for each in shown.findings] == ["Desk", None]
    assert "1 about teams of fewer than 5 people" in shown.not_looked_for["withheld"].reason


def test_a_finding_at_a_step_stands_without_its_small_team(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    flow = bench.flow(admin, brought_in(bench, admin, tmp_path))
    (told,) = told_findings(flow, Findings((finding_at("Network", "Approve"),), 1.0, 1.0, 0, 0.05, {})).findings
    assert told.place == Place(step="Approve")
    assert told.sentence == "Waiting for the approval by a team of fewer than 5 people."


def test_a_script_is_no_person_and_its_team_may_be_told(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    script = LOG.replace("Network", "Scripts").replace("Greta Moe", "bot").replace("Hans Pohl", "bot").splitlines()
    marked = [script[0] + ",is automated", *(f"{line},{str('Scripts' in line).lower()}" for line in script[1:])]
    flow = bench.flow(admin, brought_in(bench, admin, tmp_path, "\n".join(marked)))
    assert flow.has("is_automated")
    assert set(team_time(flow).teams) == {"Scripts", "Desk"}


def test_what_few_people_worked_on_is_withheld_however_it_was_chosen(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = brought_in(bench, admin, tmp_path)
    with pytest.raises(GroupTooSmall):
        bench.stream_items(
            admin, key, ItemMeasure.LEAD_TIME, selection=Selection(where={"short description": ("Printer 3",)})
        )


def test_teams_only_hides_persons_everywhere(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = brought_in(bench, admin, tmp_path)
    bench.settle(admin, Privacy(persons=Persons.TEAMS_ONLY, smallest_group=1), based_on=0)
    read_again(bench)
    assert "Person" not in bench.item_journey(admin, key, "INC0").alt + bench.item_journey(admin, key, "INC0").svg
    with pytest.raises(ColumnWithheld):
        bench.measured(admin, key, selection=Selection(where={"person": ("Person 1",)}))


def test_an_admin_may_have_names_shown(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = brought_in(bench, admin, tmp_path)
    bench.settle(admin, Privacy(persons=Persons.NAMES, smallest_group=1), based_on=0)
    read_again(bench)
    assert "Jane Doe" in bench.item_journey(admin, key, "INC0").svg
    assert bench.measured(admin, key, selection=Selection(where={"person": ("Jane Doe",)})).lead_time.groups[""].n


def test_when_names_are_hidden_again_nothing_keeps_them(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    bench.settle(admin, Privacy(persons=Persons.NAMES), based_on=0)
    key = brought_in(bench, admin, tmp_path)
    bench.measured(admin, key)
    assert b"Jane Doe" in everything_kept(bench.folder)
    bench.settle(admin, Privacy(), based_on=1)
    assert b"Jane Doe" not in everything_kept(bench.folder)
    with pytest.raises(SourceNotReady):
        bench.measured(admin, key)


def test_teams_of_several_names_are_one_with_a_side_of_its_own(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = brought_in(bench, admin, tmp_path)
    joined = NamedTeam(name="Net AG", aliases=("Network", "Netz"), side=Side.SUPPLIER)
    bench.settle(admin, Teams(teams=(joined,)), based_on=0)
    read_again(bench)
    flow = bench.flow(admin, key)
    assert flow.about.teams == ("Desk", "Net AG")
    spans = flow.spans.filter(flow.spans.team == 1).select("side").distinct().to_pyarrow()["side"].to_pylist()
    assert spans == [2]


def test_a_setting_is_saved_over_what_was_seen_only(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    admin = people[Role.ADMIN]
    assert bench.settle(admin, Privacy(smallest_group=3), based_on=0) == 1
    with pytest.raises(SettingChangedMeanwhile) as told:
        bench.settle(admin, Privacy(smallest_group=9), based_on=0)
    assert (told.value.theirs, told.value.version) == (Privacy(smallest_group=3), 1)
