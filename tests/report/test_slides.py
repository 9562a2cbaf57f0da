"""Slides of a stream: what is on them, and that no text of a log can do harm there."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from millrace.workbench import Workbench
from millrace.workbench.output import UnknownForm

STATUSES = (("08", "New"), ("10", "In Progress"), ("12", "Awaiting User"), ("14", "In Progress"), ("16", "Resolved"))
EVIL = '=cmd|"/c calc"!A1 <script>'
QUOTED = '"' + EVIL.replace('"', '""') + '"'
LOG = "number,time,status,team,priority\n" + "".join(
    f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},{QUOTED},P{n % 3}\n"
    for n in range(200)
    for hour, status in STATUSES
)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("slides")
    (folder / "log.csv").write_text(LOG)
    path = Workbench(folder / "kept").slides(folder / "log.csv", folder / "review.pptx")
    return Presentation(BytesIO(path.read_bytes()))


def shapes(deck: Any, kind: str) -> Iterator[Any]:
    return (shape for slide in deck.slides for shape in slide.shapes if getattr(shape, kind))


def test_every_slide_has_a_title_of_its_own(deck: Any) -> None:
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert len(titles) == len(set(titles)) >= 7
    assert all(titles)
    assert any("of the lead time is spent in" in title for title in titles)


def test_figures_stand_in_tables_and_charts_that_can_be_edited(deck: Any) -> None:
    cells = {cell.text for shape in shapes(deck, "has_table") for row in shape.table.rows for cell in row.cells}
    assert {"Lead time", "Flow efficiency", "Handoffs", "Target", "none set"} <= cells
    charts = [shape.chart for shape in shapes(deck, "has_chart")]
    assert [series.name for series in charts[0].plots[0].series] == ["Working", "Waiting"]
    assert len(charts) == 3


def test_the_map_has_a_text_for_those_who_do_not_see_it(deck: Any) -> None:
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 1
    assert "Value stream map" in pictures[0]._element.nvPicPr.cNvPr.get("descr")


def test_nothing_lies_beyond_the_edge_of_a_slide(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height, (slide.shapes.title.text, shape.name)


def test_slides_are_written_as_pptx_only(tmp_path: Path) -> None:
    with pytest.raises(UnknownForm):
        Workbench(tmp_path / "kept").slides(tmp_path / "log.csv", tmp_path / "review.ppt")
