"""Operations on changes that were made: did they help?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.model.improvement import Improvement
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.model.yaml_problem import did_you_mean
from millrace.workbench.bench import Bench, Source, stream_given
from millrace.workbench.maps import picture_form
from millrace.workbench.output import write_whole

if TYPE_CHECKING:
    from millrace.improve.proof.hypothesis import Hypothesis
    from millrace.improve.proof.verdict import Verdict


class NoSuchImprovementInStream(MillraceError):
    """A stream has no improvement of this name."""

    slug = "no-such-improvement-in-stream"

    def __init__(self, name: str, stream: ValueStream) -> None:
        """Name it, and those there are."""
        known = [each.name for each in stream.improvements]
        there = f" There are: {', '.join(known)}." if known else " It has none yet."
        super().__init__(f"The stream has no improvement “{name}”{did_you_mean(name, known) or '.'}{there}")


@dataclass(frozen=True)
class Proved:
    """A verdict, and what the work that it is about is called."""

    verdict: Verdict
    called: str


class ProofOperations(Bench):
    """What can be asked of an export about a change."""

    def prove(
        self,
        source: Source,
        hypothesis: Hypothesis,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        comparison: Source | None = None,
        strict: bool = False,
    ) -> Proved:
        """Hold a change against what would have come without it; `comparison` is an export of work it left alone."""
        from millrace.improve.proof.prove import prove

        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        beside = self._flow(comparison, None, None, calendar, strict=strict)[1] if comparison is not None else None
        self._progress("proving", 0.1)
        verdict = prove(flow, hypothesis, comparison=beside)
        self._progress("proving", 1.0)
        about = flow.about.stream
        return Proved(verdict, about.shown_name)

    def improvement_hypothesis(
        self, stream: Path | str | ValueStream, name: str, *, changed_on: date | None = None
    ) -> Hypothesis:
        """What an improvement of a stream is meant to bring, from the day it was due if no other is given.

        Raises NoSuchImprovementInStream, ImprovementWithoutDay, NotProvable.
        """
        from millrace.improve.proof.stated import changed_on_of, stated

        given = stream_given(stream)
        improvement = _named(given, name)
        return stated(improvement, changed_on or changed_on_of(improvement))

    def proof_picture(self, proved: Proved, output: Path | str) -> Path:
        """Draw a verdict as SVG, PNG or PDF by the output's ending; its path."""
        from millrace.draw.proof import proof_drawing

        path = Path(output)
        form = picture_form(path, exports=())
        return write_whole(path, form(proof_drawing(proved.verdict, called=proved.called)))


def _named(stream: ValueStream, name: str) -> Improvement:
    found = [each for each in stream.improvements if each.name.casefold() == name.casefold()]
    if not found:
        raise NoSuchImprovementInStream(name, stream)
    return found[0]
