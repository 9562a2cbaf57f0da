"""Mermaid: steps, ways and ends as text, with Mermaid's own signs made harmless."""

import re

import pytest

from millrace.draw.exports.mermaid import mermaid
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import TEMPLATES, load_template


def test_a_stream_is_a_flowchart_of_its_steps_and_ways() -> None:
    assert mermaid(parse_stream("name: a\nsteps: [{name: b, team: Desk, value_class: waste}, {name: c}]")).splitlines()[
        :9
    ] == [
        "---",
        'title: "a"',
        "---",
        "flowchart LR",
        '    demand(["Demand"]):::bound',
        '    s1["1 b<br/>Desk"]:::waste',
        '    s2["2 c"]:::unclassed',
        '    value(["Value delivered"]):::bound',
        "    demand --> s1",
    ]


def test_rework_is_dashed_and_carries_share_and_reason() -> None:
    text = mermaid(load_template("hr-access"))

    assert 's2 -.->|"5 %: information missing"| s1' in text
    assert 's2 -->|"95 %"| s3' in text


def test_parallel_ways_and_early_ends_are_told() -> None:
    text = mermaid(load_template("vendor-onboarding"))

    assert 's3 -->|"at the same time"| s5' in text
    assert 's2 -->|"10 %"| gone' in text


def test_what_the_last_step_does_not_send_back_is_value() -> None:
    text = mermaid(parse_stream("name: a\nsteps: [{name: b}, {name: c, routes: [{to: b, share_ratio: 10 %}]}]"))

    assert 's2 -->|"90 %"| value' in text


def test_signs_of_mermaid_in_names_are_harmless() -> None:
    text = mermaid(parse_stream("name: a\nsteps: [{name: 'end \"q\" # <b> `x` & |'}]"))

    assert 's1["1 end #quot;q#quot; #35; #lt;b#gt; #96;x#96; #amp; |"]' in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_arrow_joins_nodes_that_are_there(template: str) -> None:
    text = mermaid(load_template(template))
    nodes = set(re.findall(r"^    (\w+)[\[(]", text, re.MULTILINE))
    arrows = re.findall(r'^    (\w+) -\.?->(?:\|".*?"\|)? (\w+)$', text, re.MULTILINE)

    assert {end for arrow in arrows for end in arrow} == nodes
