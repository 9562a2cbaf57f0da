"""A check's report for people, for programs, and for code-scanning tools (SARIF 2.1.0)."""

from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from millrace.diagnose.map_checks.check import MapFinding, Severity
from millrace.diagnose.map_checks.check_map import CHECKS, MapReport

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(report: MapReport, *, source: str) -> str:
    """Tell the findings as lines of `file:line: severity rule: sentence`, each with evidence and remedy below."""
    lines = []
    for found in report.findings:
        where = f"{source}:{found.line}" if found.line else source
        lines.append(f"{where}: {found.severity} {found.rule}: {found.sentence}")
        lines += [f"    because: {evidence}" for evidence in found.evidence]
        lines.append(f"    remedy:  {found.remedy}")
    return "\n".join([*lines, summary(report)])


def summary(report: MapReport) -> str:
    """Count what was found, in a sentence."""
    counts = [(report.count(severity), severity.value) for severity in Severity]
    told = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
    return f"{', '.join(told) or 'Nothing found'} · {report.n_rules} rules looked at “{report.stream}”."


def as_json(report: MapReport, *, source: str) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "stream": report.stream,
        "source": source,
        "n_rules": report.n_rules,
        "n_findings": {severity.value: report.count(severity) for severity in Severity},
        "findings": [_plain(found) for found in report.findings],
    }


def as_sarif(report: MapReport, *, source: str) -> dict[str, Any]:
    """Return the report as a SARIF 2.1.0 log; `source` is the stream's file, relative to where it is shown."""
    names = [check.name for check in CHECKS]
    rules = [
        {
            "id": check.name,
            "shortDescription": {"text": f"{check.title}."},
            "defaultConfiguration": {"level": check.severity.value},
        }
        for check in CHECKS
    ]
    results = [_result(found, names.index(found.rule), source) for found in report.findings]
    driver = {"name": "Millrace", "version": version("millrace"), "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _plain(found: MapFinding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "pitfall": found.pitfall,
        "sentence": found.sentence,
        "evidence": list(found.evidence),
        "remedy": found.remedy,
        "place": list(found.place),
        "line": found.line,
    }


def _result(found: MapFinding, rule_index: int, source: str) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(source)}}
    if found.line:
        location["region"] = {"startLine": found.line}
    return {
        "ruleId": found.rule,
        "ruleIndex": rule_index,
        "level": found.severity.value,
        "message": {"text": f"{found.sentence} {found.remedy}"},
        "locations": [{"physicalLocation": location}],
        "properties": {"pitfall": found.pitfall, "evidence": list(found.evidence)},
    }
