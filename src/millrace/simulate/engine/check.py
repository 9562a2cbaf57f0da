"""What cannot be simulated, told in sentences before a run begins."""

import math
from collections.abc import Iterable, Sequence

from millrace.errors import MillraceError
from millrace.model.ratio import show_ratio
from millrace.simulate.simulated_stream import (
    CANCELLED,
    HOURS_PER_WEEK,
    VALUE,
    Arrivals,
    Demand,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
)

_ROUNDING = 0.005
"""By how much shares may fail to add up to 1: what rounding makes of them."""


class CannotSimulate(MillraceError):
    """A stream describes nothing that could happen."""

    slug = "cannot-simulate"


class NoSuchStep(CannotSimulate):
    """Items would go to a step that is not there."""

    slug = "simulated-step-missing"

    def __init__(self, place: str, named: str, steps: Iterable[str]) -> None:
        """Name the place, the step, and those there are."""
        there_are = ", ".join(f"“{step}”" for step in steps)
        super().__init__(f"{place} leads to “{named}”, which is no step of the stream; there is {there_are}.")


class NoSuchTeam(CannotSimulate):
    """Work is given to a team that is not there."""

    slug = "simulated-team-missing"

    def __init__(self, step: str, team: str) -> None:
        """Name the step and the team."""
        super().__init__(
            f"Step “{step}” is worked on by “{team}”, which is no team of the stream; add it to the teams."
        )


class SharesDoNotAddUp(CannotSimulate):
    """Alternatives leave something over, or exceed the whole."""

    slug = "simulated-shares"

    def __init__(self, place: str, total: float) -> None:
        """Name the place and the sum."""
        super().__init__(f"{place} add up to {show_ratio(total)}; shares of alternatives have to make 100 %.")


class NoWayOut(CannotSimulate):
    """Items that come to some steps never get out again."""

    slug = "simulated-endless"

    def __init__(self, steps: Sequence[str], kind: str) -> None:
        """Name the steps."""
        named = ", ".join(f"“{step}”" for step in steps)
        super().__init__(f"Items{kind} that come to {named} never get out; let a share of them go on to value.")


class NobodyThere(CannotSimulate):
    """A crew has nobody in it."""

    slug = "simulated-nobody"

    def __init__(self, team: str, n_people: int) -> None:
        """Name the team."""
        super().__init__(f"A crew of team “{team}” has {n_people} people; give it at least one, or leave the crew out.")


class ImpossibleNumber(CannotSimulate):
    """A number that has no meaning where it stands."""

    slug = "simulated-number"

    def __init__(self, place: str, number: float, wanted: str) -> None:
        """Name the place, the number and what is wanted."""
        super().__init__(f"{place} is {number:g}; it has to be {wanted}.")


class NothingGathers(CannotSimulate):
    """A batch that nothing ever releases."""

    slug = "simulated-batch"

    def __init__(self, step: str) -> None:
        """Name the step."""
        super().__init__(
            f"What gathers before step “{step}” would never go on; give the batch a size, a longest wait or a calendar."
        )


class PoolDisagrees(CannotSimulate):
    """Teams that share a queue pick from it by different rules."""

    slug = "simulated-pool"

    def __init__(self, step: str, teams: Sequence[str]) -> None:
        """Name the step and the teams."""
        named = ", ".join(f"“{team}”" for team in teams)
        super().__init__(f"The teams {named} share the queue of step “{step}”, so they have to pick by the same rule.")


def check_stream(stream: SimulatedStream) -> None:
    """Raise a CannotSimulate that names what is wrong, if anything is."""
    if not stream.steps:
        raise ImpossibleNumber("The number of steps", 0, "at least 1")
    names = [step.name for step in stream.steps]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImpossibleNumber(f"The number of steps called “{twice[0]}”", names.count(twice[0]), "1")
    _check_demand(stream.demand)
    for team in stream.teams:
        for crew in team.crews:
            if crew.n_people < 1:
                raise NobodyThere(team.name, crew.n_people)
            _check_time(f"The overtime of team “{team.name}”", crew.overtime_seconds)
    _check_ways("The entry", stream.entry, names, [])
    for step in stream.steps:
        _check_ways(f"A route of step “{step.name}”", step.routes, names, [VALUE, CANCELLED])
        _check_work(step, stream)
        _check_waiting(step)
    _check_endings(stream)


