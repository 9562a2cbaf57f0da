"""The guided method in the terminal: one question after the other, while the map grows."""

import contextlib
import sys

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from millrace.cli.shown_map import WIDEST
from millrace.errors import MillraceError
from millrace.model.frameworks.framework import Framework
from millrace.model.guide import METHOD, AnswerRefused
from millrace.model.guide_questions import AnswerKind, Question
from millrace.workbench.design import GuidedStream

PROMPT, EXPLAIN, PASS = "› ", "?", ">"
MOST_SHOWN = 8
"""Up to so many choices stand under their question; longer lists come with “?”."""

_DIM, _NAME = "bright_black", "cyan"
_SEVERAL = "divide several by “;”"
_HOW = {
    AnswerKind.TEXT: "A few words.",
    AnswerKind.NUMBER: "A number.",
    AnswerKind.RATIO: "A share, such as 90 % or 0.9.",
    AnswerKind.DURATION: "A length of time, such as 15 min, 2 h or 1.5 d.",
    AnswerKind.FIGURE: "A number, a share or a length of time, as the measure has it.",
    AnswerKind.CHOICE: "One of the choices, by its number or name.",
    AnswerKind.CHOICES: f"Some of the choices, by number or name; {_SEVERAL}.",
    AnswerKind.LIST: f"A few words; {_SEVERAL}.",
    AnswerKind.NAMES: f"Names; {_SEVERAL}. Each gets questions of its own later.",
    AnswerKind.PEOPLE: f"Names; {_SEVERAL}. “(requester)” behind a name says that they are on the receiving side.",
}


class AnswerNotRead(MillraceError):
    """An answer is no readable text."""

    slug = "answer-not-read"

    def __init__(self, number: int) -> None:
        """Say which answer of this sitting it was."""
        super().__init__(f"Answer {number} is not UTF-8 text. All answers before it are kept; give it as UTF-8.")


def guide_through(guided: GuidedStream, *, again: bool = False) -> None:
    """Ask what is missing until nothing is, or until the input ends or is interrupted; each answer is kept at once."""
    sitting = _Sitting(guided)
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        if again:
            guided.ask_again()
        sitting.begin()
        sitting.ask_all()
    sitting.end()


