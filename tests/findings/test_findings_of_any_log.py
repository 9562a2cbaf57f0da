"""Whatever a log holds, looking for waste in it ends well, and no hour is told twice."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.logs import STATUSES

from millrace.diagnose.findings.finding import Unit
from millrace.diagnose.findings.findings import findings
from millrace.flow.flow import Flow

LABELS = st.sampled_from([each.status for each in STATUSES])
WHO = st.fixed_dictionaries(
    {"team": st.sampled_from([None, "Desk 1st", "Net 2nd"]), "person": st.sampled_from([None, "Ann", "Bo"])}
)
LIFE = st.lists(st.tuples(st.integers(0, 400), LABELS, WHO), min_size=1, max_size=8).map(
    lambda events: sorted(events, key=lambda event: event[0])
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(LIFE, min_size=1, max_size=6), n_times=st.sampled_from([1, 40]))
def test_any_log_can_be_looked_at_and_no_hour_is_told_twice(
    desk_flow: Callable[..., Flow], lives: list[list[tuple[object, ...]]], n_times: int
) -> None:
    repeated = {f"{number} {copy}": life for number, life in enumerate(lives) for copy in range(n_times)}
    found = findings(desk_flow(repeated))
    at_stake = sum(int(each.item_microseconds.sum()) for each in found.findings) / 3.6e9
    assert at_stake <= found.hours * (1 + 1e-12)
    for finding in found.findings:
        assert "nan" not in finding.sentence
        assert all(figure.value == figure.value for figure in finding.figures)
        assert all(0 <= figure.value <= 1 for figure in finding.figures if figure.unit is Unit.RATIO)
