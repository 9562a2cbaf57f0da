"""What a journey's picture says, and how it is drawn."""

import io
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import journeys
from journeys import hour, journey, picture, span
from millrace.draw.journey import journey_words as words
from millrace.draw.journey.journey_drawing import journey_drawing
from millrace.draw.journey.journey_picture import MOST_ROWS, Kind
from millrace.draw.journey.time_axis import MOST_OF_TAIL, time_axis
from millrace.draw.terminal_journey import terminal_journey
from millrace.model.state import State

SVG = "{http://www.w3.org/2000/svg}"
UTC = ZoneInfo("UTC")


def shown(of, width=100):
    console = Console(width=width, no_color=True, record=True, file=io.StringIO())
    console.print(terminal_journey(of, width))
    return console.export_text()


def test_the_title_says_how_long_it_took_and_how_much_of_that_was_waiting():
    assert words.title(picture(journeys.bounced())) == "INC1 took 20\u202fh, 85\u202f% of it waiting"


def test_an_item_that_is_not_delivered_says_so():
    told = words.title(picture(journey(span(0, 5, State.ACTIVE), value=None, last_state=State.ACTIVE)))
    assert told == "INC1 is not delivered, 5\u202fh after demand, 0\u202f% of it waiting"


def test_where_work_and_wait_cannot_be_told_apart_no_share_is_claimed():
    unknown = picture(journey(span(0, 5, State.UNKNOWN), value=5))

    assert words.title(unknown) == "INC1 took 5\u202fh"
    assert ("Working or waiting", "100\u202f%") in words.figures(unknown)
    assert not [label for label, _ in words.figures(unknown) if label in ("Working", "Waiting")]


def test_waits_for_others_are_told_from_our_own():
    assert words.figures(picture(journeys.bounced())) == [
        ("Lead time", "20\u202fh"),
        ("Working", "15\u202f%"),
        ("Waiting for us", "45\u202f%"),
        ("Waiting for others", "40\u202f%"),
        ("Handoffs", "2"),
        ("Back to a team", "1"),
        ("Closing tail", "1\u202fd"),
    ]


def test_a_handoff_back_to_a_team_is_a_return():
    assert [(each.from_team, each.to_team, each.is_return) for each in picture(journeys.bounced()).handoffs] == [
        ("Desk", "Network", False),
        ("Network", "Desk", True),
    ]


def test_what_was_taken_for_done_and_reopened_is_part_of_the_lead_time():
    reopened = journey(
        span(0, 1, State.ACTIVE), span(1, 3, State.DONE), span(3, 4, State.ACTIVE), span(4, 4, State.DONE), value=4
    )
    assert ("Taken for done", "50\u202f%") in words.figures(picture(reopened))
    assert words.what(picture(reopened).band[1]) == "taken for done"


def test_where_no_team_is_known_no_handoffs_are_claimed():
    nobody = picture(journey(span(0, 1, State.ACTIVE, None), value=1))

    assert "handoff" not in words.subtitle(nobody)
    assert "Handoffs" not in dict(words.figures(nobody))
    assert "All" in shown(nobody)


def test_turns_are_the_times_that_teams_had_it_until_value():
    turns = picture(journeys.bounced()).tenures

    assert [(turn.team, turn.length) for turn in turns] == [
        ("Desk", timedelta(hours=3)),
        ("Network", timedelta(hours=8)),
        ("Desk", timedelta(hours=9)),
    ]


def test_a_team_that_nobody_knows_is_no_handoff():
    gap = journey(span(0, 1, State.ACTIVE), span(1, 2, State.ACTIVE, None), span(2, 3, State.ACTIVE), value=3)
    assert picture(gap).handoffs == ()


def test_each_record_says_how_much_of_the_lead_time_the_demand_waited_for_it():
    lanes = picture(journeys.across()).lanes

    assert [lane.waited for lane in lanes] == [timedelta(hours=1), timedelta(hours=11), timedelta(hours=18)]
    assert sum((lane.waited for lane in lanes), timedelta()) == timedelta(hours=30)


def test_what_a_record_did_while_the_demand_waited_for_another_is_kept_apart():
    incident = picture(journeys.across()).lanes[1].rows[0]

    assert [(each.began_at, each.ended_at) for each in incident.waited] == [(hour(1), hour(8)), (hour(26), hour(30))]
    assert incident.own[1].ended_at == hour(26)


