"""Operations on causes and repeats: which values go with delay, and which issues keep coming back."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from millrace.diagnose.explanation.explanation import Explanations, Outcome
from millrace.diagnose.explanation.why_slow import why_slow
from millrace.flow.flow import Flow
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source


@dataclass(frozen=True)
class Explained:
    """What explains an outcome, and the flow it was looked for in."""

    explanations: Explanations
    flow: Flow


class ExplanationOperations(Bench):
    """What can be asked of an export about why, and how often again."""

    def why(
        self,
        source: Source,
        *,
        of: Outcome | str = Outcome.LEAD_TIME,
        within: timedelta | None = None,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        strict: bool = False,
    ) -> Explained:
        """Which values known at demand go with long lead times, rework, or a breach of the limit `within`.

        Raises NoLimit.
        """
        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        found = why_slow(flow, of=Outcome(of), within=within, progress=lambda share: self._progress("comparing", share))
        self._progress("comparing", 1.0)
        return Explained(found, flow)
