import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.draw.charts.chart import Chart
from millrace.draw.charts.drawing import draw
from millrace.draw.charts.handoff_matrix import handoff_matrix
from millrace.draw.charts.lead_time_scatter import lead_time_scatter
from millrace.draw.charts.team_time import team_time
from millrace.draw.charts.variants import variants
from millrace.flow.handoffs import Handoffs, TeamPair
from millrace.flow.lead_time import Delivered
from millrace.flow.summary import DurationSummary, Quantile
from millrace.flow.team_time import TeamTime
from millrace.flow.variants import Variant, Variants

ODD_NAMES = (
    "<script>alert(1)</script>",
    "فريق الدعم",
    "🚑 Emergency",
    'say "hi" \\ \' & co',
    "日本のチーム",
    "{{x}}",
    "",
)


def drawn(chart: Chart | None) -> str:
    assert chart
    return draw(chart.picture)


def scatter(n: int = 40) -> Chart | None:
    began = datetime(2026, 3, 2, tzinfo=UTC)
    items = [Delivered(f"R{at}", began + timedelta(hours=7 * at), 3600.0 * (at % 9 + 1)) for at in range(n)]
    return lead_time_scatter(
        items, DurationSummary(n, 1.0, Quantile(18000.0), Quantile(28800.0), Quantile(32400.0), 1.0, 1.0)
    )


def test_the_same_chart_is_the_same_text_every_time() -> None:
    assert drawn(scatter()) == drawn(scatter())


def test_a_drawing_refers_to_nothing_outside_itself() -> None:
    svg = drawn(scatter())

    assert not re.findall(r'(?:href|src)="(?!#)', svg)
    assert not re.findall(r"url\((?!#)", svg)
    assert set(re.findall(r"https?://[^\"]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_parts_of_a_drawing_are_not_announced_one_by_one() -> None:
    assert not re.findall(r"<[^>]+ (?:role|aria-[a-z]+)=", drawn(scatter()))


def test_text_is_set_in_the_bundled_typeface() -> None:
    assert "Inter" in drawn(scatter())


def test_ids_of_two_drawings_on_one_page_differ() -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', drawn(scatter(n)))) for n in (10, 40)]

    assert not ids[0] & ids[1]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_teams_stay_text(name: str) -> None:
    for chart in (
        team_time(TeamTime((name, "Desk"), ("active", name), ((9e4, 1.0), (3.0, 4.0)))),
        handoff_matrix(Handoffs(3, 1, (TeamPair(name, "Desk", 2), TeamPair("Desk", name, 1)))),
        variants(Variants(1, (Variant((name, "Desk"), 3, 60.0),), 3)),
    ):
        texts = "".join(ET.fromstring(drawn(chart)).itertext())

        assert name.split(" ", maxsplit=1)[0] in texts


@pytest.mark.parametrize("name", ["release 2.123456", 'a role="b" id="c"', "url(#d) > e"])
def test_names_that_look_like_markup_are_not_tidied(name: str) -> None:
    svg = drawn(team_time(TeamTime((name,), ("active",), ((9e4,),))))

    assert name in "".join(ET.fromstring(svg).itertext())


def test_with_titles_every_point_tells_its_figures() -> None:
    chart = scatter(3)
    assert chart
    root = ET.fromstring(draw(chart.picture, with_titles=True))

    assert [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")] == [
        "R0\n1\u202fh, delivered 2 March 2026",
        "R1\n2\u202fh, delivered 2 March 2026",
        "R2\n3\u202fh, delivered 2 March 2026",
    ]


def test_what_is_printed_bears_no_titles() -> None:
    assert "<title" not in drawn(scatter())


@pytest.mark.parametrize("name", [*ODD_NAMES[:-1], "release 2.123456", 'a role="b" id="c"', "url(#d) > e"])
def test_odd_names_stay_as_they_are_in_titles(name: str) -> None:
    chart = team_time(TeamTime((name,), ("active",), ((9e4,),)))
    assert chart
    root = ET.fromstring(draw(chart.picture, with_titles=True))

    assert next(root.iter("{http://www.w3.org/2000/svg}title")).text == f"{name}, active\n1"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**8), st.floats(0, 1e9)), min_size=1, max_size=20))
def test_any_lead_times_can_be_drawn(items: list[tuple[int, float]]) -> None:
    began = datetime(2020, 1, 1, tzinfo=UTC)
    durations = sorted(seconds for _, seconds in items)
    p50, p85, p95 = (Quantile(durations[int(len(durations) * p)]) for p in (0.5, 0.85, 0.95))
    chart = lead_time_scatter(
        [Delivered("R", began + timedelta(seconds=after), seconds) for after, seconds in items],
        DurationSummary(len(items), 1.0, p50, p85, p95, 1.0, 1.0),
    )

    assert "NaN" not in drawn(chart)
