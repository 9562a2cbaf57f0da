"""Settings of the workspace: where each lies; hours, rates and teams that hold wherever a stream says nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.state import SIDES
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.model.workspace_settings import NamedTeam, Rates, Settlement, Teams, WorkingHours
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Admin, Bench, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.settings import SettingChangedMeanwhile

router = APIRouter(prefix="/settings", dependencies=[Depends(own_form)])
CRUMBS = (Crumb("Settings", "/settings"),)
DAYS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
FREE_ROWS = 3

Text = Annotated[str, Form(max_length=20_000)]
Many = Annotated[list[str], Form(max_length=2000)]
BasedOn = Annotated[int, Form(ge=0)]
Kept = TypeVar("Kept", WorkingHours, Rates, Teams)


@dataclass(frozen=True)
class SettingPage:
    """A setting and its form: `fields` as they were filled in, or as the setting holds; what was wrong with them;
    where somebody else was first, `theirs` is what holds now, in words."""

    version: int
    fields: dict[str, Any]
    problem: str = ""
    theirs: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


class NotFilledIn(MillraceError):
    """A field of a setting's form cannot be read."""

    slug = "setting-not-filled-in"

    def __init__(self, field: str, given: str, wanted: str) -> None:
        """Name the field, what was given, and what is wanted."""
        super().__init__(f"{field}: “{given}” is not understood; {wanted}.")


@router.get("")
def show_settings(request: Request, actor: Admin) -> HTMLResponse:
    """Where settings are found."""
    del actor
    return page(request, "settings.html", title="Settings")


