"""Whatever the log, every kind keeps to the contract: its claims are on spans that there are, and can be told."""

import math
from pathlib import Path

import numpy as np
import pytest
from bench.planted.planted_log import planted_flow
from bench.planted.recipe import Recipe
from bench.planted.wastes import with_wastes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.logs import Row, flow_of, hour

from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.findings import findings
from millrace.diagnose.findings.kind import Candidate, Examined, Kind
from millrace.diagnose.findings.registry import KINDS
from millrace.model.absent import Absent

STATUS = st.sampled_from(["New", "In progress", "Fixing", "Awaiting user", "Awaiting vendor", "Resolved", "Cancelled"])
WHO = st.sampled_from([None, "Desk 1st", "Network 2nd", "Platform 3rd"])
EVENT = st.tuples(st.integers(0, 400), STATUS, WHO, st.sampled_from([None, "p", "q", "r"]), st.booleans())
LIVES = st.lists(st.lists(EVENT, min_size=1, max_size=12), min_size=1, max_size=12)

MANY_WASTES = (
    "ping_pong", "extra_step", "slow_step", "extreme_repetition", "repeating_pattern", "rework", "extreme_touchpoints",
    "touchpoints_of_group", "approval_wait", "incomplete_intake", "reopened", "closing_tail", "priority_inversion",
    "skill_mismatch", "duplicates", "cancelled_after_work", "automatable_step",
)  # fmt: skip


def holds_to_the_contract(evidence: Evidence, kind: Kind, looked: Examined | Absent) -> None:
    if isinstance(looked, Absent):
        assert looked.reason
        return
    assert all(0 <= p <= 1 for p in looked.p_values)
    for candidate in looked.candidates:
        assert candidate.p_value is None or candidate.p_value in looked.p_values, kind.name
        claims_what_there_is(evidence, candidate)
        can_be_told(candidate)


def claims_what_there_is(evidence: Evidence, candidate: Candidate) -> None:
    rows, claimed = candidate.claim
    assert (np.diff(rows) > 0).all()
    assert (claimed >= 0).all()
    assert (claimed <= evidence.spans.elapsed[rows]).all()
    if candidate.items is not None:
        assert np.isin(candidate.items, evidence.items.item).all()


def can_be_told(candidate: Candidate) -> None:
    assert candidate.sentence.endswith((".", "?"))
    assert candidate.sentence[0].isupper() or not candidate.sentence[0].islower()
    assert candidate.figures
    for figure in candidate.figures:
        assert math.isfinite(figure.value), figure.name
        assert figure.definition
    for bar in candidate.picture.rows if candidate.picture else ():
        assert math.isfinite(bar.value)


@pytest.mark.parametrize("has_statuses", [True, False])
def test_on_a_log_with_many_wastes_at_once(has_statuses: bool, tmp_path: Path) -> None:
    recipe = with_wastes(Recipe(seed=11, n_items=800, has_statuses=has_statuses), MANY_WASTES)
    evidence = Evidence(planted_flow(recipe, tmp_path))

    looked = {kind.name: kind.look(evidence) for kind in KINDS}

    for kind in KINDS:
        holds_to_the_contract(evidence, kind, looked[kind.name])
    assert sum(bool(examined.candidates) for examined in looked.values() if isinstance(examined, Examined)) > 10


@given(LIVES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_any_small_log(
    tmp_path_factory: pytest.TempPathFactory, lives: list[list[tuple[int, str, str | None, str | None, bool]]]
) -> None:
    rows = [
        Row(str(item), hour(at), status=status, team=team, person=person, is_automated=is_script, position=position)
        for item, life in enumerate(lives)
        for position, (at, status, team, person, is_script) in enumerate(sorted(life, key=lambda event: event[0]))
    ]
    flow = flow_of(rows, tmp_path_factory.mktemp("any"))
    evidence = Evidence(flow)

    for kind in KINDS:
        holds_to_the_contract(evidence, kind, kind.look(evidence))
    found = findings(flow)

    at_stake = sum(finding.stake.hours_per_month for finding in found.findings) * found.n_months
    assert at_stake <= found.hours * (1 + 1e-9)
