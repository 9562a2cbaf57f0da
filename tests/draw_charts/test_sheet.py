"""Tables drawn as one picture."""

from xml.etree import ElementTree

from millrace.draw.charts.chart import TableTwin
from millrace.draw.sheet import WIDTH, SheetTable, sheet

TEXT = "{http://www.w3.org/2000/svg}text"
LONG = "a cell of many words that has to be wrapped since no sheet is wide enough for it " * 4


def drawn(*rows: tuple[str, ...]) -> ElementTree.Element:
    table = TableTwin(("Name", "Figure", "Said"), rows)
    return ElementTree.fromstring(sheet("Measures", "of all items", [SheetTable("Some", table)]))


def test_every_word_of_every_cell_is_drawn() -> None:
    svg = drawn(("Lead time", "3 d", LONG), ("<script>", "–", "&"))
    said = " ".join(each.text or "" for each in svg.iter(TEXT))
    for words in ("Measures", "of all items", "Some", "Lead time", "3 d", "<script>", "&"):
        assert words in said
    assert said.count("wrapped") == LONG.count("wrapped")


def test_a_sheet_is_as_high_as_its_cells_need() -> None:
    short, long = drawn(("a", "b", "c")), drawn(("a", "b", LONG))
    assert float(long.get("height", 0)) > float(short.get("height", 0))
    assert float(long.get("width", 0)) == WIDTH


def test_nothing_begins_beyond_the_edge() -> None:
    svg = drawn((LONG, LONG, LONG))
    assert all(0 <= float(each.get("x", -1)) < WIDTH for each in svg.iter(TEXT))


def test_a_table_without_rows_is_a_header() -> None:
    assert "Figure" in [each.text for each in drawn().iter(TEXT)]