@router.get("/hours")
def show_hours(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """The working hours."""
    kept = bench.setting(actor, WorkingHours)
    return _shown(request, "hours", SettingPage(kept.version, _hours_fields(kept.value)))


@router.post("/hours")
async def save_hours(request: Request, actor: Admin, bench: Bench, based_on: BasedOn) -> Response:
    """Save the working hours."""
    filled = {name: str(value) for name, value in (await request.form()).items()}
    given = {name: filled.get(name, "") for name in ("zone", "holidays", *DAYS)}
    return _saved(request, actor, bench, "hours", given, based_on, lambda: _hours(given), _hours_words)


@router.get("/rates")
def show_rates(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """The hourly rates."""
    kept = bench.setting(actor, Rates)
    return _shown(request, "rates", SettingPage(kept.version, _rates_fields(kept.value), known=_teams(bench, actor)))


@router.post("/rates")
def save_rates(
    request: Request, actor: Admin, bench: Bench, based_on: BasedOn, default: Text = "", per_team: Text = ""
) -> Response:
    """Save the hourly rates."""
    given = {"default": default, "per_team": per_team}
    return _saved(request, actor, bench, "rates", given, based_on, lambda: _rates(default, per_team), _rates_words)


@router.get("/teams")
def show_teams(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """The teams."""
    kept = bench.setting(actor, Teams)
    return _shown(request, "teams", SettingPage(kept.version, _teams_fields(kept.value), known=_teams(bench, actor)))


@router.post("/teams")
def save_teams(
    request: Request, actor: Admin, bench: Bench, based_on: BasedOn, name: Many, aliases: Many, side: Many
) -> Response:
    """Save the teams; every source is brought in again with them."""
    rows = [{"name": n, "aliases": a, "side": s} for n, a, s in zip(name, aliases, side, strict=False)]
    given = {"rows": [row for row in rows if row["name"].strip()] + [dict(_NO_TEAM)] * FREE_ROWS}
    return _saved(request, actor, bench, "teams", given, based_on, lambda: _named_teams(rows), _teams_words)


def _saved(
    request: Request,
    actor: Actor,
    bench: SharedWorkbench,
    called: str,
    given: dict[str, Any],
    based_on: int,
    made: Callable[[], Settlement],
    words: Callable[[Any], Sequence[str]],
) -> Response:
    """Save what a form says, or show the form again with what is wrong, or with what somebody else saved."""
    try:
        bench.settle(actor, made(), based_on=based_on)
    except SettingChangedMeanwhile as problem:
        context = SettingPage(problem.version, given, problem.sentence, tuple(words(problem.theirs)))
        return _shown(request, called, context, status=409)
    except ValidationError as refused:
        sentence = str(refused.errors()[0]["msg"]).removeprefix("Value error, ")
        return _shown(
            request, called, SettingPage(based_on, given, f"{sentence[0].upper()}{sentence[1:]}."), status=422
        )
    except MillraceError as problem:
        return _shown(request, called, SettingPage(based_on, given, problem.sentence), status=422)
    return go_to("/settings", done=f"{TITLES[called]}: saved.")


TITLES = {"hours": "Working hours", "rates": "Hourly rates", "teams": "Teams"}
_NO_TEAM = {"name": "", "aliases": "", "side": "provider"}


def _shown(request: Request, called: str, context: SettingPage, *, status: int = 200) -> HTMLResponse:
    return page(
        request, f"settings_{called}.html", context, title=TITLES[called], crumbs=CRUMBS, days=DAYS, sides=SIDES,
        status=status,
    )  # fmt: skip


def _teams(bench: SharedWorkbench, actor: Actor) -> tuple[str, ...]:
    return bench.teams_in_logs(actor)


def _hours_fields(kept: WorkingHours) -> dict[str, str]:
    calendar = kept.calendar
    if calendar is None:
        return {"zone": "", "holidays": "", **dict.fromkeys(DAYS, "")}
    written = calendar.model_dump(mode="json")
    return {
        "zone": calendar.zone,
        "holidays": "\n".join(written["holidays"]),
        **{day: written["hours"].get(day, "") for day in DAYS},
    }


def _hours(given: dict[str, str]) -> WorkingHours:
    hours = {day: given[day].strip() for day in DAYS if given.get(day, "").strip()}
    if not hours:
        return WorkingHours()
    holidays = [_day(line) for line in given.get("holidays", "").split()]
    zone = given.get("zone", "").strip() or "UTC"
    calendar = WorkCalendar.model_validate({"zone": zone, "hours": hours, "holidays": sorted(set(holidays))})
    return WorkingHours(calendar=calendar)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise NotFilledIn("Holidays", written, "write days like 2026-12-25, one on each line") from error


def _hours_words(kept: WorkingHours) -> Sequence[str]:
    return [f"{DAYS.get(name, name)}: {value}" for name, value in _hours_fields(kept).items() if value]


def _rates_fields(kept: Rates) -> dict[str, str]:
    default = "" if kept.default_per_hour is None else f"{kept.default_per_hour:g}"
    return {"default": default, "per_team": "\n".join(f"{team} = {rate:g}" for team, rate in kept.per_team.items())}


def _rates(default: str, per_team: str) -> Rates:
    lines = [line.rpartition("=") for line in per_team.splitlines() if line.strip()]
    rates = {team.strip(): _rate(team.strip() or rate.strip(), rate) for team, _, rate in lines}
    return Rates(default_per_hour=_rate("Every other team", default) if default.strip() else None, per_team=rates)


def _rate(team: str, written: str) -> float:
    try:
        return float(written.strip().replace(",", "."))
    except ValueError as error:
        raise NotFilledIn(
            team, written.strip(), "write a number, and each team on a line such as Network = 70"
        ) from error


def _rates_words(kept: Rates) -> Sequence[str]:
    fields = _rates_fields(kept)
    return [f"every other team = {fields['default'] or 'none'}", *fields["per_team"].splitlines()]


def _teams_fields(kept: Teams) -> dict[str, Any]:
    rows = [{"name": t.name, "aliases": "; ".join(t.aliases), "side": str(t.side)} for t in kept.teams]
    return {"rows": [*rows, *([dict(_NO_TEAM)] * FREE_ROWS)]}


def _named_teams(rows: Sequence[dict[str, str]]) -> Teams:
    named = [row for row in rows if row["name"].strip()]
    return Teams(
        teams=tuple(
            NamedTeam.model_validate(
                {
                    "name": row["name"].strip(),
                    "aliases": tuple(each.strip() for each in row["aliases"].split(";") if each.strip()),
                    "side": row["side"],
                }
            )
            for row in named
        )
    )


def _teams_words(kept: Teams) -> Sequence[str]:
    return [f"{team.name} ({team.side}): {'; '.join(team.aliases) or 'no other names'}" for team in kept.teams]
