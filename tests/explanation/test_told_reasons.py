"""Reasons and repeats in the report: tables where there is something to say, nothing where not."""

import pytest

from millrace.diagnose.explanation.explanation import Condition, Explanation, Explanations, LeftOutColumn, Outcome
from millrace.diagnose.findings.finding import Interval
from millrace.model.absent import Absent
from millrace.report.told_reasons import told_reasons


def explanations(*told: Explanation) -> Explanations:
    return Explanations(
        Outcome.LEAD_TIME, "take", told, 900, 900, 2_500.0, 0.12, ("category",),
        (LeftOutColumn("person", "it names people"),), "12 not delivered", 40, 0.05,
    )  # fmt: skip


@pytest.fixture
def network() -> Explanation:
    return Explanation(
        (Condition("category", "Network"),),
        "said",
        412,
        2.31,
        Interval(1.9, 2.8),
        310.2,
        Interval(200, 400),
        0.12,
        0.001,
    )


def test_a_reason_stands_with_its_interval_and_hours(network: Explanation) -> None:
    (table,) = told_reasons(explanations(network), None)

    assert table.table.rows == (
        (
            "Items with category “Network”",
            "2.3\N{NARROW NO-BREAK SPACE}×",
            "1.9–2.8\N{NARROW NO-BREAK SPACE}×",
            "412",
            "310",
            "12 %",
        ),
    )
    assert "12 not delivered" in table.notes[1]


def test_nothing_is_said_where_nothing_is_sure() -> None:
    assert told_reasons(explanations(), Absent("no column says it")) == ()
