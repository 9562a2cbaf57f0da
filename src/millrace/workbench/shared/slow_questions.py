"""Questions about a stream that take long: answered in the background, once, and kept for everybody who asks again."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from millrace.model.value_stream import ValueStream
from millrace.store import fingerprint
from millrace.workbench.bench import AtHand
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.background import Background, Task
from millrace.workbench.shared.shown_streams import ShownStreamOperations
from millrace.workbench.sources import FORMAT, Progress, flow_of
from millrace.workbench.workbench import Workbench

_Answer = TypeVar("_Answer")


class SlowQuestion(ABC, Generic[_Answer]):
    """A question, and how its answer is worked out, written down and read again. A plain value: equal questions are
    the same question."""

    @property
    def written(self) -> str:
        """What is asked, as text that tells it from every other question about the same stream."""
        return f"{type(self).__name__} {self}"

    @abstractmethod
    def work_out(self, bench: Workbench, stream: ValueStream, source: AtHand | None, folder: Path) -> None:
        """Work the answer out and write it into `folder`; without a source the stream is one that people drew."""

    @abstractmethod
    def read(self, folder: Path) -> _Answer:
        """The answer that was written there."""


class SlowQuestionOperations(ShownStreamOperations):
    """Ask what takes long, see how far it is, stop it, and have the answer."""

    def __init__(self, folder: Path, *, database: str | None = None) -> None:
        """Open the workspace in `folder`; nothing is being worked out yet."""
        super().__init__(folder, database=database)
        self.background = Background()

    @needs(Permission.CHANGE)
    def ask(self, actor: Actor, key: str, question: SlowQuestion[_Answer]) -> None:
        """Have a question about a stream answered. Raises NoSuchStream, SourceNotReady.

        It is worked out with a workbench and a flow of its own, so that pages need not wait for it.
        """
        view, task_key = self.stream(actor, key), self._task_key(actor, key, question)
        log = None if view.source_key is None else self.source_log(actor, view.source_key)

        def work(tell: Progress) -> None:
            source = None if log is None else AtHand(log, flow_of(self._workspace, log, view.stream, tell))
            bench = Workbench(self.folder, progress=tell)
            self._workspace.kept(
                "answers", task_key, lambda folder: question.work_out(bench, view.stream, source, folder)
            )

        self.background.ask(task_key, work)

    @needs(Permission.READ)
    def answer(self, actor: Actor, key: str, question: SlowQuestion[_Answer]) -> _Answer | None:
        """The answer; None where nobody asked, or it is not worked out yet."""
        folder = self.folder / "answers" / self._task_key(actor, key, question)
        return self.kept.of(("answer", folder.name), lambda: question.read(folder)) if folder.is_dir() else None

    @needs(Permission.READ)
    def task(self, actor: Actor, key: str, question: SlowQuestion[_Answer]) -> Task | None:
        """How far an answer is; None where nobody asked since the server began."""
        return self.background.task(self._task_key(actor, key, question))

    @needs(Permission.CHANGE)
    def stop(self, actor: Actor, key: str, question: SlowQuestion[_Answer]) -> None:
        """End what is not wanted any more."""
        self.background.stop(self._task_key(actor, key, question))

    def work_out_next(self) -> bool:
        """Answer what has waited longest; False where nothing waits, or another server of the workspace is at it."""
        if not self.background.is_asked_for_more:
            return False
        with self._workspace.alone_at("answers") as is_alone:
            return is_alone and self.background.do_next()

    def _task_key(self, actor: Actor, key: str, question: SlowQuestion[_Answer]) -> str:
        """A key of a question about a stream as it is now; what people plan for it does not change the answer."""
        view = self.stream(actor, key)
        log = "" if view.source_key is None else self.source_log(actor, view.source_key).folder.name
        planned = {"future_states": (), "improvements": (), "reviewers": (), "measures": ()}
        ground = view.stream.model_copy(update=planned).model_dump_json()
        return fingerprint((), FORMAT, log, ground, question.written)
