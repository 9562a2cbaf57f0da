"""Operations on findings: what a log shows of waste, and the items behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.eventlog.export import write_csv
from millrace.flow.flow import Flow
from millrace.flow.item_list import list_at_stake
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.model.yaml_problem import did_you_mean
from millrace.workbench.bench import Bench, Source

if TYPE_CHECKING:
    from millrace.diagnose.findings.finding import Finding, Findings


class UnknownKind(MillraceError):
    """A kind of finding is asked for that there is not."""

    slug = "unknown-kind-of-finding"

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        """Name the kinds there are."""
        super().__init__(
            f"There is no kind of finding “{kind}”{did_you_mean(kind, known) or '.'} Kinds are {', '.join(known)}."
        )


class UnknownFinding(MillraceError):
    """A finding is asked for by an id that nothing found in the log bears."""

    slug = "unknown-finding"

    def __init__(self, called: str, found: Sequence[str]) -> None:
        """Name those that were found."""
        there = f"Found were {', '.join(found)}." if found else "Nothing was found in it at all."
        super().__init__(f"There is no finding “{called}” in this log{did_you_mean(called, found) or '.'} {there}")


@dataclass(frozen=True)
class Diagnosed:
    """What was found, and the flow it was found in."""

    findings: Findings
    flow: Flow

    def finding(self, called: str) -> Finding:
        """The finding of that id, or of the only one that begins so. Raises UnknownFinding."""
        fitting = [each for each in self.findings.findings if each.id.startswith(called)]
        exact = [each for each in fitting if each.id == called]
        if len(exact or fitting) != 1 or not called:
            raise UnknownFinding(called, [each.id for each in self.findings.findings])
        return (exact or fitting)[0]


class FindingOperations(Bench):
    """What can be asked of an export about waste."""

    def findings(
        self,
        source: Source,
        *,
        kinds: Sequence[str] = (),
        rules: Path | str | None = None,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        strict: bool = False,
    ) -> Diagnosed:
        """Where time goes to waste in a source, most at stake first; only of `kinds`, where some are named.

        All kinds, and those of the file of `rules`, are looked for in any case, so that what is at stake does not
        depend on what is asked. Raises UnknownKind, RulesNotRead and RulesInvalid.
        """
        from millrace.diagnose.findings.findings import findings
        from millrace.diagnose.findings.registry import KINDS
        from millrace.diagnose.findings.rules.fitting import refuse_what_does_not_fit
        from millrace.diagnose.findings.rules.kinds_of_rules import kinds_of_rules
        from millrace.diagnose.findings.rules.rules_file import read_rules

        own = read_rules(Path(rules)) if rules is not None else None
        every = (*KINDS, *(kinds_of_rules(own) if own else ()))
        known = [kind.name for kind in every]
        for kind in kinds:
            if kind not in known:
                raise UnknownKind(kind, known)
        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        if own is not None:
            refuse_what_does_not_fit(own, flow)
        found = findings(flow, kinds=every, progress=lambda share: self._progress("looking", share))
        if kinds:
            found = replace(found, findings=tuple(each for each in found.findings if each.kind in kinds))
        return Diagnosed(found, flow)

    def finding_items(
        self,
        called: str,
        source: Source,
        output: Path | str,
        *,
        rules: Path | str | None = None,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
    ) -> int:
        """Write the items behind a finding as CSV, those with most at stake first; how many. Raises UnknownFinding."""
        diagnosed = self.findings(source, rules=rules, stream=stream, mapping=mapping, calendar=calendar)
        finding = diagnosed.finding(called)
        write_csv(list_at_stake(diagnosed.flow, finding.item_codes, finding.item_microseconds), Path(output))
        return finding.n_items
