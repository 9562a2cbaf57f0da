"""The process map: what is kept, that it holds together, and that nothing lies on anything else."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.draw import process_map as drawing
from millrace.draw.process_map import process_map
from millrace.draw.process_map_choice import END, START, Kept, kept
from millrace.draw.process_map_layout import BOX_HEIGHT, BOX_WIDTH, process_layout
from millrace.flow.activity_graph import Activity, ActivityGraph, ActivityPath

SVG = "{http://www.w3.org/2000/svg}"
lives = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), min_size=1, max_size=12)
ratios = st.floats(0, 1)


def graph_of(*items: list[str] | str) -> ActivityGraph:
    """The graph of items given as sequences of activities, an hour from event to event."""
    events = Counter(activity for item in items for activity in item)
    paths = Counter(pair for item in items for pair in pairwise(item))
    activities = [
        Activity(
            name,
            n,
            sum(name in item for item in items),
            sum(item[0] == name for item in items),
            sum(item[-1] == name for item in items),
        )
        for name, n in events.most_common()
    ]
    [(usual, _)] = Counter(map(tuple, items)).most_common(1)
    return ActivityGraph(
        tuple(activities),
        tuple(ActivityPath(*pair, n, 3600, 7200, 3600 * n) for pair, n in paths.most_common()),
        tuple(dict.fromkeys(usual)),
        len(items),
    )


def names(shown: Kept) -> set[str]:
    return {activity.name for activity in shown.activities}


def reached(begin: str, links: set[tuple[str, str]]) -> set[str]:
    found, ahead = {begin}, [begin]
    while ahead:
        here = ahead.pop()
        ahead += [to for source, to in links if source == here and to not in found]
        found |= {to for source, to in links if source == here}
    return found


def test_everything_is_kept_at_full_shares() -> None:
    shown = kept(graph_of("abc", "abc", "adc"), activities_ratio=1, paths_ratio=1)

    assert names(shown) == set("abcd")
    assert set(shown.links) == {(START, "a"), ("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("c", END)}


def test_rare_activities_go_first() -> None:
    shown = kept(graph_of(*["abc"] * 9, "adc"), activities_ratio=0.75, paths_ratio=1)

    assert names(shown) == set("abc")


def test_the_usual_path_stays_whatever_the_shares() -> None:
    shown = kept(graph_of(*["abc"] * 9, "adc"), activities_ratio=0, paths_ratio=0)

    assert set(shown.links) == {(START, "a"), ("a", "b"), ("b", "c"), ("c", END)}


def test_a_rare_activity_stays_where_a_frequent_one_hangs_on_it() -> None:
    graph = graph_of(*["ab"] * 5, "ax" + "y" * 9 + "z")

    assert names(kept(graph, activities_ratio=0.4, paths_ratio=0)) == set("abxyz")


@settings(max_examples=60, deadline=None)
@given(lives, ratios, ratios)
def test_what_is_kept_is_always_connected(items: list[list[str]], activities: float, paths: float) -> None:
    shown = kept(graph_of(*items), activities_ratio=activities, paths_ratio=paths)
    links = set(shown.links)

    assert names(shown) <= reached(START, links)
    assert names(shown) <= reached(END, {(to, source) for source, to in links})


@settings(max_examples=60, deadline=None)
@given(lives, ratios)
def test_more_paths_never_lose_one(items: list[list[str]], ratio: float) -> None:
    graph = graph_of(*items)
    few = kept(graph, activities_ratio=1, paths_ratio=ratio / 2)

    assert set(few.links) <= set(kept(graph, activities_ratio=1, paths_ratio=ratio).links)


@settings(max_examples=20, deadline=None)
@given(lives)
def test_no_two_boxes_overlap(items: list[list[str]]) -> None:
    layout = process_layout(kept(graph_of(*items), activities_ratio=1, paths_ratio=1), {})
    centres = [point for name, point in layout.nodes.items() if name not in (START, END)]

    assert all(abs(a[0] - b[0]) >= BOX_WIDTH or abs(a[1] - b[1]) >= BOX_HEIGHT for a, b in combinations(centres, 2))


def test_the_usual_path_is_straight() -> None:
    graph = graph_of(*["abcd"] * 9, *["axcd"] * 3, *["abyd"] * 2)
    layout = process_layout(kept(graph, activities_ratio=1, paths_ratio=1), {})

    assert len({round(layout.nodes[name][1]) for name in (START, *"abcd", END)}) == 1


def test_boxes_tell_how_often_and_lines_how_often_and_after_how_long() -> None:
    svg = process_map(graph_of(*["abc"] * 4, "ac"), title="Requests & more")
    texts = [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]

    assert "Requests & more" in texts
    assert "5 times" in texts
    assert "4 · 1\u00a0h" in texts
    assert "a → b: 4 times; p50 1 h, p85 2 h" in svg
    assert "5 items · 3 of 3 activities (100\u00a0% of events) · 3 of 3 paths" in svg


def test_a_drawing_refers_to_nothing_outside_and_is_the_same_every_time() -> None:
    svg = process_map(graph_of("abc", "acb", "aab"))

    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"style=|var\(|filter|dominant-baseline|url\(", svg)
    assert svg == process_map(graph_of("abc", "acb", "aab"))


def test_names_of_any_kind_are_drawn() -> None:
    svg = process_map(graph_of(['<b> & "q"', "処理", "n0", "\x00odd"], ['<b> & "q"']))

    assert "&lt;b&gt; &amp; &quot;q&quot;" in svg
    assert ET.fromstring(svg).tag == f"{SVG}svg"


def test_too_many_paths_go_without_labels_and_say_so(monkeypatch) -> None:
    monkeypatch.setattr(drawing, "MOST_LABELS", 3)
    svg = process_map(graph_of("abcde", "edcba"))

    assert 'class="label"' not in svg
    assert "too many paths for labels" in svg
