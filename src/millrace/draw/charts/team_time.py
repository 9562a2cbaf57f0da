"""Team time: how long items spend with each team, by state, as a heat map."""

from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.heat_map import Matrix, heat_map
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, count, days, percent_roughly
from millrace.flow.team_time import OTHER_TEAMS, TeamTime

MOST_TEAMS = 15


def team_time(times: TeamTime, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw time before value by team and state; None where there is none."""
    total = sum(map(sum, times.seconds))
    if not times.teams or not times.states or total <= 0:
        return None
    teams, seconds = _folded(times)
    most = max(
        (amount, row, column)
        for row, cells in enumerate(seconds)
        for column, amount in enumerate(cells)
        if teams[row] != OTHER_TEAMS or len(teams) == 1
    )
    where = f"“{times.states[most[2]]}” with {teams[most[1]]}"
    finding = f"{percent_roughly(most[0] / total)} of all time before value is {where}"
    texts = tuple(tuple(_days(amount, scale) for amount in cells) for cells in seconds)
    return Chart(
        title=finding,
        subtitle=f"Time before value in {noun.one}-{scale.days}, by team (rows) and state (columns)",
        alt=f"Heat map of {len(teams)} teams and {len(times.states)} states. {finding}.",
        picture=heat_map(Matrix(teams, times.states, seconds, texts)),
        table=TableTwin(
            ("Team", *times.states, "All"),
            tuple(
                (team, *shown, _days(sum(amounts), scale))
                for team, shown, amounts in zip(teams, texts, seconds, strict=True)
            ),
        ),
        note=""
        if len(teams) == len(times.teams)
        else f"Teams after the first {count(MOST_TEAMS)} are folded into one row.",
    )


def _folded(times: TeamTime) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    if len(times.teams) <= MOST_TEAMS + 1:
        return times.teams, times.seconds
    rest = tuple(map(sum, zip(*times.seconds[MOST_TEAMS:], strict=True)))
    return (*times.teams[:MOST_TEAMS], OTHER_TEAMS), (*times.seconds[:MOST_TEAMS], rest)


def _days(seconds: float, scale: TimeScale) -> str:
    return days(seconds, scale) if seconds > 0 else ""
