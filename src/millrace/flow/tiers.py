"""Support tiers as the names of teams tell them: `V5 3rd`, `Network L2`, `2e lijn`, `Niveau 1`."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

_ALONE = r"(?<![a-z0-9])(?:{})(?![a-z0-9])"
_CONVENTIONS = tuple(
    re.compile(_ALONE.format(written), re.IGNORECASE)
    for written in (
        r"([1-4])(?:st|nd|rd|th|e|de|er|eme|ème|ª|º|a)",
        r"(?:tier|level|line|niveau|nivel|stufe|ebene|livello|poziom|lijn|linje)[-_ ]?([1-4])",
        r"(first|second|third)[-_ ](?:line|level|tier)",
        r"[ln][-_ ]?([1-4])",
    )
)
_NUMBERS = {"first": 1, "second": 2, "third": 3} | {str(number): number for number in range(1, 5)}
TIER_NAMES = {1: "1st line", 2: "2nd line", 3: "3rd line", 4: "4th line"}


def tier_patterns(teams: Collection[str]) -> dict[int, tuple[str, ...]]:
    """Patterns that match the teams of each stated tier, in the one way of writing tiers that most teams follow.

    E.g. {2: ("* 2nd",), 3: ("* 3rd",)}. A team whose whole name looks like a tier (“N4”) has a name, not a tier.
    """
    stated = [_stated(teams, convention) for convention in _CONVENTIONS]
    best = max(stated, key=lambda patterns: sum(len(found) for found in patterns.values()))
    return {number: tuple(sorted({pattern for _, pattern in best[number]})) for number in sorted(best)}


def tiers_of(teams: Sequence[str]) -> tuple[int, ...] | None:
    """The tier of each team; 1 where its name states none. None where no name states a higher tier."""
    higher = {tier: patterns for tier, patterns in tier_patterns(teams).items() if tier > 1}
    if not higher:
        return None
    return tuple(
        next((t for t, patterns in higher.items() if any(fnmatchcase(team.strip().lower(), p) for p in patterns)), 1)
        for team in teams
    )


def _stated(teams: Collection[str], convention: re.Pattern[str]) -> dict[int, set[tuple[str, str]]]:
    """Tier → the teams that state it, each with a pattern made of the words that do."""
    by_tier: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for team in teams:
        found = convention.search(team)
        if found is not None and found[0] != team.strip():
            before = f"*{team[found.start() - 1]}" if found.start() else ""
            after = f"{team[found.end()]}*" if found.end() < len(team) else ""
            by_tier[_NUMBERS[found[1].lower()]].add((team, f"{before}{found[0]}{after}".lower()))
    return by_tier
