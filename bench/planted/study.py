"""Is planted waste found, and is a healthy desk left in peace? The study behind the tests in `tests/planted`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.planted.planted_log import planted_flow, write_export
from bench.planted.recipe import Recipe
from bench.planted.wastes import WASTES, with_wastes
from millrace.diagnose.findings.finding import Findings
from millrace.diagnose.findings.findings import findings
from millrace.workbench import Workbench

ANSWERS: dict[str, tuple[str, ...]] = {
    # What never refuses an approval takes all the time of it, and so the wait for it.
    "approval_wait": ("approval_wait", "approval_never_refused"),
}
"""Kinds of findings that tell of a waste, where it is not the one kind of its name."""
ONLY_STATUSES = frozenset({"incomplete_intake", "extreme_repetition"})
"""Wastes that a log of work does not show: it knows no waits for the requester."""
CONTRADICT = frozenset(frozenset({"automatable_step", other}) for other in ("rework", "repeating_pattern"))
"""Wastes that cannot both hold: a step that sends work back or elsewhere decides something, and no script would."""
N_HEALTHY, N_SEEDS, STRENGTHS = 200, 5, (0.5, 1.0, 1.5)
LEAST_RECALL, MOST_ALARMS = 0.95, 0.05
N_EXPORTS = 40
NEEDS_ITS_STREAM = {
    # Of statuses and teams with tiers the lines of support are proposed as steps: what happens within one is not seen.
    "statuses": frozenset({"extra_step", "slow_transition", "rework", "repeating_pattern", "automatable_step"}),
    # A promise is told by the stream.
    "all": frozenset({"breach_by_age"}),
}
Find = Callable[[Recipe], Findings]


def recipes(n: int) -> Iterator[Recipe]:
    """Healthy recipes of all four sorts of logs in turn, of different sizes, seasons and seeds."""
    sorts = tuple(product((True, False), (False, True)))
    for seed in range(n):
        has_statuses, around_the_clock = sorts[seed % len(sorts)]
        yield Recipe(
            seed=seed,
            n_items=(1_500, 2_000, 3_000)[seed % 3],
            season=(0.0, 0.15, 0.3)[seed % 3],
            has_statuses=has_statuses,
            around_the_clock=around_the_clock,
        )


def found_in(recipe: Recipe) -> Findings:
    """What is found in the log of a recipe."""
    with TemporaryDirectory() as folder:
        return findings(planted_flow(recipe, Path(folder)))


def found_in_export(recipe: Recipe) -> Findings:
    """What is found in the log of a recipe as a tool would export it: nothing about it is told, all is recognised."""
    with TemporaryDirectory() as folder:
        export = Path(folder) / "export.csv"
        write_export(recipe, export)
        return Workbench(Path(folder) / "workspace").findings(export).findings


def is_told(waste: str, found: Findings) -> bool:
    """Whether a finding tells of the waste."""
    return any(finding.kind in ANSWERS.get(waste, (waste,)) for finding in found.findings)


def shows(recipe: Recipe, waste: str) -> bool:
    """Whether a log of this sort can show the waste at all."""
    return recipe.has_statuses or waste not in ONLY_STATUSES


def alarms(healthy: Iterable[Recipe], find: Find = found_in) -> list[tuple[Recipe, tuple[str, ...]]]:
    """The healthy logs in which something is found, and what."""
    found = ((recipe, tuple(finding.kind for finding in find(recipe).findings)) for recipe in healthy)
    return [(recipe, kinds) for recipe, kinds in found if kinds]


def missed(
    planted: Iterable[tuple[Recipe, Sequence[str]]], strength: float = 1.0, find: Find = found_in
) -> list[tuple[Recipe, str]]:
    """Every planted waste of which nothing is told; several in one log are looked for each."""
    result = []
    for recipe, wastes in planted:
        found = find(with_wastes(recipe, wastes, strength))
        result += [(recipe, waste) for waste in wastes if not is_told(waste, found)]
    return result


def alone(waste: str, seeds: Sequence[int]) -> list[tuple[Recipe, Sequence[str]]]:
    """A waste by itself, in each sort of log that can show it."""
    varied = [replace(recipe, seed=1_000 + seed) for seed in seeds for recipe in recipes(4)]
    return [(recipe, (waste,)) for recipe in varied if shows(recipe, waste)]


def run() -> None:
    """Print recall per waste and strength, of wastes planted in pairs, and in exports; and alarms in healthy logs."""
    _tell_alarms("healthy logs", N_HEALTHY, alarms(recipes(N_HEALTHY)))
    for strength in STRENGTHS:
        print(f"recall at strength {strength:g}:", flush=True)
        for waste in WASTES:
            planted = alone(waste, range(N_SEEDS))
            _tell(waste, len(planted), len(missed(planted, strength)), least=LEAST_RECALL if strength >= 1 else 0.0)
    _run_pairs()
    _run_exports()


def _run_pairs() -> None:
    pairs = [(replace(recipe, seed=5_000 + number), pair)
             for number, (pair, recipe) in enumerate(zip(combinations(WASTES, 2), _ever(), strict=False))
             if frozenset(pair) not in CONTRADICT and all(shows(recipe, waste) for waste in pair)]  # fmt: skip
    lost = Counter(waste for _, waste in missed(pairs))
    of = Counter(waste for _, pair in pairs for waste in pair)
    print(f"recall in pairs, {1 - lost.total() / of.total():.1%} in all:")
    for waste in WASTES:
        _tell(waste, of[waste], lost[waste], least=LEAST_RECALL)


def _run_exports() -> None:
    """As a user would: nothing but the export is given."""
    _tell_alarms("healthy exports", N_EXPORTS, alarms(recipes(N_EXPORTS), found_in_export))
    print("recall in exports:")
    for waste in WASTES:
        planted = [(recipe, wastes) for recipe, wastes in alone(waste, range(1)) if is_seen_in_export(recipe, waste)]
        if planted:
            _tell(waste, len(planted), len(missed(planted, find=found_in_export)), least=LEAST_RECALL)


def is_seen_in_export(recipe: Recipe, waste: str) -> bool:
    """Whether the waste shows by the stream that is proposed for an export."""
    hidden = NEEDS_ITS_STREAM["all"] | (NEEDS_ITS_STREAM["statuses"] if recipe.has_statuses else frozenset())
    return waste not in hidden and shows(recipe, waste)


def _tell_alarms(what: str, n: int, raised: list[tuple[Recipe, tuple[str, ...]]]) -> None:
    verdict = "within" if len(raised) <= MOST_ALARMS * n else "OVER"
    print(f"{len(raised)} of {n} {what} raise a finding ({verdict} the limit of {MOST_ALARMS:.0%})")
    print("   ", dict(Counter(kind for _, kinds in raised for kind in kinds)), flush=True)


def _ever() -> Iterator[Recipe]:
    while True:
        yield from recipes(4)


def _tell(waste: str, n: int, n_missed: int, *, least: float) -> None:
    recall = 1 - n_missed / n
    print(f"    {waste:24} {recall:7.1%} of {n}{'' if recall >= least else '   BELOW'}", flush=True)
