"""A future state beside today, from estimates and from a log, as a user asks for it."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from millrace.errors import MillraceError
from millrace.model.absent import Absent
from millrace.model.future_file import FutureNotRead, read_future
from millrace.model.move import AddCapacity, AutoApprove, Automate
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import load_template
from millrace.model.value_stream import ValueStream
from millrace.report.future_form import future_form, future_schema
from millrace.report.future_page import future_page, headline, told_trust, told_worth
from millrace.simulate.backtest.verdict import Trust, Verdict
from millrace.simulate.compare import Estimate
from millrace.workbench import Workbench
from millrace.workbench.futures import SimulatedFuture

SURE, ROUGH = Trust.TRUSTWORTHY, Trust.ROUGH
SHIPPED = "Automatic standard access, by its moves"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulatedFuture, Path]:
    folder = tmp_path_factory.mktemp("futures")
    bench = Workbench(folder / "workspace")
    found = bench.simulate(load_template("hr-access"), SHIPPED, weeks=6, n_replications=3)
    bench.write_future(found, folder / "out")
    return found, folder / "out"


def mean(found: SimulatedFuture, name: str, side: str) -> float:
    estimate = getattr(found.comparison.figures[name], side)
    assert isinstance(estimate, Estimate)
    return estimate.mean


def test_today_takes_about_as_long_as_its_estimates_say(simulated: tuple[SimulatedFuture, Path]) -> None:
    assert mean(simulated[0], "lead_time_mean", "current") == pytest.approx(4 * 3600, rel=0.3)
    assert mean(simulated[0], "process_time_mean", "current") == pytest.approx(25 * 60, rel=0.2)


def test_the_shipped_future_state_is_much_faster(simulated: tuple[SimulatedFuture, Path]) -> None:
    compared = simulated[0].comparison.figures["lead_time_mean"]
    assert isinstance(compared.difference, Estimate)
    assert compared.difference.high < -3600
    assert compared.better_ratio == pytest.approx(3.5 / 4)


def test_both_states_have_the_same_demand(simulated: tuple[SimulatedFuture, Path]) -> None:
    today, then = (mean(simulated[0], "throughput_per_week", side) for side in ("current", "future"))
    assert then == pytest.approx(today, rel=0.02)


def test_the_approval_carries_the_result(simulated: tuple[SimulatedFuture, Path]) -> None:
    assert simulated[0].sensitivity is not None
    assert "Review and approve" in simulated[0].sensitivity.assumptions[0].told


def test_costs_and_pay_back_follow_from_the_moves(simulated: tuple[SimulatedFuture, Path]) -> None:
    worth = simulated[0].comparison.worth
    assert (worth.one_off_cost, worth.running_cost_per_month) == (14_500, 150)
    assert not isinstance(worth.benefit_per_month, Absent)
    assert worth.pay_back_months == pytest.approx(14_500 / worth.benefit_per_month)


def test_everything_is_written_and_the_json_is_as_its_schema_says(simulated: tuple[SimulatedFuture, Path]) -> None:
    out = simulated[1]
    assert {path.name for path in out.iterdir()} == {
        "comparison.json", "future.html", "current_map.svg", "future_map.svg", "current_events.parquet",
        "future_events.parquet",
    }  # fmt: skip
    jsonschema.validate(json.loads((out / "comparison.json").read_text("utf-8")), future_schema())


def test_the_simulated_log_is_a_log_like_any_other(simulated: tuple[SimulatedFuture, Path], tmp_path: Path) -> None:
    measured = Workbench(tmp_path).measure(simulated[1] / "future_events.parquet").measurement
    assert measured.lead_time.groups[""].mean_seconds == pytest.approx(
        mean(simulated[0], "lead_time_mean", "future"), rel=0.1
    )


def test_the_page_says_what_it_comes_down_to(simulated: tuple[SimulatedFuture, Path]) -> None:
    found = simulated[0]
    form = future_form("HR", SHIPPED, found.basis, found.comparison, found.sensitivity, found.remarks, found.trust)
    page = future_page(form)
    assert headline(form).startswith("Mean lead time goes from")
    assert headline(form) in page
    assert all(sentence in page for sentence in told_worth(form))


def test_the_same_seed_gives_the_same_comparison(simulated: tuple[SimulatedFuture, Path], tmp_path: Path) -> None:
    again = Workbench(tmp_path).simulate(
        load_template("hr-access"), SHIPPED, weeks=6, n_replications=3, with_sensitivity=False
    )
    assert again.comparison == simulated[0].comparison


def test_a_stream_is_fitted_to_its_log(tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "workspace")
    log = bench.sample("hr-access", tmp_path / "s.csv", months=3, starts_on=date(2026, 1, 1))
    moves = (AutoApprove(step="Review and approve", where={"Requested role": ("Self-service", "Team viewer")}),)
    found = bench.simulate(
        load_template("hr-access"), moves, source=log, weeks=4, n_replications=2, with_sensitivity=False
    )
    assert mean(found, "lead_time_mean", "future") < mean(found, "lead_time_mean", "current")
    assert any("The log itself has a mean lead time of" in remark for remark in found.remarks)
    assert not isinstance(found.trust, Absent)
    assert {verdict.subject for verdict in found.trust} >= {"lead time", "throughput"}


def test_what_the_fit_can_be_trusted_for_is_told_in_one_sentence(simulated: tuple[SimulatedFuture, Path]) -> None:
    found = simulated[0]
    sure, rough = (Verdict(subject, trust, "") for subject, trust in (("routes", SURE), ("lead time", ROUGH)))
    form = future_form("HR", SHIPPED, found.basis, found.comparison, None, (), (sure, rough))
    assert told_trust(form) == (
        "Tested on the log’s own past, the simulation is trustworthy for routes; rough for lead time."
    )
    untested = future_form("HR", SHIPPED, found.basis, found.comparison, None, (), found.trust)
    assert told_trust(untested).startswith("Not back-tested: without a log")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: f\nmoves: [{move: automte, step: A}]", "line 2: “automte” is no move; did you mean “automate”"),
        ("name: f\nmoves: [{move: automate}]", "line 2: “step” is missing"),
        (
            "name: f\nmoves: [{move: reduce_demand, share_ratio: 140 %}]",
            "line 2: share_ratio is 140 %, which is out of range",
        ),
    ],
)
def test_a_mistake_in_a_future_state_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "future.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FutureNotRead, match=told):
        read_future(path)


def drawn(text: str) -> ValueStream:
    return parse_stream(f"millrace: 1\nname: s\n{text}")


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (drawn("steps: [{name: A}]"), "what is missing: the volume of demand per month; the process time of “A”"),
        (
            drawn(
                "demand: {volume_per_month: 900}\ncalendar: {name: office}\n"
                "steps: [{name: A, team: T, estimate: {process_time: 1 h, people: 1}}]"
            ),
            "“T” would need .* hours a week, most for step “A”, and has 40.0 .* hours are missing",
        ),
        (
            drawn(
                "demand: {volume_per_month: 9}\nsteps: [{name: A, estimate: {process_time: 1 h}, routes: "
                "[{to: B, in_parallel: true}, {to: C, in_parallel: true}]}, {name: B, estimate: {process_time: 1 h}}, "
                "{name: C, estimate: {process_time: 1 h}}]"
            ),
            "After step “A” items go several ways at once",
        ),
    ],
)
def test_a_drawing_that_cannot_be_simulated_says_why(tmp_path: Path, stream: ValueStream, told: str) -> None:
    with pytest.raises(MillraceError, match=told):
        Workbench(tmp_path).simulate(stream, (Automate(step="A"),), weeks=2, n_replications=2)


def test_a_stream_with_several_future_states_asks_which(tmp_path: Path) -> None:
    with pytest.raises(MillraceError, match="Which future state of “hr-access”"):
        Workbench(tmp_path).simulate(load_template("hr-access"))


def test_added_people_cost_their_hours(tmp_path: Path) -> None:
    moves = (AddCapacity(team="Access Management", people=1),)
    found = Workbench(tmp_path).simulate(
        load_template("hr-access"), moves, weeks=2, n_replications=2, with_sensitivity=False
    )
    assert found.comparison.worth.capacity_cost_per_month == pytest.approx(168 * 365.25 / 12 / 7 * 55)
