"""The figures that the sample promises, computed over its rows by plain SQL, apart from the product's own measures."""

import io
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.csv
import pytest

from millrace.simulate.hr_access import STATUSES
from millrace.simulate.sample import SAMPLES, SampleLength, UnknownSample, sample

LIVES = """
create table lives as
with set_until as (
    select *, lead("Updated") over (partition by "Number" order by "Updated") as until from export
), ends as (
    select "Number", min("Updated") as demand_at, max("Updated") filter ("Status" = 'Fulfilled') as value_at
    from export group by all
)
select "Number", demand_at, value_at,
    sum(epoch(until - "Updated")) filter (state = 'active') as active,
    sum(epoch(until - "Updated")) filter (state in ('new', 'waiting')) as waiting,
    sum(epoch(until - "Updated")) filter (wait_reason = 'approval') as waiting_for_approval,
    bool_or("Status" in ('Awaiting user info', 'Reopened')) as is_rework,
    bool_or("Status" = 'Reopened') as is_reopened,
    bool_or("Automated") as is_automated
from set_until join ends using ("Number") join classes using ("Status")
where value_at is not null and "Updated" < value_at
group by all
"""


@pytest.fixture(scope="module")
def year() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("rows_of_the_year", sample("hr-access"))
    connection.execute("create table export as select * from rows_of_the_year")
    classes = [(row.status, row.state.value, row.wait_reason.value) for row in STATUSES]
    connection.execute('create table classes ("Status" varchar, state varchar, wait_reason varchar)')
    connection.executemany("insert into classes values (?, ?, ?)", classes)
    connection.execute(LIVES)
    return connection


def figure(year: duckdb.DuckDBPyConnection, expression: str, table: str = "lives") -> float:
    row = year.execute(f"select {expression} from {table}").fetchone()
    assert row is not None
    return float(row[0])


def as_csv(table: pa.Table) -> bytes:
    written = io.BytesIO()
    pyarrow.csv.write_csv(table, written)
    return written.getvalue()


def test_350_requests_arrive_a_month(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, 'count(distinct "Number") / 12', "export") == pytest.approx(350, rel=0.05)


def test_mondays_bring_more_requests_than_fridays_and_weekends_hardly_any(year: duckdb.DuckDBPyConnection) -> None:
    opened = """(select dayname("Opened") as day, count(distinct "Number") as n from export group by 1)"""
    on = {day: figure(year, f"sum(n) filter (day = '{day}')", opened) for day in ("Monday", "Friday", "Sunday")}
    assert on["Monday"] > 1.3 * on["Friday"] > 10 * on["Sunday"]


def test_lead_time_is_4_hours_in_the_mean_and_far_less_in_the_median(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "avg(epoch(value_at - demand_at)) / 60") == pytest.approx(240, rel=0.1)
    assert figure(year, "median(epoch(value_at - demand_at)) / 60") < 120


def test_process_time_is_25_minutes(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "avg(active) / 60") == pytest.approx(25, rel=0.04)


def test_flow_efficiency_is_10_percent(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "sum(active) / sum(epoch(value_at - demand_at))") == pytest.approx(0.104, abs=0.012)


def test_70_percent_of_the_waiting_is_for_approval(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "sum(waiting_for_approval) / sum(waiting)") == pytest.approx(0.70, abs=0.04)


def test_5_percent_come_back_for_missing_information_or_are_reopened(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "avg(is_rework::int)") == pytest.approx(0.05, abs=0.01)


def test_98_percent_need_no_correction_once_fulfilled(year: duckdb.DuckDBPyConnection) -> None:
    assert 1 - figure(year, "avg(is_reopened::int)") == pytest.approx(0.98, abs=0.005)


def test_40_percent_are_configured_by_a_script(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, "avg(is_automated::int)") == pytest.approx(0.40, abs=0.02)


def test_a_request_changes_hands_three_times(year: duckdb.DuckDBPyConnection) -> None:
    handoffs = """(
        select "Number", count(*) filter ("Assignment group" != before) as n
        from (
            select *, lag("Assignment group") over (partition by "Number" order by "Updated") as before
            from export where "Assignment group" is not null
        ) semi join lives using ("Number") group by 1
    )"""
    assert figure(year, "median(n)", handoffs) == 3
    assert figure(year, "avg(n)", handoffs) == pytest.approx(3, abs=0.1)


def test_users_give_4_7_of_5_and_4_in_10_answer(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, 'avg("CSAT")', "export") == pytest.approx(4.7, abs=0.05)
    assert figure(year, 'count("CSAT") / count(*) filter ("Status" = \'Closed\')', "export") == pytest.approx(
        0.4, abs=0.03
    )


def test_some_are_cancelled_rejected_or_still_open_at_the_end(year: duckdb.DuckDBPyConnection) -> None:
    last = """(select arg_max("Status", "Updated") as status from export group by "Number")"""
    for open_or_given_up in ("'Cancelled'", "'Rejected'", "'Awaiting user info', 'Awaiting approval'"):
        assert figure(year, f"count(*) filter (status in ({open_or_given_up}))", last) > 0


def test_every_status_of_the_export_is_in_the_table_with_its_teams(year: duckdb.DuckDBPyConnection) -> None:
    seen = year.execute('select distinct "Status", "Assignment group" from export').fetchall()
    known = {(row.status, team) for row in STATUSES for team in row.teams or (None,)}
    assert set(seen) == known


def test_an_item_is_never_in_two_statuses_at_one_instant(year: duckdb.DuckDBPyConnection) -> None:
    assert figure(year, 'count(*) - count(distinct ("Number", "Updated"))', "export") == 0


def test_requests_are_in_order_and_begin_with_their_submission(year: duckdb.DuckDBPyConnection) -> None:
    first = """(select arg_min("Status", "Updated") as status, min("Updated") = any_value("Opened") as at_opening
        from export group by "Number")"""
    assert figure(year, "count(*) filter (status != 'Submitted' or not at_opening)", first) == 0


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert as_csv(sample("hr-access", months=2)) == as_csv(sample("hr-access", months=2))


def test_another_seed_gives_other_rows() -> None:
    assert as_csv(sample("hr-access", months=1)) != as_csv(sample("hr-access", months=1, seed=8))


def test_a_sample_may_start_on_any_day() -> None:
    opened = sample("hr-access", months=1, starts_on=date(2024, 1, 31))["Opened"].to_pylist()
    assert date(2024, 1, 31) <= min(opened).date() <= max(opened).date() <= date(2024, 2, 29)


def test_an_unknown_name_is_told_with_the_names_there_are() -> None:
    with pytest.raises(UnknownSample, match="“hr-acess”; there is “hr-access”"):
        sample("hr-acess")


@pytest.mark.parametrize("months", [0, -1, 241])
def test_a_length_that_cannot_be_made_is_refused(months: int) -> None:
    with pytest.raises(SampleLength, match=f"{months} months"):
        sample(next(iter(SAMPLES)), months=months)
