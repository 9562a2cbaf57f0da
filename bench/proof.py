"""How far verdicts on changes can be trusted: `bench proof`.

Logs are drawn whose items take random times, with weeks that resemble each other, weekdays, and on demand a trend, a
yearly season or a shift in the mix of work. On half a year a change is made, or none, and the verdict is compared with
what was done. Real logs are then split at random days, on which nobody changed anything that is known.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from millrace.flow.flow import Flow, FlowDescription
from millrace.flow.spans import DONE, NEVER, WAITING
from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.hypothesis import Hypothesis, Phase, Provable, Statistic
from millrace.improve.proof.observations import MICROSECONDS, Items, items_of, midnight
from millrace.improve.proof.prove import estimated_effect
from millrace.improve.proof.verdict import Outcome, judged
from millrace.model.absent import Absent
from millrace.workbench import Workbench

MONDAY = date(2024, 1, 1)
DAY = 86_400 * MICROSECONDS
DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {
    "VINST": "bpic2013_incidents/VINST-new.csv.gz",
    "ServiceNow": "uci_servicenow/incident_event_log.csv.gz",
    "bpic2014 incidents": "bpic2014/EventLog.csv.gz",
}
_WEEKDAYS = np.array([1.3, 1.2, 1.1, 1.1, 1.0, 0.3, 0.2])


@dataclass(frozen=True)
class World:
    """How a log is drawn. Effects, trends and swings are of the logarithm of the lead time.

    `likeness` is how much of a week's own level the next one keeps, `unrest` the spread of those levels; `trend` is per
    year. From the change on, `effect` holds for `reached` of the teams, and `shift` of the items are of the slow kind
    instead of the quick one.
    """

    name: str
    n_before: int = 39
    n_after: int = 16
    n_per_week: int = 60
    effect: float = 0.0
    trend: float = 0.0
    season: float = 0.0
    shift: float = 0.0
    likeness: float = 0.3
    unrest: float = 0.1
    spread: float = 1.2
    median_hours: float = 20.0
    reached: tuple[str, ...] = ()
    staged: tuple[int, ...] = field(default=())
    common: float = 0.0


TEAMS = ("A", "B", "C", "D")


def drawn(world: World, seed: int) -> Items:
    """The items of a world, as a log shows them that ends with its last week."""
    rng = np.random.default_rng(seed)
    n_weeks = world.n_before + world.n_after
    n = rng.poisson(world.n_per_week * n_weeks)
    week = rng.integers(0, n_weeks, n)
    day = rng.choice(7, n, p=_WEEKDAYS / _WEEKDAYS.sum())
    at = midnight(MONDAY) + ((week * 7 + day) * DAY) + (rng.uniform(7, 19, n) / 24 * DAY).astype(np.int64)
    team = rng.choice(TEAMS, n)
    is_after = week >= world.n_before
    slow_share = np.where(is_after, 0.3 + world.shift, 0.3)
    is_slow = rng.random(n) < slow_share
    level = _weekly(rng, n_weeks, world)[week] + np.where(is_slow, 1.2, 0.0)
    level += world.common * is_after
    start = np.full(n, world.n_before)
    if world.staged:
        start = world.n_before + np.array(world.staged)[np.searchsorted(TEAMS, team)]
    treated = np.isin(team, world.reached or TEAMS) & (week >= start)
    level += world.effect * treated
    lead = world.median_hours * 3600 * np.exp(level + world.spread * rng.normal(size=n)) * MICROSECONDS
    return _as_log(at, lead.astype(np.int64), midnight(MONDAY) + n_weeks * 7 * DAY, team, np.where(is_slow, "2", "1"))


def _weekly(rng: np.random.Generator, n_weeks: int, world: World) -> np.ndarray:
    own = np.zeros(n_weeks + 30)
    for at in range(1, len(own)):
        own[at] = world.likeness * own[at - 1] + world.unrest * np.sqrt(1 - world.likeness**2) * rng.normal()
    weeks = np.arange(n_weeks)
    swing = world.season * np.sin(2 * np.pi * (weeks / 52.18 + rng.random()))
    return own[30:] + world.trend * weeks / 52.18 + swing


def _as_log(at: np.ndarray, lead: np.ndarray, ends_at: int, team: np.ndarray, priority: np.ndarray) -> Items:
    """What is known of the items at the log's end: some are still open then."""
    over_at = at + lead
    is_over = over_at <= ends_at
    about = FlowDescription.model_construct(first_at=int(at.min()), last_at=ends_at, source_name="drawn")
    flow = Flow(Path(), Path(), about)
    columns = {
        "item": np.arange(len(at)),
        "demand_at": at,
        "value_at": np.where(is_over, over_at, NEVER),
        "ended_at": np.where(is_over, over_at, ends_at),
        "last_state": np.where(is_over, DONE, WAITING),
        "n_reopened": np.zeros(len(at), np.int64),
        "has_revisit": np.zeros(len(at), bool),
    }
    return Items(flow, columns, {"team": team.astype(str), "priority": priority.astype(str)})


def hypothesis_of(world: World, *, expected_ratio: float | None = None) -> Hypothesis:
    """The statement that fits how the change of a world was rolled out."""
    if world.staged:
        phases = [
            Phase(starts_on=_day(world.n_before + later), where={"team": (team,)})
            for team, later in sorted(zip(TEAMS, world.staged, strict=True), key=lambda pair: pair[1])
            if later < world.n_after
        ]
        return Hypothesis(phases=tuple(phases))
    where = {"team": world.reached} if world.reached else {}
    phase = Phase(starts_on=_day(world.n_before), where=where)
    return Hypothesis(phases=(phase,), expected_ratio=expected_ratio)