def _check_demand(demand: Demand) -> None:
    arrivals = demand.arrivals
    for thinning in demand.thinning:
        _check_ratio("The share of demand that does not come", thinning.share_ratio)
    if not isinstance(arrivals, Arrivals):
        return
    if len(arrivals.per_hour) != HOURS_PER_WEEK:
        raise ImpossibleNumber("The number of hourly rates of the demand", len(arrivals.per_hour), "168, one week")
    for rate in arrivals.per_hour:
        if not (math.isfinite(rate) and rate >= 0):
            raise ImpossibleNumber("An hourly rate of the demand", rate, "0 or more")
    if arrivals.n_per_arrival < 1:
        raise ImpossibleNumber("The number of items that come at once", arrivals.n_per_arrival, "1 or more")
    if arrivals.growth_per_week_ratio <= -1:
        raise ImpossibleNumber("The growth of the demand per week", arrivals.growth_per_week_ratio, "above −1")
    _check_sum("The shares of the kinds of items", [kind.share_ratio for kind in demand.kinds])
    for drawn in demand.attributes:
        _check_sum(f"The shares of attribute “{drawn.name}”", list(drawn.shares.values()))


def _check_ways(place: str, rules: Sequence[RouteRule], steps: Sequence[str], ends: Sequence[str]) -> None:
    for rule in rules:
        for way in rule.ways:
            if way.to not in steps and way.to not in ends:
                raise NoSuchStep(place, way.to, steps)
        _check_sum(f"{place}: the shares of the ways on", [way.share_ratio for way in rule.ways])


def _check_work(step: SimulatedStep, stream: SimulatedStream) -> None:
    teams = {team.name: team for team in stream.teams}
    for rule in step.work:
        if rule.ways:
            _check_sum(f"Step “{step.name}”: the shares of its ways of working", [way.share_ratio for way in rule.ways])
        for way in rule.ways:
            for team in way.teams:
                if team not in teams:
                    raise NoSuchTeam(step.name, team)
            if len({teams[team].discipline for team in way.teams}) > 1:
                raise PoolDisagrees(step.name, way.teams)


def _check_waiting(step: SimulatedStep) -> None:
    for wait in step.waits:
        _check_ratio(f"The share that waits in step “{step.name}”", wait.share_ratio)
        _check_time(f"The longest wait in step “{step.name}”", wait.at_most_seconds)
    for patience in step.patience:
        _check_ratio(f"The share that gives up in step “{step.name}”", patience.share_ratio)
    for escalation in step.escalations:
        _check_time(f"The time until escalation in step “{step.name}”", escalation.after_seconds)
    for batch in step.batches:
        _check_time(f"The longest that a batch gathers before step “{step.name}”", batch.at_most_seconds)
        if batch.size is not None and batch.size < 1:
            raise ImpossibleNumber(f"The size of a batch before step “{step.name}”", batch.size, "1 or more")
        if batch.size is None and batch.at_most_seconds is None and batch.calendar is None:
            raise NothingGathers(step.name)


def _check_endings(stream: SimulatedStream) -> None:
    """Raise NoWayOut where items of some rules can come to steps from which no way leads to an end.

    A rule for later visits counts with those before it: what it lets out has a way out. Rules with a `where` are
    looked at one condition at a time, since nobody lists all combinations.
    """
    conditions = [{}, *(rule.where for step in stream.steps for rule in step.routes if rule.where)]
    for where in conditions:
        ways = {step.name: _ways_under(step, where) for step in stream.steps}
        out = {name for name, to in ways.items() if VALUE in to or CANCELLED in to}
        while more := {name for name, to in ways.items() if name not in out and to & out}:
            out |= more
        stuck = [step.name for step in stream.steps if step.name not in out]
        if stuck:
            said = ", ".join(f"{name} “{'” or “'.join(values)}”" for name, values in where.items())
            raise NoWayOut(stuck, f" with {said}" if said else "")


def _ways_under(step: SimulatedStep, where: object) -> set[str]:
    to: set[str] = set()
    for rule in step.routes:
        if rule.where and rule.where != where:
            continue
        to |= {way.to for way in rule.ways if way.share_ratio > 0}
        if rule.from_visit == 1:
            return to
    return to | {VALUE}


def _check_sum(place: str, shares: Sequence[float]) -> None:
    for share in shares:
        if not (math.isfinite(share) and share >= 0):
            raise ImpossibleNumber(f"{place}: one share", share, "between 0 and 1")
    if abs(sum(shares) - 1) > _ROUNDING:
        raise SharesDoNotAddUp(place, sum(shares))


def _check_ratio(place: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ImpossibleNumber(place, share, "between 0 and 1")


def _check_time(place: str, seconds: float | None) -> None:
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        raise ImpossibleNumber(f"{place}, in seconds,", seconds, "0 or more: time does not run backwards")
