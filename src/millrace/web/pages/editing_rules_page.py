"""Match rules: which status or activity of the log goes to which step, suggested and chosen label by label."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from millrace.diagnose.binding import PAUSE, Binding
from millrace.diagnose.binding_suggestions import SURE_RATIO, Suggestion, with_rules
from millrace.flow.flow import UNMAPPED
from millrace.web.pages.editing import crumbs_of, kept, revision_in
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Changer, own_form
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/edit/rules", dependencies=[Depends(own_form)])

_AS_A_PAUSE = "a pause, in whichever step it is"


@dataclass(frozen=True)
class LabelChoice:
    """A status or activity of the log: where it goes now, what is suggested and why, what is chosen beforehand.

    `share_ratio` is of all time in the log. Labels that go somewhere keep their place unless somebody chooses another.
    """

    number: int
    label: str
    now: str
    share_ratio: float
    suggestion: Suggestion
    chosen: str


@dataclass(frozen=True)
class RulesPage:
    """All labels of the log, most time first; how much of the time goes to no step."""

    view: StreamView
    labels: tuple[LabelChoice, ...]
    choices: tuple[tuple[str, str], ...]
    unmapped_ratio: float | None
    based_on: int


@router.get("")
def show_rules(request: Request, actor: Changer, bench: Bench, key: str) -> HTMLResponse:
    """Where every label goes, and where it probably belongs."""
    view = bench.stream(actor, key)
    binding, suggestions = bench.stream_binding(actor, key)
    steps = tuple((step.name, step.name) for step in view.stream.steps)
    context = RulesPage(
        view,
        _labels(binding, suggestions),
        (("", "– as it is –"), *steps, (PAUSE, _AS_A_PAUSE)),
        binding.unmapped_time.ratio,
        view.latest.number,
    )
    crumbs = crumbs_of(view, Crumb("Edit", f"/streams/{key}/edit"))
    return page(request, "editing_rules.html", context, title="Match rules", crumbs=crumbs, tab="edit", key=key)


@router.post("")
def add_rules(request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm) -> Response:
    """Add a rule for each label that a step was chosen for."""
    based_on = revision_in(form)
    base = bench.revision(actor, key, based_on).stream
    _, suggestions = bench.stream_binding(actor, key)
    known = {step.name for step in base.steps} | {PAUSE}
    wanted = [
        replace(each, step=chosen, confidence_ratio=1.0)
        for number, each in enumerate(suggestions)
        if isinstance(chosen := form.get(f"step-{number}"), str) and chosen in known
    ]
    changed = with_rules(base, wanted)
    return kept(request, actor, bench, key, changed, based_on, f"{len(wanted)} match rules added", to="/edit/rules")


def _labels(binding: Binding, suggestions: tuple[Suggestion, ...]) -> tuple[LabelChoice, ...]:
    choices = []
    for number, suggestion in enumerate(suggestions):
        bound = [each for each in binding.labels if getattr(each, suggestion.column) == suggestion.label]
        steps = tuple(dict.fromkeys(each.step for each in bound))
        share = sum(each.time.ratio or 0.0 for each in bound)
        is_sure = suggestion.step is not None and suggestion.confidence_ratio >= SURE_RATIO
        chosen = suggestion.step or "" if is_sure and UNMAPPED in steps else ""
        choices.append(LabelChoice(number, suggestion.label, ", ".join(steps), share, suggestion, chosen))
    return tuple(sorted(choices, key=lambda choice: -choice.share_ratio))
