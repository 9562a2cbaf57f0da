"""Published logs, brought in with no mapping, give the figures that two independent computations agree on."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from millrace.flow.closing_tail import closing_tail
from millrace.flow.flow import Flow
from millrace.flow.handoffs import bounces, handoffs
from millrace.flow.lead_time import lead_time
from millrace.flow.life import life
from millrace.flow.record_fields import reopened_by_record
from millrace.flow.rework import rework
from millrace.flow.variants import variants

DAY = 86_400
VINST_CSV = "bpic2013_incidents/VINST-new.csv.gz"
VINST_XES = "bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz"
SERVICENOW = "uci_servicenow/incident_event_log.csv.gz"
RABOBANK = "bpic2014/EventLog.csv.gz"
VINST = pytest.mark.parametrize("name", [VINST_CSV, VINST_XES])
Published = Callable[[str], Any]


def days(seconds: float | None, places: int) -> float:
    assert seconds is not None
    return round(seconds / DAY, places)


def quantiles(flow: Flow) -> dict[str, float]:
    times = lead_time(flow).groups[""]
    assert times.p50
    assert times.p85
    assert times.p95
    return {
        "n": times.n,
        "mean": days(times.mean_seconds, 4),
        "p50": days(times.p50.seconds, 4),
        "p85": days(times.p85.seconds, 4),
        "p95": days(times.p95.seconds, 4),
    }


def days_by_status(flow: Flow) -> dict[str, float]:
    """Item-days that rest on each status."""
    return {spent.status or "": spent.microseconds / 1e6 / DAY for spent in flow.about.label_times}


@pytest.mark.parametrize(
    ("name", "n_items", "n_events", "n_teams"),
    [
        (VINST_CSV, 7_554, 65_533, 649),
        (VINST_XES, 7_554, 65_533, 649),
        (SERVICENOW, 24_918, 141_712, 78),
        (RABOBANK, 46_606, 466_660, 242),
    ],
)
def test_every_item_event_and_team_is_there(
    published: Published, name: str, n_items: int, n_events: int, n_teams: int
) -> None:
    about = published(name).flow.about

    assert (n_items, n_events, n_teams) == (about.n_items, about.n_events, len(about.teams))


@pytest.mark.parametrize(
    ("name", "mean", "median", "p90", "longest"),
    [
        (VINST_CSV, 12.079344, 7.549126, 22.555546, 771.351771),
        (VINST_XES, 12.079344, 7.549126, 22.555546, 771.351771),
        (SERVICENOW, 13.1351, 6.0701, 22.1812, 341.2743),
        (RABOBANK, 5.0696, 0.7648, 10.9332, 392.0558),
    ],
)
def test_lives_last_from_first_to_last_event(
    published: Published, name: str, mean: float, median: float, p90: float, longest: float
) -> None:
    lives, p90_seconds = life(published(name).flow)
    assert lives.p50

    found = lives.mean_seconds, lives.p50.seconds, p90_seconds, lives.max_seconds

    places = len(str(mean).partition(".")[2])
    assert [mean, median, p90, longest] == [days(seconds, places) for seconds in found]


@VINST
def test_vinst_incidents_have_their_lead_time(published: Published, name: str) -> None:
    expected = {"n": 7_546, "mean": 8.3791, "p50": 0.6314, "p85": 13.0685, "p95": 32.0115}

    assert expected == quantiles(published(name).flow)


def test_servicenow_incidents_have_their_lead_time(published: Published) -> None:
    expected = {"n": 24_918, "mean": 6.8852, "p50": 0.6253, "p85": 10.2784, "p95": 27.8363}

    assert expected == quantiles(published(SERVICENOW).flow)


@pytest.mark.parametrize(
    ("name", "tail", "life", "places"),
    [(VINST_CSV, 27_971.6, 91_247.4, 1), (VINST_XES, 27_971.6, 91_247.4, 1), (SERVICENOW, 155_735, 327_301, 0)],
)
def test_the_closing_tail_is_set_apart(published: Published, name: str, tail: float, life: float, places: int) -> None:
    found = closing_tail(published(name).flow)

    assert (tail, life) == (days(found.tail.total_seconds, places), days(found.share_of_life.whole, places))


@pytest.mark.parametrize(
    ("name", "n_handoffs", "n_with_handoff", "n_ping_pongs", "n_with_ping_pong", "n_returned"),
    [
        (VINST_CSV, 9_454, 3_820, 2_394, 1_177, 1_258),
        (VINST_XES, 9_454, 3_820, 2_394, 1_177, 1_258),
        (SERVICENOW, 19_087, 9_575, 3_675, 2_216, 2_628),
        (RABOBANK, 106_821, 43_187, 27_339, 13_391, 14_885),
    ],
)
def test_teams_hand_over_and_back(
    published: Published, name: str, n_handoffs: int, n_with_handoff: int, n_ping_pongs: int,
    n_with_ping_pong: int, n_returned: int,
) -> None:  # fmt: skip
    over, back = handoffs(published(name).flow), bounces(published(name).flow)

    assert (n_handoffs, n_with_handoff) == (over.n, over.n_items)
    assert n_handoffs == sum(pair.n for pair in over.pairs)
    assert (n_ping_pongs, n_with_ping_pong, n_returned) == (back.n, back.n_items, back.n_items_returned)


@pytest.mark.parametrize(
    ("name", "n_items"), [(VINST_CSV, 514), (VINST_XES, 514), (SERVICENOW, 276), (RABOBANK, 2_121)]
)
def test_items_are_reopened_as_the_events_show(published: Published, name: str, n_items: int) -> None:
    assert n_items == rework(published(name).flow).n_items_reopened


def test_servicenow_counts_one_reopening_less_than_its_events_show(published: Published) -> None:
    counted = reopened_by_record(published(SERVICENOW).flow)
    assert counted

    assert (counted.field, counted.n_items) == ("reopen_count", 275)


@pytest.mark.parametrize(("name", "n"), [(VINST_CSV, 1_511), (VINST_XES, 1_511), (SERVICENOW, 2_080)])
def test_variants_are_sequences_of_activities(published: Published, name: str, n: int) -> None:
    found = variants(published(name).flow)

    assert n == found.n
    assert len({variant.sequence for variant in found.top}) == len(found.top) == 10


@pytest.mark.parametrize(
    ("name", "n_activities", "n_labels"),
    [(VINST_CSV, 4, 13), (VINST_XES, 4, 13), (SERVICENOW, 9, 9), (RABOBANK, 39, 39)],
)
def test_activities_are_told_apart(published: Published, name: str, n_activities: int, n_labels: int) -> None:
    labels = published(name).flow.about.label_times

    assert (n_activities, n_labels) == (len({label.activity for label in labels}), len(labels))


@VINST
def test_vinst_time_lies_in_its_sub_statuses(published: Published, name: str) -> None:
    found = days_by_status(published(name).flow)

    expected = {"Resolved": 28_657, "Wait - User": 19_309, "In Progress": 13_396, "Awaiting Assignment": 12_583}
    assert expected == pytest.approx({label: found[label] for label in expected}, abs=0.5)


def test_servicenow_time_lies_in_its_states(published: Published) -> None:
    found = days_by_status(published(SERVICENOW).flow)

    expected = {
        "Resolved": 155_255, "Active": 58_925, "Awaiting User Info": 51_269, "New": 45_190, "Awaiting Vendor": 11_289,
    }  # fmt: skip
    assert expected == pytest.approx({label: found[label] for label in expected}, abs=0.5)


@VINST
def test_most_vinst_incidents_stay_in_the_first_line(published: Published, name: str) -> None:
    measured = published(name)
    assert [step.name for step in measured.stream.steps] == ["1st line", "2nd line", "3rd line"]

    visits = f"'{measured.flow.folder}/visits.parquet'"
    ((n,),) = duckdb.execute(
        f"SELECT count(*) FROM (SELECT item FROM {visits} GROUP BY item HAVING max(step) = 0)"
    ).fetchall()

    assert n == 4_546


@VINST
def test_vinst_incidents_that_ping_pong_take_longer(published: Published, name: str) -> None:
    rows = duckdb.execute(
        f"""SELECT round(avg(epoch_us(ended_at) - epoch_us(demand_at)) / 1e6 / {DAY}, 1)
            FROM '{published(name).flow.folder}/items.parquet' GROUP BY n_ping_pongs > 0 ORDER BY n_ping_pongs > 0"""
    ).fetchall()

    assert rows == [(9.0,), (28.5,)]


def test_servicenow_incidents_that_made_their_sla_are_counted(published: Published) -> None:
    groups = lead_time(published(SERVICENOW).flow, per="made_sla").groups

    assert {label.lower(): times.n for label, times in groups.items()} == {"true": 15_803, "false": 9_115}


def test_both_sources_of_vinst_give_the_same_spans(published: Published) -> None:
    totals = [
        duckdb.execute(
            f"""SELECT step, state, wait_reason, side, is_before_value, count(*), sum(elapsed), sum(business)
                FROM '{published(name).flow.folder}/spans.parquet' GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        for name in (VINST_CSV, VINST_XES)
    ]

    assert totals[0] == totals[1]
