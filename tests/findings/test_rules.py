"""Rules of one's own: what they find, how they are told, and what a mistake in them says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.findings.conftest import copies

from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.findings import findings
from millrace.diagnose.findings.registry import KINDS
from millrace.diagnose.findings.rules.fitting import refuse_what_does_not_fit
from millrace.diagnose.findings.rules.kinds_of_rules import kinds_of_rules
from millrace.diagnose.findings.rules.passages import passages
from millrace.diagnose.findings.rules.rule import Rule
from millrace.diagnose.findings.rules.rules_file import RulesInvalid, RulesNotRead, read_rules
from millrace.flow.flow import Flow

See = Callable[..., Evidence]

LIFE = [(0, "New", {"team": "A"}), (3, "In progress"), (4, "Awaiting vendor"), (10, "Fixing", {"team": "B"}),
        (11, "In progress", {"team": "A"}), (12, "Resolved")]  # fmt: skip
"""Taken in for 3 h, worked on, 6 h at the supplier, an hour with B, an hour with A again."""


def times(evidence: Evidence, **rule: object) -> list[float]:
    """Hours of each passage of such a rule."""
    found = passages(evidence, Rule.model_validate({"name": "asked", "title": "Asked", **rule}))
    return (found.time / HOUR).tolist()


@pytest.mark.parametrize(
    ("stretch", "hours"),
    [
        ({"step": "take in"}, [3]),
        ({"state": "waiting", "reason": "supplier"}, [6]),
        ({"side": "supplier", "longer_than": "5 h"}, [6]),
        ({"reason": "supplier", "longer_than": "6 h"}, []),
        ({"reason": "supplier", "shorter_than": "6 h"}, [6]),
        ({"team": "B"}, [1]),
        ({"step": ["W*", "Fix"]}, [9]),
    ],
)
def test_a_stretch_is_what_all_its_conditions_hold_for(desk: See, stretch: dict[str, str], hours: list[float]) -> None:
    assert times(desk({"a": LIFE}), stretch=stretch) == hours


def test_a_team_has_an_item_until_another_is_named(desk: See) -> None:
    assert times(desk({"a": LIFE}), stretch={"team": "A"}) == [10, 1]


def test_a_chain_is_one_stretch_directly_after_the_other(desk: See) -> None:
    assert times(desk({"a": LIFE}), chain=[{"step": "Take in"}, {"step": "Work"}]) == [10]
    assert times(desk({"a": LIFE}), chain=[{"step": "Take in"}, {"step": "Fix"}]) == []


def test_a_stretch_that_may_come_later_need_not_follow_at_once(desk: See) -> None:
    assert times(desk({"a": LIFE}), chain=[{"step": "Take in"}, {"step": "Fix", "later": True}]) == [11]


def test_the_time_between_two_beginnings_can_be_bounded(desk: See) -> None:
    def chain(**how: str) -> list[dict[str, str]]:
        return [{"team": "A"}, {"team": "B", **how}]

    assert times(desk({"a": LIFE}), chain=chain(within="10 h")) == [11]
    assert times(desk({"a": LIFE}), chain=chain(within="9 h")) == []
    assert times(desk({"a": LIFE}), chain=chain(after="9 h")) == [11]


def test_business_hours_do_not_run_at_night(desk: See) -> None:
    # From Monday 16:00 to Tuesday 10:00, working hours 9 to 17.
    evidence = desk({"a": [(16, "New"), (34, "In progress"), (35, "Resolved")]})
    assert times(evidence, stretch={"step": "Take in"}, clock="business") == [2]


def test_only_items_whose_columns_fit_are_looked_at(desk: See) -> None:
    urgent, other = ({"more": (("priority", label),)} for label in ("P1", "P3"))
    lives = {
        "urgent": [(0, "New", urgent), (2, "Resolved", urgent)],
        "other": [(0, "New", other), (5, "Resolved", other)],
    }
    assert times(desk(lives), stretch={"step": "Take in"}, where={"priority": ["p1", "p2"]}) == [2]


def write(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(f"millrace: 1\nrules:\n{text}", "utf-8")
    return path


def told(flow: Flow, path: Path) -> list[tuple[str, float, int]]:
    """What the rules of a file find: kind, hours of the log, items."""
    file = read_rules(path)
    refuse_what_does_not_fit(file, flow)
    found = findings(flow, kinds=(*KINDS, *kinds_of_rules(file)))
    names = {rule.name for rule in file.rules}
    return [
        (each.kind, round(each.stake.hours_per_month * found.n_months, 3), each.n_items)
        for each in found.findings
        if each.kind in names
    ]


def test_a_rule_is_told_however_little_is_at_stake(desk_flow: Callable[..., Flow], tmp_path: Path) -> None:
    flow = desk_flow({"a": LIFE, **copies(50, [(0, "New"), (500, "Resolved")])})
    path = write(tmp_path, "  - {name: at_b, title: At B, stretch: {team: B}}\n")
    assert told(flow, path) == [("at_b", 1, 1)]


def test_going_through_it_too_seldom_is_no_finding(desk_flow: Callable[..., Flow], tmp_path: Path) -> None:
    flow = desk_flow({"a": LIFE})
    assert told(flow, write(tmp_path, "  - {name: to_a, title: To A, stretch: {team: A}, more_than: 1}\n"))
    assert not told(flow, write(tmp_path, "  - {name: to_a, title: To A, stretch: {team: A}, more_than: 2}\n"))


def test_all_times_together_can_be_asked_for(desk_flow: Callable[..., Flow], tmp_path: Path) -> None:
    flow = desk_flow({"a": LIFE})
    rule = "  - {{name: with_a, title: With A, stretch: {{team: A}}, in_all_longer_than: {}}}\n"
    assert told(flow, write(tmp_path, rule.format("10.5 h")))
    assert not told(flow, write(tmp_path, rule.format("11 h")))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "  - name: x\n    titel: X\n    stretch: {step: Work}\n",
            "line 4: “titel” is no key here; did you mean “title”?",
        ),
        ("  - name: x\n    title: X\n    stretch: {state: waitng}\n", "did you mean “waiting”?"),
        ("  - name: ping_pong\n    title: X\n    stretch: {step: Work}\n", "“ping_pong” is a kind of finding already"),
        ("  - name: x\n    title: X\n", "needs either one “stretch” or a “chain”"),
        ("  - name: x\n    title: X\n    stretch: {longer_than: 2 h}\n", "needs a step, team, state, reason or side"),
        ("  - name: x\n    title: X\n    chain: [{step: Work, within: 2 h}]\n", "follows none"),
        ("  - name: x\n    title: X\n    stretch: {step: Work, longer_than: soon}\n", "is not a duration"),
        ("  - name: x\n    title: X\n    stretch: {step: Work}\n    wastes: sloth\n", "“sloth” is no waste"),
        ("  - {name: x, title: X, stretch: {step: A}}\n  - {name: x, title: Y, stretch: {step: A}}\n", "two rules are"),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_its_line(tmp_path: Path, rule: str, sentence: str) -> None:
    with pytest.raises(RulesInvalid, match="line ") as refused:
        read_rules(write(tmp_path, rule))
    assert sentence in refused.value.sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "  - name: x\n    title: X\n    stretch:\n      step: Wrk\n",
            "line 6: the log has no step “Wrk”; did you mean “Work”?",
        ),
        ("  - name: x\n    title: X\n    chain: [{team: A}, {team: C}]\n", "line 5: the log has no team “C”"),
        ("  - name: x\n    title: X\n    stretch: {team: A}\n    where: {urgency: high}\n", "no column “urgency”"),
    ],
)
def test_what_the_log_does_not_have_is_told_with_its_line(
    desk_flow: Callable[..., Flow], tmp_path: Path, rule: str, sentence: str
) -> None:
    with pytest.raises(RulesInvalid) as refused:
        told(desk_flow({"a": LIFE}), write(tmp_path, rule))
    assert sentence in refused.value.sentence


def test_a_pattern_may_fit_nothing(desk_flow: Callable[..., Flow], tmp_path: Path) -> None:
    path = write(tmp_path, "  - {name: x, title: X, stretch: {team: 'C*'}}\n")
    assert told(desk_flow({"a": LIFE}), path) == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulesNotRead, match=r"nowhere\.yaml"):
        read_rules(tmp_path / "nowhere.yaml")
