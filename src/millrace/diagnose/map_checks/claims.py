"""Every figure that the stream's file states, gathered: what for, as what, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby

from millrace.diagnose.map_checks.check import Place
from millrace.model.duration import write_duration
from millrace.model.measure import measure_label, show_figure
from millrace.model.value_stream import ValueStream

Figure = float | timedelta


class Standing(StrEnum):
    """As what a figure is stated."""

    CURRENT = "today's figure"
    TARGET = "the target"
    UNSAID = "stated without saying which"


@dataclass(frozen=True)
class Claim:
    """A figure for a measure of the stream or a step, as today's or as a target, and who states it where."""

    measure: str
    step: str | None
    standing: Standing
    figure: Figure
    statistic: str | None
    future_state: str | None
    stated_by: str
    place: Place

    @property
    def shown(self) -> str:
        """The figure as people read it."""
        return exact_figure(self.measure, self.figure)

    @property
    def told(self) -> str:
        """The claim as evidence: `45 min as the target (improvement “…”)`."""
        return f"{self.shown} as {self.standing} ({self.stated_by})"

    @property
    def label(self) -> str:
        """What the claim is about: `rework`, `share of delay of “Approve”`."""
        label = measure_label(self.measure)
        return f"{label} of “{self.step}”" if self.step else label


def exact_figure(measure: str, figure: Figure) -> str:
    """Show a figure to the minute: where figures are compared, rounding would make unlike ones look alike."""
    if isinstance(figure, timedelta) and figure >= timedelta(minutes=1):
        return write_duration(timedelta(minutes=round(figure / timedelta(minutes=1))))
    return show_figure(measure, figure)


def claims(stream: ValueStream) -> tuple[Claim, ...]:
    """Gather all claims, those about one thing side by side."""
    gathered = [*_of_measures(stream), *_of_improvements(stream)]
    return tuple(sorted(gathered, key=lambda claim: (claim.measure, claim.step or "")))


def claims_by_subject(stream: ValueStream) -> Iterator[tuple[Claim, ...]]:
    """Yield the claims about one measure of the stream or of one step, together."""
    for _, group in groupby(claims(stream), key=lambda claim: (claim.measure, claim.step)):
        yield tuple(group)


def current_figures(stream: ValueStream) -> Iterator[Claim]:
    """Yield today's figures on which everybody agrees: one claim for each subject that has exactly one figure."""
    for group in claims_by_subject(stream):
        current = [claim for claim in group if claim.standing is Standing.CURRENT]
        if len({claim.figure for claim in current}) == 1 and not any(c.standing is Standing.UNSAID for c in group):
            yield current[0]


def _of_measures(stream: ValueStream) -> Iterator[Claim]:
    for at, measure in enumerate(stream.measures):
        stated = (
            (Standing.CURRENT, measure.current),
            (Standing.TARGET, measure.target),
            (Standing.UNSAID, measure.stated),
        )
        for standing, figure in stated:
            if figure is not None:
                yield Claim(
                    measure=measure.name,
                    step=measure.step,
                    standing=standing,
                    figure=figure,
                    statistic=measure.statistic,
                    future_state=measure.future_state,
                    stated_by=f"measure {at + 1}",
                    place=("measures", at),
                )


def _of_improvements(stream: ValueStream) -> Iterator[Claim]:
    for at, improvement in enumerate(stream.improvements):
        for nth, expected in enumerate(improvement.expects):
            for standing, figure in ((Standing.CURRENT, expected.baseline), (Standing.TARGET, expected.target)):
                if figure is not None:
                    yield Claim(
                        measure=expected.measure,
                        step=expected.step,
                        standing=standing,
                        figure=figure,
                        statistic=None,
                        future_state=improvement.future_state,
                        stated_by=f"improvement “{improvement.name}”",
                        place=("improvements", at, "expects", nth),
                    )
