"""Operations on streams as people draw them that need no log: what to begin with, the guided method, rules to add."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.model.crosswalk import ProcessList, Translation, crosswalk, crosswalk_file, known_terms
from millrace.model.frameworks.framework import Framework, load_framework
from millrace.model.guide import MethodStep, answer, leave_open, open_questions, progress
from millrace.model.guide_questions import Question
from millrace.model.stream_file import parse_stream, read_stream, read_text, stream_to_yaml, write_stream
from millrace.model.templates.template import Template, template_text, templates
from millrace.model.value_stream import GuideProgress, ValueStream
from millrace.workbench.output import write_whole

if TYPE_CHECKING:
    from millrace.diagnose.binding import Binding
    from millrace.diagnose.binding_suggestions import Suggestion


class TermNotKnown(MillraceError):
    """A term is no practice, process, old name or word of a tool that the crosswalk knows."""

    slug = "term-not-known"

    def __init__(self, term: str, nearest: tuple[str, ...]) -> None:
        """Name the term and those that are near."""
        near = ", ".join(f"“{each}”" for each in nearest)
        remedy = f"known and near are {near}" if near else "`millrace crosswalk` lists all terms that are known"
        super().__init__(f"“{term}” is not known; {remedy}.")


class FileIsThere(MillraceError):
    """A new stream would overwrite a file."""

    slug = "file-is-there"

    def __init__(self, path: Path) -> None:
        """Name the file and the two ways on."""
        super().__init__(f"“{path}” is there already; choose another name with -o, or overwrite it with --force.")


class GuidedStream:
    """A stream's file on its way through the eight steps of the method.

    Every answer is in the file when the call returns. A file that is not there yet begins with its first answer.
    Calls raise StreamFileInvalid, StreamFileUnwritable, AnswerRefused; nothing is written then.
    """

    def __init__(self, path: Path) -> None:
        """Go on with the stream in `path`, or begin a new one named for the file."""
        self.path = path
        self.is_new = not path.exists()
        self.stream = ValueStream(name=path.stem) if self.is_new else read_stream(path)
        self.framework = load_framework(self.stream.framework, folder=path.parent)

    def open_questions(self) -> tuple[Question, ...]:
        """What is still to be asked, in order."""
        return open_questions(self.stream, framework=self.framework)

    def progress(self) -> tuple[MethodStep, ...]:
        """How far each of the eight steps has come."""
        return progress(self.stream, framework=self.framework)

    def answer(self, question: Question, given: str) -> None:
        """Put an answer into the file, as somebody typed it."""
        self._keep(answer(self.stream, question.id, given, framework=self.framework))

    def leave_open(self, question: Question) -> None:
        """Note in the file that a question was left open on purpose."""
        self._keep(leave_open(self.stream, question.id, framework=self.framework))

    def ask_again(self) -> None:
        """Raise the questions anew that were left open."""
        if self.stream.guide.left_open:
            self._keep(self.stream.model_copy(update={"guide": GuideProgress()}))

    def _keep(self, stream: ValueStream) -> None:
        write_stream(stream, self.path)
        self.stream = stream


def framework(called: str = "itil4") -> Framework:
    """The activities and practices of a framework, shipped or a file of one's own. Raises UnknownFramework."""
    return load_framework(called)


def translate(term: str) -> Translation:
    """A term that people bring along as practices and candidate streams. Raises TermNotKnown."""
    translation = crosswalk(term)
    if translation.read_as is None:
        raise TermNotKnown(term, translation.nearest)
    return translation


def translate_file(path: Path | str) -> ProcessList:
    """A list of processes (CSV) as practices and candidate streams. Raises ProcessListUnreadable."""
    return crosswalk_file(Path(path))


def new_stream(template: str, output: Path | str, *, overwrite: bool = False) -> Path:
    """Write a template as the file of a new stream; its path. Raises UnknownTemplate, FileIsThere."""
    text, path = template_text(template), Path(output)
    if path.exists() and not overwrite:
        raise FileIsThere(path)
    return write_whole(path, text)


def bound_stream(path: Path | str, binding: Binding, suggestions: Iterable[Suggestion], *, least_ratio: float) -> str:
    """The stream in a file, as YAML with its comments, with rules for what it leaves unmapped.

    A suggestion becomes a rule where it is at least as sure as `least_ratio` (0 to 1).
    """

    from millrace.diagnose.binding_suggestions import with_rules

    text = read_text(Path(path))
    stream = parse_stream(text, source=Path(path).name)
    open_labels = {name for label in binding.unmapped for name in (label.activity, label.status)}
    wanted = [suggestion for suggestion in suggestions if suggestion.label in open_labels]
    return stream_to_yaml(with_rules(stream, wanted, least_ratio=least_ratio), like=text)


__all__ = [
    "FileIsThere",
    "GuidedStream",
    "ProcessList",
    "Template",
    "TermNotKnown",
    "Translation",
    "bound_stream",
    "framework",
    "known_terms",
    "new_stream",
    "template_text",
    "templates",
    "translate",
    "translate_file",
]
