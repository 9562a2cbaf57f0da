"""Check a drawn stream for the mistakes that everyone makes: each rule named, with evidence and remedy.

One module per pitfall. Those of `drift` compare the drawing with a log, and look only where one is given.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType

from millrace.diagnose.map_checks import (
    arithmetic,
    complexity,
    context,
    contradictions,
    drift,
    narrow,
    people,
    review,
    vocabulary,
    worth,
)
from millrace.diagnose.map_checks.check import Check, MapFinding, Severity, Subject
from millrace.diagnose.observed import Observed
from millrace.model.designed_state import DesignedState, designed_state
from millrace.model.frameworks.framework import Framework, load_framework
from millrace.model.routing import EndlessStream
from millrace.model.stream_file import read_stream, read_text
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_text import line_of, parse_yaml

FAMILIES: tuple[ModuleType, ...] = (
    contradictions,
    arithmetic,
    vocabulary,
    narrow,
    complexity,
    worth,
    people,
    context,
    review,
    drift,
)
CHECKS: tuple[Check, ...] = tuple(check for family in FAMILIES for check in family.CHECKS)
"""Every rule, errors of consistency first."""

_ORDER = {severity: at for at, severity in enumerate(Severity)}


@dataclass(frozen=True)
class MapReport:
    """What the checks found, worst first, and how many rules looked."""

    stream: str
    n_rules: int
    findings: tuple[MapFinding, ...]

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return Counter(finding.severity for finding in self.findings)[severity]

    @property
    def has_errors(self) -> bool:
        """True where a finding is an error: a build that checks its maps fails then."""
        return self.reaches(Severity.ERROR)

    def reaches(self, severity: Severity) -> bool:
        """True where a finding is as bad as that, or worse."""
        return any(_ORDER[finding.severity] <= _ORDER[severity] for finding in self.findings)


def check_map(
    stream: ValueStream, *, today: date, framework: Framework | None = None, observed: Observed | None = None
) -> MapReport:
    """Let every rule look at the stream as it was drawn; with a log that it cuts, also at how the two differ.

    `framework` is the stream's own, loaded where it is not given; pass it for one that lies beside the stream's file.
    Raises UnknownFramework.
    """
    subject = Subject(stream, framework or load_framework(stream.framework), _designed(stream), today, observed)
    families = FAMILIES if observed else tuple(family for family in FAMILIES if family is not drift)
    findings = [
        MapFinding(
            check.name,
            check.severity,
            family.PITFALL,
            found.sentence,
            found.evidence,
            found.remedy,
            found.place,
            off_ratio=found.off_ratio,
        )
        for family in families
        for check in family.CHECKS
        for found in check.look(subject)
    ]
    n_rules = sum(len(family.CHECKS) for family in families)
    return MapReport(stream.name, n_rules, tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity])))


def check_file(path: Path, *, today: date, observed: Observed | None = None) -> MapReport:
    """Check the stream in a file; every finding gets its line. The stream's own framework is looked for beside it.

    `observed` is what a log says of the stream in this very file.

    Raises StreamFileMissing, StreamFileInvalid, UnknownFramework or FrameworkFileInvalid.
    """
    stream = read_stream(path)
    report = check_map(
        stream, today=today, framework=load_framework(stream.framework, folder=path.parent), observed=observed
    )
    tree = parse_yaml(read_text(path))
    return replace(report, findings=tuple(replace(found, line=line_of(tree, found.place)) for found in report.findings))


def _designed(stream: ValueStream) -> DesignedState | None:
    try:
        return designed_state(stream)
    except EndlessStream:
        return None