def test_many_teams_share_the_last_row():
    spans = [span(n, n + 1, State.ACTIVE, f"Team {n}") for n in range(30)]
    rows = picture(journey(*spans, value=30)).lanes[0].rows

    assert len(rows) == MOST_ROWS
    assert rows[-1].label == "22 further teams"


def test_the_longest_pieces_stand_in_order_of_time():
    longest = picture(journeys.bounced()).longest

    assert [each.kind for each in longest] == [Kind.WAITING, Kind.WORKING, Kind.WAITING, Kind.OUTSIDE]
    assert sorted(longest, key=lambda each: each.began_at) == list(longest)


@pytest.mark.parametrize("name", ["bounced", "across"])
def test_a_journey_is_drawn_as_it_was_reviewed(name, golden):
    drawn = journey_drawing(picture(getattr(journeys, name)()))
    golden(f"{name}.svg", drawn.replace("><", ">\n<") + "\n")


def test_a_journey_is_seen_and_heard_alike():
    root = ET.fromstring(journey_drawing(picture(journeys.across())))

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc") == (
        "Journey of one item. SD1 took 1.2\u202fd, 43\u202f% of it waiting: interaction · 3 records · 2 teams · "
        "2 handoffs · 6 May 2024 11:00 to 7 May 2024 17:00 (Europe/Amsterdam). "
        "The longest stretch was 12\u202fh waiting for its date with Changes."
    )
    assert "18\u202fh of the lead time, 60\u202f%" in [each.text for each in root.iter(f"{SVG}text")]


def test_hostile_names_stay_text():
    evil = '</text><script>alert("1")</script>\x00\u202e'
    drawn = journey_drawing(picture(journey(span(0, 5, State.ACTIVE, evil, person=evil, step=evil), value=5, key=evil)))

    root = ET.fromstring(drawn)
    assert not list(root.iter(f"{SVG}script"))
    assert "\u202e" not in drawn


def test_a_drawing_uses_presentation_attributes_only():
    drawn = journey_drawing(picture(journeys.bounced()))
    assert not re.search(r"style=|var\(|filter|dominant-baseline|text-decoration|<use|<image|url\(", drawn)


def test_a_journey_without_any_length_is_drawn():
    at_once = picture(journey(span(0, 0, State.DONE), value=0))

    assert "INC1 took 0" in journey_drawing(at_once)
    assert "INC1 took 0" in shown(at_once)


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_shows_it_within_its_width(width):
    told = shown(picture(journeys.across()), width)

    assert max(map(len, told.splitlines())) <= width
    assert "SD1 took 1.2 d" in told
    assert "incident" in told


def test_the_terminal_tells_work_and_waits_without_colours():
    lines = shown(picture(journeys.bounced())).splitlines()
    network = next(line for line in lines if line.startswith("  Network"))

    assert re.fullmatch(r" +▒+█+ *", network.removeprefix("  Network"))
    assert any("Turn by turn: Desk 3 h → Network 8 h → Desk 9 h" in line for line in lines)


def test_a_long_closing_tail_does_not_push_the_rest_aside():
    axis = time_axis(hour(0), hour(1), hour(1000), UTC, 0, 100)

    assert axis.x(hour(1)) == pytest.approx(100 - 100 * MOST_OF_TAIL)
    assert axis.x(hour(1000)) == 100
    assert not axis.tail_is_to_scale


def test_a_short_closing_tail_is_to_scale():
    axis = time_axis(hour(0), hour(90), hour(100), UTC, 0, 100)

    assert axis.x(hour(90)) == pytest.approx(90)
    assert axis.tail_is_to_scale


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 50_000), st.floats(0, 50_000), st.sampled_from(["UTC", "Europe/Amsterdam", "Asia/Kolkata"]))
def test_the_axis_keeps_the_order_of_time_and_has_few_round_ticks(before, tail, zone):
    axis = time_axis(hour(0), hour(before), hour(before + tail), ZoneInfo(zone), 10, 110)
    places = [axis.x(hour(before * share)) for share in (0, 0.3, 0.7, 1)] + [axis.x(hour(before + tail))]
    ticks = axis.ticks()

    assert places == sorted(places)
    assert places[0] == 10
    assert len(ticks) <= 15
    assert all(at.astimezone(ZoneInfo(zone)).second == 0 for at, *_ in ticks)
