"""What holds for a whole workspace, wherever a stream says nothing else: hours, rates, teams, privacy."""

from enum import StrEnum

from pydantic import Field, model_validator

from millrace.model.part import Part
from millrace.model.state import Side
from millrace.model.work_calendar import WorkCalendar


class WorkingHours(Part):
    """The calendar of streams that state none. None: office hours in UTC, which are then marked as assumed."""

    calendar: WorkCalendar | None = None


class Rates(Part):
    """What an hour's work costs, in one currency: of each team, and of those that are not named."""

    default_per_hour: float | None = Field(default=None, gt=0)
    per_team: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _cost_something(self) -> "Rates":
        free = sorted(team for team, rate in self.per_team.items() if rate <= 0)
        if free:
            raise ValueError(f"the rate of “{free[0]}” must be more than 0")
        return self


class NamedTeam(Part):
    """A team, the names under which logs know it, and whose time it spends."""

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    side: Side = Side.PROVIDER


class Teams(Part):
    """Teams as the workspace knows them. Teams of a log that are not among them stay as they are."""

    teams: tuple[NamedTeam, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> "Teams":
        names = [name for team in self.teams for name in (team.name, *team.aliases)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the name “{twice[0]}” stands in two places; a name belongs to one team")
        return self

    @property
    def name_of(self) -> dict[str, str]:
        """The team that goes by each other name."""
        return {alias: team.name for team in self.teams for alias in team.aliases}

    @property
    def side_of(self) -> dict[str, Side]:
        """The side of each team that is not the provider's."""
        return {team.name: team.side for team in self.teams if team.side is not Side.PROVIDER}


class Persons(StrEnum):
    """How people of the logs are shown."""

    PSEUDONYMS = "pseudonyms"
    """As “Person 17”: the same person under the same number everywhere, and no name."""
    TEAMS_ONLY = "teams_only"
    """Not at all: the finest that is shown is a team."""
    NAMES = "names"
    """By the names that logs give them."""


class Privacy(Part):
    """What the workspace shows of people, and how many have to stand behind a figure that tells groups apart."""

    persons: Persons = Persons.PSEUDONYMS
    smallest_group: int = Field(default=5, ge=1, le=1000)
    further_columns: tuple[str, ...] = Field(default=(), description="Columns that name people beside the known ones")
    harmless_columns: tuple[str, ...] = Field(
        default=(), description="Columns that name nobody, whatever they are called"
    )


Settlement = WorkingHours | Rates | Teams | Privacy