def _day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


@dataclass(frozen=True)
class Tally:
    """How many of the verdicts in a world covered the truth, confirmed, refuted; the smallest effect they could see."""

    world: World
    n: int
    n_known: int
    covered_ratio: float
    confirmed_ratio: float
    refuted_ratio: float
    smallest_ratio: float


def tally(world: World, n: int, *, expected_ratio: float | None = None) -> Tally:
    """Verdicts on `n` logs of a world; shares of all that had enough weeks to be judged."""
    asked = hypothesis_of(world, expected_ratio=expected_ratio)
    covered, outcomes, smallest = [], [], []
    for seed in range(n):
        found = estimated_effect(drawn(world, seed), asked)
        if isinstance(found, Absent):
            continue
        covered.append(found.low <= world.effect <= found.high)
        outcomes.append(judged(asked, found)[0])
        smallest.append(-found.relative(-found.smallest))
    known = max(1, len(covered))
    return Tally(
        world, n, len(covered), sum(covered) / known, outcomes.count(Outcome.CONFIRMED) / known,
        outcomes.count(Outcome.REFUTED) / known, float(np.median(smallest)) if smallest else float("nan"),
    )  # fmt: skip


_CUT = float(np.log(0.7))
WORLDS = (
    World("nothing"),
    World("nothing, short", n_before=16, n_after=10),
    World("nothing, long", n_before=80, n_after=26),
    World("nothing, weeks much alike", likeness=0.6, unrest=0.15),
    World("nothing, few items", n_per_week=15),
    World("a trend", trend=-0.5),
    World("a season, two years", season=0.3, n_before=80, n_after=26),
    World("a usual season, not yet a year", season=0.1),
    World("another mix", shift=-0.2),
    World("trend, season and mix", trend=-0.3, season=0.2, shift=-0.15, n_before=80, n_after=26),
    World("nothing, one team compared", reached=("A",), common=-0.4),
    World("nothing, team by team", staged=(0, 5, 10, 99), common=-0.4),
    World("30 % less", effect=_CUT),
    World("30 % less, long", effect=_CUT, n_before=80, n_after=26),
    World("30 % less, short", effect=_CUT, n_before=16, n_after=10),
    World("30 % less, with trend and other mix", effect=_CUT, trend=-0.3, shift=0.2),
    World("30 % less in one team", effect=_CUT, reached=("A",), n_per_week=120),
    World("30 % less, team by team", effect=_CUT, staged=(0, 5, 10, 99), n_per_week=120),
    World("50 % less", effect=float(np.log(0.5))),
)


@dataclass(frozen=True)
class Splits:
    """Verdicts on a real log at random days."""

    name: str
    n: int
    n_known: int
    n_confirmed: int
    n_refuted: int


_ASKED = (
    Hypothesis(phases=(Phase(starts_on=MONDAY),)),
    Hypothesis(phases=(Phase(starts_on=MONDAY),), statistic=Statistic.MEAN),
    Hypothesis(phases=(Phase(starts_on=MONDAY),), measure=Provable.REWORK),
    Hypothesis(phases=(Phase(starts_on=MONDAY),), measure=Provable.FIRST_TIME_COMPLETION),
    Hypothesis(phases=(Phase(starts_on=MONDAY),), measure=Provable.THROUGHPUT),
)


def splits(name: str, flow: Flow, n: int, *, seed: int = 1) -> Splits:
    """Split a log at `n` days drawn from the middle 90 % of its demand, each for one of several measures in turn."""
    items = items_of(flow, frozenset())
    rng = np.random.default_rng(seed)
    early, late = np.quantile(items["demand_at"], (0.05, 0.95))
    outcomes = []
    for at in range(n):
        instant = datetime.fromtimestamp(rng.uniform(early, late) / MICROSECONDS, UTC)
        asked = _ASKED[at % len(_ASKED)].model_copy(update={"phases": (Phase(starts_on=instant.date()),)})
        found = estimated_effect(items, asked)
        if isinstance(found, Estimated):
            outcomes.append(judged(asked, found)[0])
    return Splits(name, n, len(outcomes), outcomes.count(Outcome.CONFIRMED), outcomes.count(Outcome.REFUTED))


def run_proof(n: int = 300) -> None:
    """Print the tallies of all worlds, and of the real logs that are there."""
    print(f"{'world':<42}{'logs':>6}{'judged':>8}{'covered':>9}{'confirmed':>11}{'refuted':>9}{'seen from':>11}")
    for world in WORLDS:
        found = tally(world, n)
        print(
            f"{world.name:<42}{found.n:>6}{found.n_known:>8}{found.covered_ratio:>9.1%}{found.confirmed_ratio:>11.1%}"
            f"{found.refuted_ratio:>9.1%}{found.smallest_ratio:>11.0%}",
            flush=True,
        )
    with TemporaryDirectory(prefix="millrace-") as place:
        for name, file in REAL.items():
            if (DATA / file).exists():
                _, flow = Workbench(place)._flow(DATA / file, None, None, None, strict=False)
                found_splits = splits(name, flow, n)
                print(
                    f"{name}: {found_splits.n} random days, {found_splits.n_known} could be judged, "
                    f"{found_splits.n_confirmed} confirmed, {found_splits.n_refuted} refuted",
                    flush=True,
                )
