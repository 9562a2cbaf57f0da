"""Targets and alerts for programs: how a stream stands, what deserves attention, and dealing with it."""

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from millrace.report.governing_json import TargetsJson, targets_json
from millrace.web.api.problem import problems
from millrace.web.security.gate import Bench, Changer, Reader, own_program
from millrace.workbench.shared.alert_book import AlertsAsked, AlertView

router = APIRouter(prefix="/api/v1", tags=["governing"], dependencies=[Depends(own_program)])
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AlertForm(_Form):
    """An alert: what it is about, since when, and what became of it. `is_over`: it went away by itself."""

    id: str
    stream: str
    kind: str
    severity: str
    title: str
    sentence: str
    item: str | None
    began_at: datetime
    raised_at: datetime
    seen_at: datetime
    state: str = Field(description="open, acknowledged or resolved")
    muted_until: datetime | None
    is_muted: bool
    resolved_at: datetime | None
    is_over: bool

    @classmethod
    def of(cls, alert: AlertView) -> Self:
        """Of an alert."""
        fields = {name: getattr(alert, name) for name in cls.model_fields if name != "stream"}
        return cls(stream=alert.stream_key, **fields)


class AlertsForm(_Form):
    """A page of alerts, the worst and newest first."""

    n_alerts: int
    page: int
    alerts: list[AlertForm]


class NoteForm(_Form):
    """What somebody notes on an alert."""

    note: str = Field(default="", max_length=1000)


class MuteForm(NoteForm):
    """Until when an alert is put away."""

    until_at: AwareDatetime = Field(lt=_LATEST)


@router.get("/streams/{key}/targets", responses=problems(404, 409))
def targets(actor: Reader, bench: Bench, key: str) -> TargetsJson:
    """How a stream’s targets and service levels stand, as `millrace targets --json` prints it."""
    board = bench.target_board(actor, key)
    return targets_json(board.at, board.targets, board.service_levels)


@router.get("/alerts", responses=problems())
def alerts(
    actor: Reader,
    bench: Bench,
    state: str = "unresolved",
    stream: str = "",
    kind: str = "",
    severity: str = "",
    item: str = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> AlertsForm:
    """A hundred alerts a page; `state` is unresolved, open, acknowledged, resolved, or empty for all."""
    asked = AlertsAsked(state, stream, kind, severity, item, with_muted=True)
    shown = bench.alerts(actor, asked, page=page, per_page=100)
    return AlertsForm(n_alerts=shown.n_alerts, page=page, alerts=[*map(AlertForm.of, shown.alerts)])


@router.post("/alerts/{alert_id}/acknowledge", responses=problems(404))
def acknowledge(actor: Changer, bench: Bench, alert_id: str, given: NoteForm) -> AlertForm:
    """Say that somebody deals with it."""
    bench.acknowledge(actor, alert_id, note=given.note)
    return AlertForm.of(bench.alert(actor, alert_id))


@router.post("/alerts/{alert_id}/mute", responses=problems(404))
def mute(actor: Changer, bench: Bench, alert_id: str, given: MuteForm) -> AlertForm:
    """Put it away until an instant."""
    bench.mute(actor, alert_id, until=given.until_at, note=given.note)
    return AlertForm.of(bench.alert(actor, alert_id))


@router.post("/alerts/{alert_id}/resolve", responses=problems(404))
def resolve(actor: Changer, bench: Bench, alert_id: str, given: NoteForm) -> AlertForm:
    """End it; the same occasion is not raised again."""
    bench.resolve(actor, alert_id, note=given.note)
    return AlertForm.of(bench.alert(actor, alert_id))
