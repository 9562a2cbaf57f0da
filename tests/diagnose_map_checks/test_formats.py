import json
from datetime import date
from pathlib import Path

import pytest

from millrace.diagnose.map_checks.check_map import CHECKS, MapReport, check_file, check_map
from millrace.diagnose.map_checks.formats import as_json, as_sarif, as_text
from millrace.model.templates.template import load_template

TODAY = date(2026, 3, 2)


@pytest.fixture
def report(tmp_path: Path) -> MapReport:
    path = tmp_path / "s.yaml"
    path.write_text("name: a\nsteps:\n  - {name: b, practices: [CAB]}\n", encoding="utf-8")
    return check_file(path, today=TODAY)


def test_text_tells_place_rule_sentence_evidence_and_remedy(report: MapReport) -> None:
    told = as_text(report, source="s.yaml")

    assert "s.yaml:3: error unknown-practice: “CAB” of step “b” is no practice of ITIL 4." in told
    assert "    remedy:  Use “Change enablement”." in told


def test_text_ends_with_a_count(report: MapReport) -> None:
    assert as_text(report, source="s.yaml").splitlines()[-1].startswith("3 errors, ")


def test_json_is_plain_and_counts_by_severity(report: MapReport) -> None:
    plain = json.loads(json.dumps(as_json(report, source="s.yaml")))

    assert plain["n_findings"]["error"] == 3
    assert plain["n_rules"] == report.n_rules
    assert {"rule", "severity", "sentence", "evidence", "remedy", "line"} <= set(plain["findings"][0])


def test_sarif_names_every_rule_and_points_to_lines(report: MapReport) -> None:
    log = json.loads(json.dumps(as_sarif(report, source="my streams/s.yaml")))
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    result = next(each for each in run["results"] if each["ruleId"] == "unknown-practice")

    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in rules] == [check.name for check in CHECKS]
    assert rules[result["ruleIndex"]]["id"] == "unknown-practice"
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "my%20streams/s.yaml"},
        "region": {"startLine": 3},
    }


def test_a_stream_without_a_file_has_findings_without_lines() -> None:
    sarif = as_sarif(check_map(load_template("hr-access"), today=TODAY), source="hr-access.yaml")

    assert "region" not in json.dumps(sarif)
