"""Settings of the workspace: hours, rates, teams and privacy, each saved over what was seen only."""

import shutil
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.relabelling import labels_in
from millrace.model.value_stream import ValueStream
from millrace.model.workspace_settings import Privacy, Rates, Settlement, Teams, WorkingHours
from millrace.store.streams import Setting, Source
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shared import Shared

_Settled = TypeVar("_Settled", WorkingHours, Rates, Teams, Privacy)
NAMES: dict[type[Settlement], str] = {
    WorkingHours: "working_hours",
    Rates: "rates",
    Teams: "teams",
    Privacy: "privacy",
}
"""Under which name each is kept."""
_KEPT_FOLDERS = frozenset({"sources", "logs", "drafts"})
"""Folders of the workspace that hold more than results."""
READ_ANEW = (Teams, Privacy)
"""What decides how logs are kept: their sources are brought in again when it changes."""


class SettingChangedMeanwhile(MillraceError):
    """Somebody else saved a setting since it was opened. `theirs` is what holds now, `version` its number."""

    slug = "setting-changed-meanwhile"

    def __init__(self, theirs: Settlement, version: int) -> None:
        """Keep what they saved, for the comparison."""
        super().__init__(
            "Somebody else changed this setting since you opened it. Look at what holds now, then save again."
        )
        self.theirs, self.version = theirs, version


@dataclass(frozen=True)
class Settled(Generic[_Settled]):
    """A setting as it holds, and its version; 0 where nobody ever set it."""

    value: _Settled
    version: int


class SettingOperations(Shared):
    """Look at settings and change them."""

    @needs(Permission.READ)
    def setting(self, actor: Actor, kind: type[_Settled]) -> Settled[_Settled]:
        """A setting as it holds for the whole workspace."""
        del actor
        return self._settled(kind)

    @needs(Permission.ADMINISTER)
    def settle(self, actor: Actor, value: Settlement, *, based_on: int) -> int:
        """Save a setting that was opened as version `based_on`; its new version. Raises SettingChangedMeanwhile.

        Where it decides how logs are kept, all sources are brought in again.
        """
        kind = type(value)
        with self._doing(actor, "change_setting", f"setting:{NAMES[kind]}") as session:
            kept = session.get(Setting, NAMES[kind], with_for_update=True)
            version = kept.version if kept else 0
            if version != based_on:
                raise SettingChangedMeanwhile(_value(kind, kept), version)
            written = value.model_dump(mode="json")
            if kept is None:
                session.add(Setting(name=NAMES[kind], value=written, version=1))
            else:
                kept.value, kept.version = written, version + 1
            if kind in READ_ANEW:
                _bring_all_in_again(session, is_hidden_until_then=kind is Privacy)
        if kind is Privacy:
            self._forget_results()
        return version + 1

    def _forget_results(self) -> None:
        """Remove all that was computed, but for logs that a source still stands on."""
        with self._reading() as session:
            needed = set(session.scalars(select(Source.log_key)))
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name not in _KEPT_FOLDERS:
                shutil.rmtree(folder)
        for log in (self.folder / "logs").glob("*"):
            if log.name not in needed:
                shutil.rmtree(log)
        self.kept.forget()

    def _as_settled(self, stream: ValueStream, log: EventLog) -> ValueStream:
        """The stream with the workspace's hours and rates, where it states none of its own."""
        hours, rates = self._settled(WorkingHours).value, self._settled(Rates).value
        update: dict[str, object] = {}
        if hours.calendar is not None and stream.calendar is None:
            update["calendar"] = hours.calendar
        if rates.per_team or rates.default_per_hour is not None:
            default = {} if rates.default_per_hour is None else dict.fromkeys(self._teams(log), rates.default_per_hour)
            update["rates_per_hour"] = {**default, **rates.per_team, **stream.rates_per_hour}
        return stream.model_copy(update=update) if update else stream

    def _teams(self, log: EventLog) -> tuple[str, ...]:
        if not log.has("team"):
            return ()
        return self.kept.of(("teams", log.folder.name), lambda: tuple(sorted(labels_in(log, ["team"]))))

    def _settled(self, kind: type[_Settled]) -> Settled[_Settled]:
        with self._reading() as session:
            kept = session.get(Setting, NAMES[kind])
            return Settled(_value(kind, kept), kept.version if kept else 0)


def _value(kind: type[Any], kept: Setting | None) -> Any:
    return kind.model_validate(kept.value) if kept else kind()


def _bring_all_in_again(session: Session, *, is_hidden_until_then: bool) -> None:
    """Have every source brought in anew; where names may be in what is there, nothing is shown until then."""
    for source in session.query(Source).filter(Source.archived_at.is_(None)):
        source.state, source.progress_ratio, source.problem = "waiting", 0.0, None
        source.version += 1
        if is_hidden_until_then:
            source.log_key = None
