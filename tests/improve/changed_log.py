"""An export in which a change was made: tickets of four teams, of which some wait less from a day on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

BEGINS_AT = datetime(2024, 1, 1, tzinfo=UTC)
CHANGED_WEEK, N_WEEKS = 40, 58
CHANGED_ON = (BEGINS_AT + timedelta(weeks=CHANGED_WEEK)).date()
TEAMS = ("Desk", "Network", "Apps", "Field")


def write_changed_log(path: Path, *, factor: float, teams: tuple[str, ...] = TEAMS, seed: int = 1) -> Path:
    """Write the export; the wait of tickets of `teams` demanded from the change on is multiplied by `factor`."""
    rng = np.random.default_rng(seed)
    n = 50 * N_WEEKS
    at = np.sort(rng.uniform(0, N_WEEKS * 7 * 86_400, n))
    team, priority = rng.choice(TEAMS, n), rng.choice(["P2", "P3"], n, p=[0.3, 0.7])
    wait = 20 * 3600 * np.exp(rng.normal(0, 1, n) + np.where(priority == "P3", 0.5, 0.0))
    wait *= np.where((at >= CHANGED_WEEK * 7 * 86_400) & np.isin(team, teams), factor, 1.0)
    work = 1800 * np.exp(rng.normal(0, 0.5, n))
    ends = N_WEEKS * 7 * 86_400
    rows = ["number,time,status,team,priority"]
    for k in range(n):
        stages = ((at[k], "New"), (at[k] + wait[k], "In Progress"), (at[k] + wait[k] + work[k], "Resolved"))
        for second, status in stages:
            if second <= ends:
                when = BEGINS_AT + timedelta(seconds=float(second))
                rows.append(f"INC{k:05},{when:%Y-%m-%d %H:%M:%S},{status},{team[k]},{priority[k]}")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path
