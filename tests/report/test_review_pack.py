"""The pack of a review."""

from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from millrace.report.review.decision import Decision
from millrace.report.review.pack import Tabled
from millrace.report.review.review_page import review_page
from millrace.report.review.review_pdf import review_pdf
from millrace.report.review.review_slides import review_slides
from millrace.report.review.sheet import Pack, Rows, Sentences, Sheet
from millrace.report.wording import noun_of
from millrace.workbench.output import UnknownForm
from millrace.workbench.review_packs import pack_of
from millrace.workbench.workbench import Workbench


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    return Workbench(folder / "made").sample("hr-access", folder / "requests.csv", months=3)


@pytest.fixture(scope="module")
def pack(sample: Path) -> Pack:
    bench = Workbench(sample.parent / "workspace")
    _, flow = bench._flow(sample, None, None, None, strict=False)
    assert noun_of(flow).many
    return pack_of(flow, Tabled(last_decisions=(Decision("Approve by rule", "Ada"),)))


def test_the_agenda_lists_every_topic_in_order(pack: Pack) -> None:
    (agenda,) = pack.sheets[0].parts
    assert isinstance(agenda, Sentences)
    assert agenda.said == tuple(f"{sheet.topic}: {sheet.title}" for sheet in pack.sheets[1:])


def test_topics_without_content_are_left_out(pack: Pack) -> None:
    topics = {sheet.topic for sheet in pack.sheets}
    assert {"Figures", "The stream", "Lead time", "Decisions", "Last time"} <= topics
    assert not {"Targets", "Alerts", "Improvements"} & topics


def test_every_table_fills_its_columns(pack: Pack) -> None:
    tables = [part for sheet in pack.sheets for part in sheet.parts if isinstance(part, Rows)]
    assert tables
    for table in tables:
        assert all(len(row) == len(table.header) == len(table.widths) for row in table.rows)
        assert sum(table.widths) == pytest.approx(1)


def test_the_biggest_finding_is_to_be_decided_on(pack: Pack) -> None:
    (said,) = pack.sheets[-1].parts
    assert isinstance(said, Sentences)
    assert any("Waiting for approval" in sentence for sentence in said.said)


def test_it_is_a_tagged_pdf(pack: Pack) -> None:
    written = review_pdf(pack)
    assert written.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in written
    assert b"pdfuaid" in written


def test_slides_carry_native_tables_and_charts(pack: Pack) -> None:
    deck = Presentation(BytesIO(review_slides(pack)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert sum(shape.has_table for shape in shapes) >= 2
    assert sum(shape.has_chart for shape in shapes) == 2


def test_what_logs_and_people_write_is_escaped_in_the_page() -> None:
    evil = "<script>alert(1)</script>"
    sheet = Sheet("T", evil, evil, (Sentences((evil,)), Rows((evil,), ((evil,),), (1.0,))))
    assert evil not in review_page(Pack(evil, evil, evil, (sheet,)))


def test_markup_of_the_typesetter_is_text() -> None:
    evil = '#read("/etc/passwd") *x* $1$ @y'
    sheet = Sheet("T", evil, evil, (Sentences((evil,)), Rows((evil,), ((evil,),), (1.0,))))
    assert review_pdf(Pack(evil, evil, evil, (sheet,))).startswith(b"%PDF-")


def test_other_forms_are_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownForm):
        Workbench(tmp_path).review_pack(sample, tmp_path / "pack.docx")
