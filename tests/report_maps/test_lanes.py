"""The lanes of a map: activities of the value chain, and what the requester experiences."""

from millrace.draw.map_picture import Experience, Figure, MapPicture, Part
from millrace.draw.map_table import map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.model.templates.template import load_template
from millrace.report.designed_map import designed_map
from millrace.report.lanes import with_lanes

STREAM = load_template("hr-access")


def drawn() -> MapPicture:
    return with_lanes(designed_map(STREAM), STREAM, activities=True, requester=True)


def experience(number: str) -> Experience:
    return next(step.experience for step in drawn().steps if step.number == number)


def test_the_requesters_own_step_is_their_part() -> None:
    assert experience("1").part is Part.ACTS
    assert experience("1").time == Figure(180, is_estimated=True)


def test_the_requester_waits_as_long_as_the_ladder_says() -> None:
    assert experience("3") == Experience(Part.WAITS, Figure(153 * 60, is_estimated=True), "for: Decision on the access")


def test_being_asked_again_is_told() -> None:
    assert experience("2").words == "5\u00a0% are asked again: information missing"


def test_after_value_the_requester_waits_no_more() -> None:
    assert experience("6") == Experience(Part.HAS)


def test_neighbours_of_one_activity_share_a_band() -> None:
    svg = value_stream_map(drawn())

    assert svg.count('class="activity"') == 4


def test_lanes_are_off_unless_asked_for() -> None:
    svg = value_stream_map(with_lanes(designed_map(STREAM), STREAM))

    assert 'class="activity"' not in svg
    assert 'class="experience"' not in svg


def test_the_table_tells_the_lanes() -> None:
    table = map_table(drawn())

    assert "Deliver & support" in table.rows[3]
    assert "Waits ≈ 2.5 h: for: Decision on the access" in table.rows[2]
