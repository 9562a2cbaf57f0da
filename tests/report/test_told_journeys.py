"""The journeys that stand in a report."""

from dataclasses import replace

import pytest
from page import Page
from report_contents import least

from millrace.report.html import write_report
from millrace.report.told_journeys import ToldJourney, told_journeys
from millrace.report.wording import noun_of
from millrace.workbench import Workbench


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> tuple[ToldJourney, ...]:
    folder = tmp_path_factory.mktemp("journeys")
    bench = Workbench(folder / "workspace")
    flow = bench.measure(bench.sample("hr-access", folder / "requests.csv", months=1)).flow
    return told_journeys(flow, noun_of(flow))


def test_each_journey_says_why_it_is_shown(journeys: tuple[ToldJourney, ...]) -> None:
    assert [each.title.partition(":")[0] for each in journeys] == [
        "An ordinary one",
        "A slow one",
        "The one that went back and forth between teams most often",
    ]


def test_the_page_with_journeys_is_sound_and_each_has_its_table(journeys: tuple[ToldJourney, ...]) -> None:
    page = Page(write_report(replace(least(), journeys=journeys)))

    assert page.faults == []
    assert sum(each.get("id") == "journeys" for each in page.all("section")) == 1
    assert page.text.count("Show the journey as a table") == len(journeys)


def test_a_report_without_journeys_has_no_such_section() -> None:
    assert "Show the journey" not in Page(write_report(least())).text


def test_the_table_tells_the_whole_life(journeys: tuple[ToldJourney, ...]) -> None:
    for each in journeys:
        assert all(len(row) == len(each.table.header) for row in each.table.rows)
        assert each.table.rows
