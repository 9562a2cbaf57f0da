"""What keeps coming back: the same trouble in other words is one issue, with its hours, its trend, its problem."""

from pathlib import Path

import numpy as np
import pytest
from tests.flow.logs import DAY, DESK, HOUR, MONDAY, Row, flow_of

from millrace.diagnose.recurring.issue import Issue, RecurringIssues
from millrace.diagnose.recurring.recurring_issues import recurring_issues
from millrace.diagnose.recurring.text_groups import plain_text
from millrace.diagnose.recurring.trends import trends
from millrace.model.absent import Absent

TROUBLES = {
    "vpn": ("VPN connection drops for user {}", "vpn drops again at home, laptop {}", "VPN connection keeps dropping"),
    "printer": ("Drucker im Flur {} druckt nicht", "Drucker {} druckt nicht mehr", "drucker druckt nichts, Raum {}"),
    "password": ("Password reset for account u{}", "please reset my password", "Reset password of u{} please"),
}
_LETTERS = list("abcdefghijklmnopqrstuvwxyz")


def written(rng: np.random.Generator) -> list[tuple[str, str, int]]:
    """Trouble, text and day: forty of each, of the printer more and more; and sixty others that mean nothing."""
    made = []
    for trouble, texts in TROUBLES.items():
        for number in range(40):
            day = int(180 * np.sqrt(rng.random())) if trouble == "printer" else int(rng.integers(0, 180))
            made.append((trouble, texts[number % 3].format(rng.integers(100, 999)), day))
    words = ["".join(rng.choice(_LETTERS, 7)) for _ in range(240)]
    return made + [("", " ".join(words[4 * item : 4 * item + 4]), int(rng.integers(0, 180))) for item in range(60)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> RecurringIssues:
    rng, rows = np.random.default_rng(1), []
    for item, (trouble, text, day) in enumerate(written(rng)):
        more = (("short_description", text), ("problem_id", "PRB1" if trouble == "password" else None))
        at, lead = MONDAY + day * DAY, (10 if trouble == "vpn" else 2) * HOUR
        rows += [
            Row(f"{trouble}-{item}", at, status="New", more=more),
            Row(f"{trouble}-{item}", at + lead, status="Resolved", more=more),
        ]
    issues = recurring_issues(flow_of(rows, tmp_path_factory.mktemp("written"), DESK))
    assert isinstance(issues, RecurringIssues)
    return issues


def of(found: RecurringIssues, word: str) -> Issue:
    (issue,) = (each for each in found.issues if word in each.name)
    return issue


def test_the_same_trouble_in_other_words_is_one_issue(found: RecurringIssues) -> None:
    for word in ("vpn", "drucker", "password"):
        assert 36 <= of(found, word).n_items <= 42


def test_an_issue_holds_the_time_of_its_items(found: RecurringIssues) -> None:
    vpn = of(found, "vpn")

    assert vpn.median_lead_seconds == 10 * 3600
    assert vpn.hours_per_month == pytest.approx(vpn.per_month * 10)


def test_what_is_linked_with_a_problem_is_no_candidate(found: RecurringIssues) -> None:
    assert of(found, "vpn").is_candidate
    assert not of(found, "password").is_candidate
    assert of(found, "password").n_with_problem == of(found, "password").n_items


def test_candidates_come_first_with_examples(found: RecurringIssues) -> None:
    flags = [issue.is_candidate for issue in found.issues]

    assert flags == sorted(flags, reverse=True)
    assert all(1 <= len(issue.examples) <= 3 for issue in found.issues)
    assert sum(n for _, n in of(found, "vpn").months) == of(found, "vpn").n_items


def test_growth_is_told_and_a_season_of_all_demand_is_none() -> None:
    rng = np.random.default_rng(2)
    season = np.sort((rng.random(2_000) ** 0.5 * 1e9).astype(np.int64))
    even, late = np.arange(0, 2_000, 10), np.arange(800, 2_000, 10)

    alike, growing = trends(season, [even, late])

    assert not alike.is_growing
    assert not alike.is_shrinking
    assert growing.is_growing


def test_one_burst_is_no_trend() -> None:
    demands = np.arange(2_000, dtype=np.int64)

    (burst,) = trends(demands, [np.arange(1_500, 1_560)])

    assert not burst.is_growing


def test_items_without_text_are_alike_by_what_they_are_filed_under(tmp_path: Path) -> None:
    rows = []
    for item in range(60):
        more = (("cmdb_ci", "SAP" if item % 2 else "Mail"), ("category", "a" if item % 3 else "b"))
        rows += [Row(f"{item}", MONDAY + item * DAY, status="New", more=more)]

    issues = recurring_issues(flow_of(rows, tmp_path, DESK))

    assert isinstance(issues, RecurringIssues)
    assert issues.alike_by == ("cmdb_ci", "category")
    assert {issue.name for issue in issues.issues} >= {"cmdb ci “SAP”, category “a”"}


def test_a_log_that_does_not_say_what_it_is_about_tells_nothing(tmp_path: Path) -> None:
    rows = [Row(f"{item}", MONDAY + item * DAY, status="New") for item in range(20)]

    assert isinstance(recurring_issues(flow_of(rows, tmp_path, DESK)), Absent)


def test_numbers_and_addresses_tell_no_issues_apart() -> None:
    assert plain_text("Reset u4711 for ann@example.org (REQ-0012)") == plain_text(
        "reset u12 for bob@example.org (REQ-7)"
    )
