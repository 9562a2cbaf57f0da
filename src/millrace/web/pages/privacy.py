"""What the workspace shows of people, and how somebody is erased from it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.workspace_settings import Persons, Privacy
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Admin, Bench, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.settings import SettingChangedMeanwhile

router = APIRouter(prefix="/settings/privacy", dependencies=[Depends(own_form)])
CRUMBS = (Crumb("Settings", "/settings"),)

Text = Annotated[str, Form(max_length=20_000)]


@dataclass(frozen=True)
class PrivacyPage:
    """The setting and its form, the columns that name people in each source, and what was wrong."""

    version: int
    persons: str
    smallest_group: str
    further: str
    harmless: str
    columns: dict[str, tuple[str, ...]]
    problem: str = ""
    names: str = ""
    erasure_problem: str = ""


@router.get("")
def show_privacy(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """What is shown of people."""
    return _shown(request, _context(bench, actor))


@router.post("")
def save_privacy(
    request: Request, actor: Admin, bench: Bench, based_on: Annotated[int, Form(ge=0)], persons: Text,
    smallest_group: Text, further: Text = "", harmless: Text = "",
) -> Response:  # fmt: skip
    """Save what is shown of people; every source is brought in again, and shows nothing until it is."""
    given = {
        "version": based_on, "persons": persons, "smallest_group": smallest_group, "further": further,
        "harmless": harmless,
    }  # fmt: skip
    try:
        value = Privacy.model_validate(
            {
                "persons": persons,
                "smallest_group": smallest_group,
                "further_columns": _lines(further),
                "harmless_columns": _lines(harmless),
            }
        )
        bench.settle(actor, value, based_on=based_on)
    except SettingChangedMeanwhile as problem:
        now = _context(bench, actor, problem=problem.sentence)
        return _shown(request, now, status=409)
    except ValidationError as refused:
        first = refused.errors()[0]
        problem_told = f"“{first['loc'][0]}”: {first['msg']}."
        kept = vars(_context(bench, actor)) | given | {"problem": problem_told}
        return _shown(request, PrivacyPage(**kept), status=422)
    return go_to("/settings", done="Privacy: saved. The sources are being brought in again.")


@router.post("/erase")
def erase(
    request: Request, actor: Admin, bench: Bench, names: Text = "", is_sure: Annotated[str, Form()] = ""
) -> Response:
    """Take a person out of the workspace."""
    wanted = _lines(names)
    problem = "" if wanted else "Write the name as the logs have it."
    if wanted and not is_sure:
        problem = "Tick that you are sure: it cannot be undone."
    if not problem:
        try:
            erased = bench.erase_person(actor, wanted)
        except MillraceError as error:
            problem = error.sentence
        else:
            where = f"{erased.n_files:,} files and {erased.n_rows:,} decisions"
            return go_to("/settings/privacy", done=f"Erased from {where}; “{erased.instead}” stands instead.")
    return _shown(request, _context(bench, actor, names=names, erasure_problem=problem), status=422)


def _context(
    bench: SharedWorkbench, actor: Actor, *, problem: str = "", names: str = "", erasure_problem: str = ""
) -> PrivacyPage:
    kept = bench.setting(actor, Privacy)
    return PrivacyPage(
        kept.version,
        str(kept.value.persons),
        str(kept.value.smallest_group),
        "\n".join(kept.value.further_columns),
        "\n".join(kept.value.harmless_columns),
        bench.person_columns_of_sources(actor),
        problem,
        names,
        erasure_problem,
    )


def _lines(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))


def _shown(request: Request, context: PrivacyPage, *, status: int = 200) -> HTMLResponse:
    told = {
        Persons.PSEUDONYMS: ("Numbers", "“Person 17”, the same person under the same number everywhere."),
        Persons.TEAMS_ONLY: ("Teams only", "Nothing finer than a team, on no page, in no export and no answer."),
        Persons.NAMES: ("Names", "As the logs have them. Ask whoever represents your people first."),
    }
    return page(request, "privacy.html", context, title="Privacy", crumbs=CRUMBS, told=told, status=status)
