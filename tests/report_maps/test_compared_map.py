"""Designed against measured: both figures on one map, and what only one of the two knows."""

from dataclasses import replace

from millrace.draw.map_picture import (
    Burst,
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Queue,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.draw.map_table import map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.model.stream_file import parse_stream
from millrace.report.compared_map import NOT_DRAWN, compared_map

STREAM = parse_stream("""
name: a
steps:
  - name: ask
    estimate: {process_time: 5 min, queue_time: 10 min}
    routes: [{to: do, share_ratio: 70 %}, {to: buy, share_ratio: 30 %}]
  - name: do
    estimate: {process_time: 1 h, inside_wait_time: 1 h}
    routes: [{to: ask, share_ratio: 5 %, label: unclear}, {to: give, share_ratio: 95 %}]
  - {name: buy, estimate: {queue_time: 2 d}}
  - {name: give}
improvements: [{name: Ask once, steps: [ask]}]
""")
MEASURED = MapPicture(
    "a",
    (
        Stage((MapStep("m1", "1", "ask", process_time=Figure(120), queue=Queue(Figure(3), Figure(900))),)),
        Stage((MapStep("m2", "2", "do", process_time=Figure(4000), wait_time=Figure(3000)),)),
        Stage((MapStep("m3", "3", "buy", process_time=Figure(None, reason="no work seen")),)),
        Stage((MapStep("m4", "4", "give", process_time=Figure(60)),)),
    ),
    rungs=tuple(Rung(Figure(100 * at), Figure(10 * at)) for at in range(1, 5)),
    totals=Totals(lead_time=Figure(1100), lead_time_label="Lead time, mean"),
    rework=(ReworkRoute("m2", "m1", 0.12), ReworkRoute("m4", "m2", 0.3)),
    skips=(SkipRoute("m1", "m3", 0.4), SkipRoute("m1", "m4", 0.1)),
)


def compared() -> MapPicture:
    return compared_map(STREAM, MEASURED)


def step(name: str) -> MapStep:
    return next(step for step in compared().steps if step.name == name)


def test_the_measured_figure_stands_and_the_estimate_beside_it() -> None:
    ask = step("ask")

    assert ask.process_time == Figure(120, estimated=300)
    assert ask.queue.wait == Figure(900, estimated=600)
    assert step("do").wait_time == Figure(3000, estimated=3600)


def test_what_only_people_know_stays_an_estimate() -> None:
    assert step("buy").wait_time == Figure(2 * 86_400, is_estimated=True)


def test_what_only_the_log_knows_has_no_estimate() -> None:
    assert step("give").process_time == Figure(60)


def test_what_nobody_knows_keeps_its_reason() -> None:
    assert step("buy").process_time == Figure(None, reason="no work seen")


def test_the_layout_is_the_drawn_one_and_its_ladder_adds_up_to_the_measured_time() -> None:
    picture = compared()

    assert [[each.name for each in stage.steps] for stage in picture.stages] == [["ask"], ["do", "buy"], ["give"]]
    assert [rung.waiting.value for rung in picture.rungs] == [100, 500, 400]
    assert sum(figure.value for rung in picture.rungs for _, figure in rung.stretches) == 1100
    assert picture.state is MapState.COMPARED


def test_a_drawn_route_carries_both_shares_and_one_that_nobody_drew_says_so() -> None:
    drawn, unforeseen = compared().rework

    assert (drawn.share_ratio, drawn.estimated_ratio, drawn.label) == (0.12, 0.05, "unclear")
    assert (unforeseen.share_ratio, unforeseen.estimated_ratio, unforeseen.label) == (0.3, None, NOT_DRAWN)


def test_a_skip_of_the_log_that_leads_to_the_next_column_is_the_drawn_way() -> None:
    assert [(skip.share_ratio, skip.label) for skip in compared().skips] == [(0.1, NOT_DRAWN)]


def test_estimates_look_different_from_what_is_measured() -> None:
    svg = value_stream_map(compared())

    assert "≈\u00a05\u00a0min" in svg
    assert "12\u00a0%\u00a0back (≈\u00a05\u00a0%): unclear" in svg
    assert "estimated, not measured" in svg


def test_the_table_tells_both() -> None:
    table = map_table(compared())

    assert "2 min (estimated: 5 min)" in table.rows[0]


def test_findings_of_the_log_take_the_place_of_improvements() -> None:
    steps = (replace(MEASURED.stages[1].steps[0], bursts=(Burst("1", "Waits"),)),)
    found = replace(MEASURED, stages=(MEASURED.stages[0], Stage(steps), *MEASURED.stages[2:]))

    assert [mark.title for each in compared().steps for mark in each.bursts] == ["Ask once"]
    assert [mark.title for each in compared_map(STREAM, found).steps for mark in each.bursts] == ["Waits"]
