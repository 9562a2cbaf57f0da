"""Future states of a stream: what they can be made of, drafts that can be shared, saving them, trying them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from millrace.draw.map_table import map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.errors import MillraceError
from millrace.model.future_state import UnknownFutureState
from millrace.model.state import Side
from millrace.model.value_stream import FutureState, ValueStream
from millrace.report.future_form import FutureJson
from millrace.store import fingerprint
from millrace.workbench.bench import AtHand
from millrace.workbench.finding_moves import future_of_finding
from millrace.workbench.maps import MapView, drawn_picture
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shown_maps import ShownMap
from millrace.workbench.shared.slow_questions import SlowQuestion, SlowQuestionOperations
from millrace.workbench.shared.stream_book import RevisionView
from millrace.workbench.workbench import Workbench

_DRAFT_FILE, _FORM_FILE = "draft.json", "comparison.json"
_MOST_VALUES = 30
"""Attributes with more values tell items apart, not kinds of items."""


class NoSuchDraft(MillraceError):
    """A draft of a future state is asked for that was never made, or belongs to another stream."""

    slug = "no-such-draft"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("There is no such draft of a future state here. Begin again from the stream’s future states.")


class Exactness(StrEnum):
    """How much is simulated: enough for a first look, or for a decision."""

    QUICK = "quick"
    EXACT = "exact"

    @property
    def weeks(self) -> int:
        """How long a time is simulated."""
        return 8 if self is Exactness.QUICK else 26

    @property
    def n_replications(self) -> int:
        """How often."""
        return 8 if self is Exactness.QUICK else 40


@dataclass(frozen=True)
class MovableParts:
    """What moves can name: steps, teams, and attributes with their values, the most frequent first."""

    steps: tuple[str, ...]
    teams: tuple[str, ...]
    attributes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TriedFuture:
    """What came of a future state that was simulated: the comparison, and the maps of both states as SVG."""

    form: FutureJson
    current_map: str
    future_map: str


@dataclass(frozen=True)
class Trial(SlowQuestion[TriedFuture]):
    """What a future state would bring, simulated beside today."""

    future: FutureState
    exactness: Exactness = Exactness.QUICK

    @property
    def written(self) -> str:
        """The future state as it is kept, and how much is simulated."""
        return f"trial {self.future.model_dump_json()} {self.exactness}"

    def work_out(self, bench: Workbench, stream: ValueStream, source: AtHand | None, folder: Path) -> None:
        """Simulate it. Raises Overloaded, and what moves raise that do not fit."""
        weeks, n_replications = self.exactness.weeks, self.exactness.n_replications
        found = bench.simulate(stream, self.future, source=source, weeks=weeks, n_replications=n_replications)
        bench.write_future(found, folder)

    def read(self, folder: Path) -> TriedFuture:
        """The comparison and both maps."""
        form = FutureJson.model_validate_json((folder / _FORM_FILE).read_bytes())
        current, future = ((folder / f"{name}_map.svg").read_text("utf-8") for name in ("current", "future"))
        return TriedFuture(form, current, future)


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True)

    stream: str
    future: FutureState


class FutureTrialOperations(SlowQuestionOperations):
    """Design future states of a stream, and try them before anybody has to live with them."""

    @needs(Permission.READ)
    def movable_parts(self, actor: Actor, key: str) -> MovableParts:
        """What moves can name in a stream. Raises NoSuchStream, SourceNotReady."""
        view = self.stream(actor, key)
        steps = tuple(step.name for step in view.stream.steps)
        if view.source_key is None:
            ours = (step.team for step in view.stream.steps if step.team and step.side is not Side.REQUESTER)
            return MovableParts(steps, tuple(dict.fromkeys(ours)), {})
        columns = (each for each in self.group_columns(actor, key) if each.column not in ("step", "team"))
        attributes = {
            each.column: tuple(label for label, _ in each.labels) for each in columns if each.n_labels <= _MOST_VALUES
        }
        return MovableParts(steps, self.flow(actor, key).about.teams, attributes)

    @needs(Permission.READ)
    def future_of_finding(self, actor: Actor, key: str, finding: str) -> FutureState:
        """A future state with a move for each countermeasure of a finding, called as the finding is.

        Raises NoSuchFinding, NoMoveFits.
        """
        found = self.stream_finding(actor, key, finding)
        return future_of_finding(found).model_copy(update={"name": found.title})

    @needs(Permission.READ)
    def drawn_future(self, actor: Actor, key: str, name: str) -> ShownMap:
        """The map of a future state as people drew it. Raises NoSuchStream, UnknownFutureState, EndlessStream."""
        view = self.stream(actor, key)

        def made() -> ShownMap:
            picture = drawn_picture(view.stream, MapView(future=name))
            return ShownMap(value_stream_map(picture), map_table(picture))

        return self.kept.of(("drawn future", view.latest.yaml, name), made)

    @needs(Permission.CHANGE)
    def draft_future(self, actor: Actor, key: str, future: FutureState) -> str:
        """Keep a future state as a draft under a key made of what is in it, so that its address can be shared."""
        self.stream(actor, key)
        draft = _Draft(stream=key, future=future).model_dump_json()

        def write(folder: Path) -> None:
            (folder / _DRAFT_FILE).write_text(draft, "utf-8")

        return self._workspace.kept("drafts", fingerprint((), draft), write).name

    @needs(Permission.READ)
    def drafted_future(self, actor: Actor, key: str, draft: str) -> FutureState:
        """The draft of this key. Raises NoSuchStream, NoSuchDraft."""
        self.stream(actor, key)
        path = self.folder / "drafts" / draft / _DRAFT_FILE
        if not re.fullmatch(r"[0-9a-f]+", draft) or not path.is_file():
            raise NoSuchDraft
        kept = _Draft.model_validate_json(path.read_bytes())
        if kept.stream != key:
            raise NoSuchDraft
        return kept.future

    @needs(Permission.CHANGE)
    def save_future(self, actor: Actor, key: str, future: FutureState, *, based_on: int) -> RevisionView:
        """Save a future state as one of the stream’s, in the place of one of the same name.

        Raises NoSuchStream, ChangedMeanwhile, and what reading the stream raises where it does not fit.
        """
        stream = self.stream(actor, key).stream
        is_new = all(each.name != future.name for each in stream.future_states)
        kept = tuple(future if each.name == future.name else each for each in stream.future_states)
        saved = stream.model_copy(update={"future_states": (*kept, future) if is_new else kept})
        return self.save_stream(actor, key, saved, based_on=based_on, note=f"Future state “{future.name}”")

    @needs(Permission.CHANGE)
    def remove_future(self, actor: Actor, key: str, name: str, *, based_on: int) -> RevisionView:
        """Take a future state out of the stream. Raises UnknownFutureState, and what `save_future` raises."""
        stream = self.stream(actor, key).stream
        kept = tuple(each for each in stream.future_states if each.name != name)
        if len(kept) == len(stream.future_states):
            raise UnknownFutureState(stream, name)
        saved = stream.model_copy(update={"future_states": kept})
        return self.save_stream(actor, key, saved, based_on=based_on, note=f"Without the future state “{name}”")
