"""The picture of the delay tree: every block as high as its time, small ones together, nothing lost."""

import re
from xml.etree import ElementTree

from millrace.diagnose.delay_tree import Delay, Division
from millrace.draw.delay_tree import HEIGHT, delay_tree, delay_tree_table, headline, way

HOUR = 3_600_000_000


def leaf(where: str, division: Division, hours: float, n_items: int = 1) -> Delay:
    return Delay(where, where.rsplit("/", 1)[-1], division, round(hours * HOUR), n_items)


def node(where: str, division: Division | None, *children: Delay) -> Delay:
    name = where.rsplit("/", 1)[-1]
    return Delay(where, name, division, sum(child.microseconds for child in children), 9, children)


TREE = node(
    "lead-time",
    None,
    node(
        "waiting",
        Division.STATE,
        leaf("waiting/Intake & more", Division.STEP, 60),
        *(leaf(f"waiting/Small {n}", Division.STEP, 0.5) for n in range(20)),
    ),
    node("active", Division.STATE, leaf("active/Fix", Division.STEP, 30)),
)


def titles(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]


def test_the_headline_says_how_much_is_waiting() -> None:
    assert headline(TREE) == "70\u202f% of all lead time is waiting"


def test_small_branches_are_drawn_together() -> None:
    told = titles(delay_tree(TREE))

    assert sum("20 more" in title for title in told) == 1
    assert not any("Small 3" in title for title in told)


def test_the_blocks_of_a_column_fill_it() -> None:
    blocks = [
        (float(x), float(height))
        for x, height in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', delay_tree(TREE))
    ]
    first = min(x for x, _ in blocks if x > 0)

    assert sum(height for x, height in blocks if x == first) == HEIGHT


def test_the_table_holds_every_hour() -> None:
    rows = delay_tree_table(TREE).rows

    assert [row[:2] for row in rows[:2]] == [("waiting › Intake & more", "60"), ("active › Fix", "30")]
    assert sum(float(row[1]) for row in rows) == 100


def test_a_name_that_only_repeats_is_said_once() -> None:
    inner = leaf("waiting/requester/requester/Desk", Division.TEAM, 1)
    root = node("lead-time", None, node("waiting", Division.STATE, node("waiting/requester", Division.SIDE, node(
        "waiting/requester/requester", Division.REASON, inner))))  # fmt: skip

    assert way(root, inner) == "waiting › requester › Desk"


def test_nothing_delivered_is_drawn_and_said() -> None:
    svg = delay_tree(Delay("lead-time", "lead time", None, 0, 0))

    assert "Nothing was delivered yet" in svg
    assert delay_tree_table(Delay("lead-time", "lead time", None, 0, 0)).rows == ()
