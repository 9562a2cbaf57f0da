"""Verdicts on changes: found where one was made, not where none was, and calibrated on worlds of which all is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from bench.proof import WORLDS, World, drawn, hypothesis_of, tally
from changed_log import CHANGED_ON, write_changed_log

from millrace.draw.proof import alt_text, proof_drawing
from millrace.draw.proof_words import basis_in_words, effect_in_words, headline, power_in_words
from millrace.flow.flow import Flow
from millrace.flow.selection import UnknownColumn
from millrace.flow.small_groups import ColumnWithheld
from millrace.improve.proof.baseline import Baseline, baseline
from millrace.improve.proof.comparison import compared
from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.hypothesis import Hypothesis, HypothesisInvalid, Phase
from millrace.improve.proof.hypothesis import hypothesis_of as asked_of
from millrace.improve.proof.mix import Expected
from millrace.improve.proof.placebo import placebo
from millrace.improve.proof.prove import ChangeOutsideTheLog, NoSuchStepToProve, estimated_effect, prove
from millrace.improve.proof.segmented import segmented
from millrace.improve.proof.series import Series
from millrace.improve.proof.stated import ImprovementWithoutDay, NotProvable, changed_on_of, stated
from millrace.improve.proof.verdict import Outcome, Reason, Verdict
from millrace.model.absent import Absent
from millrace.model.improvement import Expectation, Improvement
from millrace.workbench import Workbench

CHANGED = (Phase(starts_on=CHANGED_ON),)


@pytest.fixture(scope="module")
def flow_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flow]:
    folder = tmp_path_factory.mktemp("changed")
    bench = Workbench(folder / "workspace")
    cut: dict[str, Flow] = {}

    def make(factor: float, teams: tuple[str, ...] = ()) -> Flow:
        name = f"{factor}-{len(teams)}.csv"
        if name not in cut:
            path = write_changed_log(folder / name, factor=factor, **({"teams": teams} if teams else {}))
            cut[name] = bench._flow(path, None, None, None, strict=False)[1]
        return cut[name]

    return make


@pytest.fixture(scope="module")
def helped(flow_of: Callable[..., Flow]) -> Verdict:
    return prove(flow_of(0.5), Hypothesis(phases=CHANGED))


def line(n_before: int, n_after: int, *, effect: float = 0.0, slope: float = 0.0, noise: float = 0.0) -> Series:
    week = np.arange(-n_before, n_after)
    chance = noise * np.random.default_rng(3).normal(size=len(week))
    return Series(
        week, slope * week + effect * (week >= 0) + chance, np.full(len(week), 20.0), (week >= 0).astype(float), True
    )


def test_a_change_that_halves_the_wait_is_confirmed(helped: Verdict) -> None:
    assert (helped.outcome, helped.reason) == (Outcome.CONFIRMED, Reason.BETTER)
    assert isinstance(helped.effect, Estimated)
    assert helped.effect.relative(helped.effect.low) < -0.5 < helped.effect.relative(helped.effect.high)
    assert headline(helped).startswith("Confirmed: median lead time fell by ")


def test_no_change_is_not_confirmed(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(1.0), Hypothesis(phases=CHANGED, expected_ratio=-0.5), looks_elsewhere=False)
    assert found.outcome is not Outcome.CONFIRMED


def test_a_change_for_the_worse_is_refuted_and_shows_elsewhere(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(2.2), Hypothesis(phases=CHANGED))
    assert (found.outcome, found.reason) == (Outcome.REFUTED, Reason.WORSE)
    assert "New" in {each.hypothesis.step for each in found.worse}


def test_less_than_was_expected_is_told(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(0.5), Hypothesis(phases=CHANGED, expected_ratio=-0.9), looks_elsewhere=False)
    assert found.reason is Reason.BETTER_BY_LESS
    assert isinstance(found.realised_ratio, float)
    assert 0.3 < found.realised_ratio < 0.9


def test_teams_that_were_left_alone_are_compared_with(flow_of: Callable[..., Flow]) -> None:
    phases = (Phase(starts_on=CHANGED_ON, where={"team": ("Desk",)}),)
    found = prove(flow_of(0.5, ("Desk",)), Hypothesis(phases=phases), looks_elsewhere=False)
    assert found.outcome is Outcome.CONFIRMED
    assert isinstance(found.effect, Estimated)
    assert found.effect.is_compared
    assert any("not changed" in told for told in basis_in_words(found))


def test_another_stream_can_be_compared_with(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(0.5), Hypothesis(phases=CHANGED), comparison=flow_of(1.0), looks_elsewhere=False)
    assert found.outcome is Outcome.CONFIRMED
    assert isinstance(found.effect, Estimated)
    assert found.effect.is_compared


@pytest.mark.parametrize(
    "asked",
    [
        {"measure": "sla_compliance", "within": timedelta(hours=24)},
        {"measure": "wait_time", "step": "New", "statistic": "mean"},
    ],
)
def test_other_measures_are_proved_alike(flow_of: Callable[..., Flow], asked: dict[str, object]) -> None:
    found = prove(flow_of(0.5), asked_of(phases=({"starts_on": CHANGED_ON},), **asked), looks_elsewhere=False)
    assert found.outcome is Outcome.CONFIRMED


def test_too_short_a_baseline_leaves_it_open(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(1.0), Hypothesis(phases=(Phase(starts_on=date(2024, 2, 1)),)))
    assert (found.outcome, found.reason) == (Outcome.NOT_YET_KNOWN, Reason.TOO_LITTLE)
    assert isinstance(found.effect, Absent)
    assert "before the change can be used, and it takes 13" in effect_in_words(found)


def test_what_would_have_to_be_larger_says_how_long_to_wait(flow_of: Callable[..., Flow]) -> None:
    found = prove(flow_of(1.0), Hypothesis(phases=CHANGED, expected_ratio=-0.45), looks_elsewhere=False)
    assert "The smallest effect that these weeks would show" in power_in_words(found)


def test_money_comes_at_the_rates_of_the_stream(helped: Verdict, flow_of: Callable[..., Flow]) -> None:
    flow = flow_of(0.5)
    rated = flow.about.stream.model_copy(update={"delay_rates_per_hour": {"P2": 10.0, "P3": 10.0}})
    found = prove(replace(flow, about=flow.about.model_copy(update={"stream": rated})), Hypothesis(phases=CHANGED))
    assert isinstance(helped.money, Absent)
    assert not isinstance(found.money, Absent)
    (delay,) = found.money
    assert delay.low < delay.per_month < delay.high
    # About 200 items a month wait some 20 hours less each.
    assert 20_000 < delay.per_month < 90_000


def test_a_change_outside_the_log_is_refused(flow_of: Callable[..., Flow]) -> None:
    with pytest.raises(ChangeOutsideTheLog, match="2030-01-01 lies outside"):
        prove(flow_of(1.0), Hypothesis(phases=(Phase(starts_on=date(2030, 1, 1)),)))
    with pytest.raises(NoSuchStepToProve, match="did you mean “New”"):
        prove(flow_of(1.0), Hypothesis(phases=CHANGED, measure="wait_time", step="Neu"))


def test_the_drawing_tells_the_verdict_to_eye_and_ear(helped: Verdict) -> None:
    svg = proof_drawing(helped, called="Incidents <all>")
    assert "Incidents &lt;all&gt;" in svg
    assert "without the change" in svg
    assert "<style" not in svg
    assert alt_text(helped).startswith("Confirmed: median lead time fell by")


def test_an_exact_line_shows_its_exact_step() -> None:
    fitted = segmented(line(20, 10, effect=-0.7, slope=0.02))
    assert fitted.effect == pytest.approx(-0.7)


def test_the_effect_is_the_mean_gap_to_the_line_continued() -> None:
    before_and_after = line(20, 10, effect=-0.5)
    after = before_and_after.week >= 0
    figure = before_and_after.figure + np.where(after, -0.1 * before_and_after.week, 0.0)
    bent = Series(before_and_after.week, figure, before_and_after.n, before_and_after.exposure, True)
    assert segmented(bent).effect == pytest.approx(-0.5 - 0.1 * 4.5)


def test_half_a_roll_out_is_scaled_to_a_whole_one() -> None:
    whole = line(20, 6, effect=-0.8)
    half = Series(whole.week, whole.figure / 2, whole.n, whole.exposure / 2, True)
    assert segmented(half).effect == pytest.approx(-0.8)


def test_a_restless_baseline_widens_the_interval() -> None:
    steps = line(40, 10, noise=0.05)
    jumpy = Series(steps.week, steps.figure + 0.5 * (steps.week % 20 > 9), steps.n, steps.exposure, True)
    assert placebo(steps).inflation < placebo(jumpy).inflation


def test_what_moves_both_is_taken_off() -> None:
    common = np.sin(np.arange(40) / 3)
    changed, other = line(26, 14, effect=-0.4), line(26, 14)
    moved = [
        Series(each.week, each.figure + common + level, each.n, exposure, True)
        for each, level, exposure in ((changed, 1.0, changed.exposure), (other, 3.0, 0 * other.exposure))
    ]
    found = compared(moved[0], moved[1:])
    assert found is not None
    assert segmented(found.difference, has_trend=False).effect == pytest.approx(-0.4)


def test_a_week_of_another_mix_is_expected_to_differ() -> None:
    figures, kinds = np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1])
    assert Expected(figures, kinds, 2, is_median=False).of(np.array([5.0, 5.0])) == 2.0
    assert Expected(figures, kinds, 2, is_median=False).of(np.array([0.0, 4.0])) == 3.0
    assert Expected(figures, kinds, 2, is_median=True).of(np.array([9.0, 1.0])) == 1.0


def test_statements_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(HypothesisInvalid, match="compliance needs the limit"):
        asked_of(measure="sla_compliance", phases=({"starts_on": CHANGED_ON},))
    with pytest.raises(HypothesisInvalid, match="the baseline begins before the change"):
        asked_of(phases=({"starts_on": CHANGED_ON},), baseline_from_on=CHANGED_ON)
    with pytest.raises(HypothesisInvalid, match="order of their days"):
        asked_of(phases=({"starts_on": CHANGED_ON}, {"starts_on": date(2020, 1, 1)}))


def test_an_improvement_of_a_stream_states_its_expectation() -> None:
    expected = Expectation(measure="lead_time", baseline=timedelta(hours=10), target=timedelta(hours=6))
    found = stated(Improvement(name="Remind", due_on=CHANGED_ON, expects=(expected,)), CHANGED_ON)
    assert found.expected_ratio == pytest.approx(-0.4)
    with pytest.raises(ImprovementWithoutDay, match="--changed-on"):
        changed_on_of(Improvement(name="Remind"))
    with pytest.raises(NotProvable, match="csat"):
        stated(Improvement(name="Smile", expects=(Expectation(measure="csat", target=4.9),)), CHANGED_ON)


def world(name: str) -> World:
    return next(each for each in WORLDS if each.name == name)


def test_phases_of_a_roll_out_are_read_by_team() -> None:
    staged = world("30 % less, team by team")
    found = estimated_effect(drawn(staged, 5), hypothesis_of(staged))
    assert isinstance(found, Estimated)
    assert found.is_compared
    assert found.low < staged.effect < found.high


@pytest.mark.parametrize(
    "name", ["nothing", "a trend", "another mix", "a season, two years", "nothing, one team compared"]
)
def test_where_nothing_was_changed_hardly_anything_is_confirmed(name: str) -> None:
    found = tally(world(name), 50)
    assert found.n_known == 50
    assert found.confirmed_ratio < 0.08
    assert found.covered_ratio >= 0.9


@pytest.mark.parametrize("name", ["30 % less, long", "50 % less", "30 % less in one team"])
def test_known_effects_lie_within_their_intervals(name: str) -> None:
    found = tally(world(name), 50)
    assert found.covered_ratio >= 0.9
    assert found.confirmed_ratio > 0.6


def test_a_column_that_names_people_is_not_proved_by(flow_of: Callable[..., Flow]) -> None:
    flow = flow_of(1.0)
    guarded = replace(flow, about=flow.about.model_copy(update={"withheld": ("priority",)}))
    with pytest.raises(ColumnWithheld, match="“priority” names people"):
        prove(guarded, Hypothesis(phases=CHANGED, where={"priority": ("P2",)}))
    with pytest.raises(UnknownColumn, match="has no column “planet”"):
        prove(flow, Hypothesis(phases=(Phase(starts_on=CHANGED_ON, where={"planet": ("Mars",)}),)))


def test_a_baseline_is_a_figure_with_its_period_and_its_items(flow_of: Callable[..., Flow]) -> None:
    found = baseline(flow_of(0.5), Hypothesis(phases=CHANGED))
    assert isinstance(found, Baseline)
    assert found.until_on == CHANGED_ON
    assert found.from_on == CHANGED_ON - timedelta(weeks=26)
    assert 1200 < found.n < 1400
    assert 20 * 3600 < found.figure < 40 * 3600
