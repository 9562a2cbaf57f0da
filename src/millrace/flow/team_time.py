"""Team time: how long items spend with each team, by state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TeamTime:
    """Seconds before value per team and state (`new`, `active`, `waiting`, …; waiting split by reason as
    `waiting: requester`). Rows are sorted by total, longest first; the tail is folded into `other teams`."""

    teams: tuple[str, ...]
    states: tuple[str, ...]
    seconds: tuple[tuple[float, ...], ...]