class _Sitting:
    """One run of the guide in a terminal, or over a pipe."""

    def __init__(self, guided: GuidedStream) -> None:
        self._guided = guided
        self._console = Console()
        self._n_asked = 0
        self._passed = 0
        self._chapter: tuple[int, int | None] | None = None
        self._drawn: object = None
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - lets the arrow keys work in answers

    def begin(self) -> None:
        """Say whose file it is and how far it has come."""
        stream = self._guided.stream
        self._console.print(Text.assemble((stream.shown_name, "bold"), (f"  {self._guided.path}", _DIM)))
        if self._guided.is_new:
            self._console.print(Text("The file is new; it begins with your first answer.", _DIM))
        self._show_progress()
        self._console.print(
            Text(
                "Enter leaves a question open, ? explains it, > passes to the next of the eight steps, Ctrl-C stops. "
                "Every answer is kept at once.",
                _DIM,
            )
        )

    def ask_all(self) -> None:
        """Ask until nothing is missing, but for the steps of the method that were passed over."""
        while (question := self._next()) is not None:
            self._turn_to(question)
            self._ask(question)

    def _next(self) -> Question | None:
        return next((each for each in self._guided.open_questions() if each.step > self._passed), None)

    def end(self) -> None:
        """Show the map as it is now, how far it has come, and how to go on."""
        self._console.print()
        self._show_map()
        self._show_progress()
        path, left_open = self._guided.path, self._guided.stream.guide.left_open
        if not path.exists():
            self._console.print("Nothing was answered, and nothing was written.")
        elif self._guided.open_questions():
            self._console.print(f"What was answered is in {path}. To go on: millrace guide {path}")
        else:
            self._console.print(f"All eight steps are done. To look for mistakes: millrace check {path}")
        if left_open:
            self._console.print(
                Text(f"{len(left_open)} left open; to be asked again: millrace guide {path} --again", _DIM)
            )

    def _turn_to(self, question: Question) -> None:
        """Between chapters (a step of the method, a step of the stream) show the map, and say what comes."""
        of_stream = question.place[1] if question.place[0] == "steps" and len(question.place) > 1 else None
        chapter = (question.step, of_stream if isinstance(of_stream, int) else None)
        if chapter == self._chapter:
            return
        self._show_map()
        if self._chapter is None or chapter[0] != self._chapter[0]:
            title, about = METHOD[question.step - 1]
            self._console.print()
            self._console.print(
                Rule(Text(f"{question.step} of {len(METHOD)} · {title}", "bold"), align="left", style=_DIM)
            )
            self._console.print(Text(about, _DIM))
        self._chapter = chapter

    def _ask(self, question: Question) -> None:
        """Ask until there is an answer that fits, or none."""
        self._show_question(question)
        while True:
            given = self._read()
            if given == EXPLAIN:
                self._explain(question)
                continue
            try:
                if given == PASS:
                    self._passed = question.step
                elif given:
                    self._guided.answer(question, given)
                else:
                    self._guided.leave_open(question)
            except AnswerRefused as refused:
                self._console.print(Text(refused.sentence, "yellow"))
                continue
            return

    def _read(self) -> str:
        self._n_asked += 1
        try:
            given = input(PROMPT).strip()
            given.encode()
        except UnicodeError as error:
            raise AnswerNotRead(self._n_asked) from error
        if not sys.stdin.isatty():
            print(given)
        return given

    def _show_question(self, question: Question) -> None:
        self._console.print()
        self._console.print(Text(question.text, "bold"))
        if 0 < len(question.choices) <= MOST_SHOWN:
            self._show_choices(question)
        elif question.choices:
            self._console.print(Text(f"? lists the {len(question.choices)} choices", _DIM))
        elif question.example:
            self._console.print(Text(f"such as: {question.example}", _DIM))

    def _show_choices(self, question: Question, *, with_purpose: bool = False) -> None:
        choices = Table.grid(padding=(0, 2, 0, 0))
        for number, choice in enumerate(question.choices, start=1):
            purpose = _purpose(choice, self._guided.framework) if with_purpose else ""
            choices.add_row(Text(f"{number:>3}", _DIM), Text(choice, _NAME), Text(purpose, _DIM))
        self._console.print(choices)

    def _explain(self, question: Question) -> None:
        self._console.print(Text(_HOW[question.kind], _DIM))
        if question.example:
            self._console.print(Text(f"such as: {question.example}", _DIM))
        if question.choices:
            self._show_choices(question, with_purpose=True)
        self._console.print(Text("Enter leaves it open; --again asks it another time.", _DIM))

    def _show_progress(self) -> None:
        self._console.print()
        for step in self._guided.progress():
            sign, colour = ("✓", "green") if step.is_done else ("·", _DIM)
            count = f"{step.n_answered} of {step.n_questions}" if step.n_questions else "comes later"
            left = f", {step.n_left_open} left open" if step.n_left_open else ""
            self._console.print(
                Text.assemble((f" {sign} ", colour), f"{step.number} {step.title:<26}", (f"{count}{left}", _DIM))
            )
        self._console.print()

    def _show_map(self) -> None:
        """Draw the map where it is another than the one drawn last."""
        from millrace.draw.terminal_map import terminal_map
        from millrace.model.routing import EndlessStream
        from millrace.report.designed_map import designed_map

        if not self._guided.stream.steps:
            return
        try:
            picture = designed_map(self._guided.stream)
        except EndlessStream as endless:
            self._console.print(Text(endless.sentence, "yellow"))
            return
        if picture != self._drawn:
            self._console.print()
            self._console.print(terminal_map(picture, max(20, min(self._console.width, WIDEST))))
            self._drawn = picture


def _purpose(choice: str, framework: Framework) -> str:
    known = framework.activity(choice) or framework.practice(choice)
    return known.purpose if known else ""
