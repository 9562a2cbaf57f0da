"""Every measure in words: with its context where it is known, with its reason where it is not."""

from pathlib import Path

import pytest

from millrace.flow.item_list import ItemMeasure
from millrace.flow.summary import Clock
from millrace.model.measure import Measure
from millrace.report.told_measures import HEADER, ToldMeasure, told_measures
from millrace.workbench import Workbench

STATUSES = (("08", "New"), ("10", "In Progress"), ("16", "Resolved"))
LOG = "number,time,status,team\n" + "".join(
    f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},Desk\n"
    for n in range(160)
    for hour, status in STATUSES
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ToldMeasure]:
    folder = tmp_path_factory.mktemp("told")
    (folder / "incidents.csv").write_text(LOG)
    bench = Workbench(folder / "kept")
    target = Measure.model_validate({"name": "lead_time", "target": "4 h", "statistic": "p50"})
    stream = bench.discover(folder / "incidents.csv").model_copy(update={"measures": (target,)})
    measured = bench.measure(folder / "incidents.csv", stream=stream)
    return {each.name: each for each in told_measures(measured.flow, measured.measurement, {})}


def test_a_measure_stands_with_its_interval_its_population_and_its_target(told: dict[str, ToldMeasure]) -> None:
    lead = told["lead_time"]
    assert (lead.figure, lead.over) == ("8\u202fh", "160 incidents delivered")
    assert lead.interval == "8\u202fh – 8\u202fh"
    assert lead.target == "P50 4 h"
    assert lead.items is ItemMeasure.LEAD_TIME


def test_shares_tell_part_and_whole(told: dict[str, ToldMeasure]) -> None:
    assert told["first_time_completion"].over == "160 of 160 incidents"
    assert told["flow_efficiency"].figure == "75\u202f%"


def test_what_cannot_be_known_says_why(told: dict[str, ToldMeasure]) -> None:
    for name in ("cost_per_item", "cost_of_delay_per_item", "csat", "idle"):
        assert told[name].figure == "–"
        assert told[name].reason


def test_every_measure_has_a_definition_and_a_cell_for_each_column(told: dict[str, ToldMeasure]) -> None:
    for each in told.values():
        assert each.definition
        assert len(each.cells) == len(HEADER)


def test_figures_are_on_the_clock_that_was_measured(tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_text(LOG)
    measured = Workbench(tmp_path / "kept").measure(tmp_path / "incidents.csv", clock=Clock.BUSINESS)
    lead = next(iter(told_measures(measured.flow, measured.measurement, {})))
    assert lead.figure != "8\u202fh"
