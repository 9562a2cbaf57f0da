"""Each kind of waste, as a change of the healthy recipe that grows with its strength.

At strength 1 a waste is as strong as the product promises to find it; 0 is health.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from bench.planted.recipe import DESK, RESOLVERS, Recipe

Planting = Callable[[Recipe, float], Recipe]


def _ping_pong(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, ping_pong_share=recipe.ping_pong_share + 0.15 * strength)


def _extra_step(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, second_check_share=0.15 * strength)


def _slow_step(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, slow_category="Laptop", slow_factor=1 + 4 * strength)


def _slow_transition(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, slow_transition_team="Network 2nd", slow_factor=1 + 14 * strength)


def _extreme_duration(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, extreme_share=0.02 * strength)


def _extreme_repetition(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, looping_share=0.015 * strength)


def _repeating_pattern(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, pattern_share=0.08 * strength)


def _rework(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, sent_back_share=recipe.sent_back_share + 0.15 * strength)


def _touchpoints_of_group(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, crowded_category="Mail" if strength >= 0.5 else "")


def _extreme_touchpoints(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, crowded_share=0.015 * strength)


def _slow_to_start(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, resolve_hours=recipe.resolve_hours * (1 + 7 * strength))


def _idle_in_queue(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, team_factors={**recipe.team_factors, "Workplace 2nd": 1 + 9 * strength})


def _never_refused(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, refused_share=recipe.refused_share * max(1 - strength, 0))


def _approval_wait(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, approval_hours=recipe.approval_hours * (1 + 11 * strength))


def _incomplete_intake(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, incomplete_share=recipe.incomplete_share + 0.2 * strength)


def _reopened(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, reopened_share=recipe.reopened_share + 0.1 * strength)


def _closing_tail(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, closing_hours=recipe.closing_hours + 22 * strength)


def _batching(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, batched_team="Applications 2nd", batch_days=(0, 2, 4) if strength >= 1 else (0, 1, 2, 3, 4))


def _priority_inversion(recipe: Recipe, strength: float) -> Recipe:
    factors = tuple(1 + (factor - 1) * (1 + strength) for factor in recipe.priority_factors)
    return replace(recipe, inverted_teams=(DESK, *RESOLVERS), priority_factors=tuple(max(f, 0.2) for f in factors))


def _skill_mismatch(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, simple_share=0.6 * strength)


def _breach_foreseen(recipe: Recipe, strength: float) -> Recipe:
    hours = 200.0 if recipe.around_the_clock else 60.0
    return replace(recipe, stuck_share=0.2 * strength, stuck_hours=hours)


def _demand_peaks(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, peak_days=0.25, peaks=1.5 * strength)


def _duplicates(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, duplicate_share=recipe.duplicate_share + 0.08 * strength)


def _cancelled_after_work(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, withdrawn_late_share=recipe.withdrawn_late_share + 0.1 * strength)


def _automatable(recipe: Recipe, strength: float) -> Recipe:
    spread = recipe.confirm_spread * (1 - strength) + 0.15 * strength
    return replace(recipe, confirm_spread=spread, confirm_minutes=12, automated_share=0.0)


WASTES: Mapping[str, Planting] = {
    "ping_pong": _ping_pong,
    "extra_step": _extra_step,
    "slow_step": _slow_step,
    "slow_transition": _slow_transition,
    "extreme_duration": _extreme_duration,
    "extreme_repetition": _extreme_repetition,
    "repeating_pattern": _repeating_pattern,
    "rework": _rework,
    "touchpoints_of_group": _touchpoints_of_group,
    "extreme_touchpoints": _extreme_touchpoints,
    "slow_to_start": _slow_to_start,
    "idle_in_queue": _idle_in_queue,
    "approval_never_refused": _never_refused,
    "approval_wait": _approval_wait,
    "incomplete_intake": _incomplete_intake,
    "reopened": _reopened,
    "closing_tail": _closing_tail,
    "batching": _batching,
    "priority_inversion": _priority_inversion,
    "skill_mismatch": _skill_mismatch,
    "breach_by_age": _breach_foreseen,
    "demand_peaks": _demand_peaks,
    "duplicates": _duplicates,
    "cancelled_after_work": _cancelled_after_work,
    "automatable_step": _automatable,
}
"""Wastes by the kind of finding that should tell of them."""


def with_wastes(recipe: Recipe, planted: Iterable[str], strength: float = 1.0) -> Recipe:
    """The recipe with several wastes at once."""
    for waste in planted:
        recipe = WASTES[waste](recipe, strength)
    return recipe
