"""The value stream map: goldens of three pictures, and what must hold of any."""

import re
from itertools import combinations

import map_drawn as drawn
import map_pictures as pictures
import map_streams as streams
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millrace.draw.map_picture import Figure, MapPicture, MapStep, Queue, Stage
from millrace.draw.value_stream_map import value_stream_map

any_picture = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
BOXES = {"step", "pill", "end", "totals", "activity", "experience"}
columns = st.none() | st.integers(1, 5)


@pytest.mark.parametrize("name", ["hr_current", "hr_future", "odd"])
def test_a_picture_is_drawn_as_it_was_reviewed(name, golden):
    golden(f"{name}.svg", value_stream_map(getattr(pictures, name)()).replace("><", ">\n<") + "\n")


def test_a_map_is_valid_xml_with_title_and_description():
    root = drawn.parse(value_stream_map(pictures.hr_current()))

    assert root.find(f"{drawn.SVG}title").text == "HR application access"
    assert "Lead time 4 h, process time 25 min, flow efficiency 10.4 %" in root.find(f"{drawn.SVG}desc").text
    assert "before step 3, “Review and approve”: 2.5 h" in root.find(f"{drawn.SVG}desc").text


def test_a_map_without_links_is_one_image_and_one_with_links_keeps_them_reachable():
    assert drawn.parse(value_stream_map(pictures.hr_current())).get("role") == "img"
    linked = drawn.parse(value_stream_map(pictures.odd()))
    assert linked.get("role") == "group"
    assert [a.get("href") for a in linked.iter(f"{drawn.SVG}a")] == ["/steps/2?a=1&b=2"]


def test_a_map_refers_to_nothing_outside_and_uses_presentation_attributes_only():
    svg = value_stream_map(pictures.incident(), columns_per_row=4)

    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"style=|var\(|filter|dominant-baseline|text-decoration|<use|<image|url\(", svg)


def test_figures_that_cannot_be_known_are_dashes_with_their_reason():
    svg = value_stream_map(pictures.odd())

    assert "<title>nobody is asked</title>" in svg
    assert "<title>the log has ends only</title>" in svg


def test_an_estimate_is_marked_and_explained():
    words = [text for text, _ in drawn.texts(drawn.parse(value_stream_map(pictures.hr_current())))]

    assert "≈\u00a03\u00a0min" in words
    assert "estimated, not measured" in words


def test_a_future_map_shows_what_was_before():
    words = [text for text, _ in drawn.texts(drawn.parse(value_stream_map(pictures.hr_future())))]

    assert {"Future state", "4\u00a0h", "45\u00a0min", "10.4\u00a0%", "26.7\u00a0%"} <= set(words)


def test_the_legend_explains_only_what_is_in_use():
    step = MapStep("a", "1", "Only step")
    words = [text for text, _ in drawn.texts(drawn.parse(value_stream_map(MapPicture("Plain", (Stage((step,)),)))))]

    assert "push" in words
    assert not any("rework" in text or "waiting" in text.lower() for text in words)


def test_rows_come_out_even():
    stages = tuple(Stage((MapStep(str(n), str(n), "Step"),)) for n in range(10))
    boxes = [drawn.frame(g) for g in drawn.groups(drawn.parse(value_stream_map(MapPicture("", stages),
                                                                              columns_per_row=6)), "step")]  # fmt: skip

    tops = [box.top for box in boxes]
    assert [tops.count(top) for top in sorted(set(tops))] == [5, 5]


@pytest.mark.parametrize("n", [0, 1, 40])
def test_streams_of_any_length_can_be_drawn(n):
    stages = tuple(Stage((MapStep(str(at), str(at), "Step", queue=Queue(Figure(1))),)) for at in range(n))
    root = drawn.parse(value_stream_map(MapPicture("Long", stages), columns_per_row=7))

    assert len(drawn.groups(root, "step")) == n


@any_picture
@given(streams.pictures(), columns)
def test_text_never_leaves_its_box(picture, per_row):
    root = drawn.parse(value_stream_map(picture, columns_per_row=per_row))
    for kind in BOXES:
        for group in drawn.groups(root, kind):
            for words, area in drawn.texts(group):
                assert drawn.frame(group).holds(area), (kind, words)


@any_picture
@given(streams.pictures(), columns)
def test_everything_lies_on_the_page(picture, per_row):
    root = drawn.parse(value_stream_map(picture, columns_per_row=per_row))
    for words, area in drawn.texts(root):
        assert drawn.page(root).holds(area), words
    for kind in BOXES:
        for group in drawn.groups(root, kind):
            assert drawn.page(root).holds(drawn.frame(group)), kind
    for kind in ("rework", "skip"):
        for group in drawn.groups(root, kind):
            assert all(drawn.page(root).holds(stroke) for stroke in drawn.strokes(group))


@any_picture
@given(streams.pictures(), columns)
def test_boxes_and_labels_keep_clear_of_each_other(picture, per_row):
    root = drawn.parse(value_stream_map(picture, columns_per_row=per_row))
    boxes = [drawn.frame(group) for kind in BOXES - {"pill"} for group in drawn.groups(root, kind)]
    labels = [drawn.frame(group) for group in drawn.groups(root, "pill")]
    queues = [area for group in drawn.groups(root, "queue") for _, area in drawn.texts(group)]

    marks = [mark for mark in drawn.bursts(root) if mark.bottom < drawn.legend_top(root)]

    assert not [pair for pair in combinations(marks, 2) if pair[0].overlaps(pair[1], 2)]
    assert not [(mark, label) for mark in marks for label in labels if mark.overlaps(label, 2)]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert not [pair for pair in combinations(labels, 2) if pair[0].overlaps(pair[1])]
    assert not [(box, label) for box in boxes for label in labels if box.overlaps(label, 3)]
    assert not [(box, area) for box in boxes for area in queues if box.overlaps(area)]
    assert not [(label, area) for label in labels for area in queues if label.overlaps(area)]


@any_picture
@given(streams.pictures(), columns)
def test_routes_cross_no_box_and_no_label_but_their_own(picture, per_row):
    root = drawn.parse(value_stream_map(picture, columns_per_row=per_row))
    boxes = [drawn.frame(group) for group in drawn.groups(root, "step")]
    routes = [*drawn.groups(root, "rework"), *drawn.groups(root, "skip")]
    labels = [(route, drawn.frame(pill)) for route in routes for pill in drawn.groups(route, "pill")]
    queues = [area for group in drawn.groups(root, "queue") for _, area in drawn.texts(group)]
    for route in routes:
        for stroke in drawn.strokes(route):
            wide = drawn.Area(stroke.left - 0.7, stroke.top - 0.7, stroke.right + 0.7, stroke.bottom + 0.7)
            assert not [box for box in boxes if box.overlaps(wide, 1)]
            assert not [label for owner, label in labels if owner is not route and label.overlaps(wide, 0.9)]
            assert not [area for area in queues if area.overlaps(wide, 0.9)]
