"""Waste that is planted in an otherwise healthy log is found, and a healthy log is left in peace.

A seeded part of the study `python -m bench planted`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from bench.planted.recipe import Recipe
from bench.planted.study import MOST_ALARMS, alarms, found_in, found_in_export, is_told, recipes, shows
from bench.planted.wastes import WASTES, with_wastes

from millrace.diagnose.findings.finding import Findings

PAIRS = (
    ("ping_pong", "approval_wait"),
    ("slow_to_start", "reopened"),
    ("incomplete_intake", "closing_tail"),
    ("priority_inversion", "cancelled_after_work"),
    ("duplicates", "skill_mismatch"),
    ("rework", "demand_peaks"),
)
N_HEALTHY = 24

Find = Callable[[tuple[str, ...], Recipe], Findings]


@pytest.fixture(scope="module")
def find() -> Find:
    """What is found where wastes are planted in a recipe."""
    return cache(lambda wastes, recipe: found_in(with_wastes(recipe, wastes)))


def recipe_for(number: int, *wastes: str) -> Recipe:
    """A recipe of a sort of log that can show the wastes; which one differs by the number."""
    sorts = [recipe for recipe in recipes(4) if all(shows(recipe, waste) for waste in wastes)]
    return replace(sorts[number % len(sorts)], seed=300 + number)


@pytest.mark.parametrize(("number", "waste"), list(enumerate(WASTES)))
def test_a_waste_planted_alone_is_found(number: int, waste: str, find: Find) -> None:
    assert is_told(waste, find((waste,), recipe_for(number, waste)))


@pytest.mark.parametrize(("number", "pair"), list(enumerate(PAIRS)))
def test_wastes_planted_together_are_both_found(number: int, pair: tuple[str, str], find: Find) -> None:
    found = find(pair, recipe_for(number, *pair))
    assert [waste for waste in pair if not is_told(waste, found)] == []


@pytest.mark.parametrize(("number", "pair"), list(enumerate(PAIRS)))
def test_hours_at_stake_never_exceed_the_hours_there_are(number: int, pair: tuple[str, str], find: Find) -> None:
    found = find(pair, recipe_for(number, *pair))
    assert 0 < sum(finding.stake.hours_per_month for finding in found.findings) * found.n_months <= found.hours


@pytest.mark.parametrize(("number", "waste"), [(0, "incomplete_intake"), (1, "closing_tail"), (2, "batching")])
def test_a_waste_is_found_in_an_export_of_which_nothing_is_told(number: int, waste: str) -> None:
    assert is_told(waste, found_in_export(with_wastes(recipe_for(number, waste), (waste,))))


def test_healthy_exports_are_left_in_peace() -> None:
    assert alarms(recipes(4), found_in_export) == []


def test_healthy_logs_are_left_in_peace() -> None:
    raised = alarms(recipes(N_HEALTHY))
    assert len(raised) <= MOST_ALARMS * N_HEALTHY, raised
