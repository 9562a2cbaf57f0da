"""The map for terminals and as a table."""

from io import StringIO

import map_pictures as pictures
import map_streams as streams
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from millrace.draw.map_table import map_table
from millrace.draw.terminal_map import terminal_map

some_pictures = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shown(picture, width):
    return [line.plain for line in terminal_map(picture, width).renderables]


@some_pictures
@given(streams.pictures(5), st.integers(20, 180))
def test_a_terminal_map_is_no_wider_than_asked(picture, width):
    assert max(map(cell_len, shown(picture, width))) <= width


def test_a_terminal_map_shows_steps_queues_routes_and_totals():
    lines = "\n".join(shown(pictures.hr_current(), 200))

    for words in ("Review and approve", "△ 31", "2.5 h", "handoff", "5 % back to step 1: form incomplete", "10.4 %"):
        assert words in lines


def test_a_terminal_map_prints_plainly_where_there_is_no_colour():
    written = StringIO()
    Console(width=100, color_system=None, file=written).print(terminal_map(pictures.incident(), 100))

    assert "Authorise change" in written.getvalue()
    assert "\x1b" not in written.getvalue()


def test_the_table_has_a_row_for_each_step_and_columns_only_for_what_is_given():
    table = map_table(pictures.incident())

    assert [row[0] for row in table.rows] == [step.number for step in pictures.incident().steps]
    assert "System" not in table.header
    assert all(len(row) == len(table.header) for row in table.rows)


def test_the_table_says_what_the_drawing_says():
    table = map_table(pictures.hr_future())
    approve = dict(zip(table.header, table.rows[2], strict=True))

    assert approve["Wait before"] == "≈ 15 min (before: 2.5 h)"
    assert approve["Automated"] == "70 % (before: 0 %)"
    assert ("Lead time", "45 min (before: 4 h)") in table.totals
