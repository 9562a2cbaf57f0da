"""What claimed time costs: work at the rate of its team, waiting at the rate of delay of the item's priority."""

from typing import Any

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.flow.cost import NO_RATES
from millrace.flow.spans import ACTIVE, WAITING
from millrace.model.absent import Absent
from millrace.model.state import STATES, State

NEW = STATES.index(State.NEW)
NO_RATE_HERE = "the stream gives no rate for the teams or priorities whose time this is"


class Prices:
    """The rates of a stream, per span of its flow."""

    def __init__(self, evidence: Evidence) -> None:
        """Look up the rate of every span once."""
        stream = evidence.flow.about.stream
        self._are_given = bool(stream.rates_per_hour or stream.delay_rates_per_hour)
        if self._are_given:
            self._rate_of_span = _rates(evidence)

    def money(self, claim: Claim) -> float | Absent:
        """What the claimed time costs; Absent where the stream gives no rate, or none for this time."""
        if not self._are_given:
            return Absent(NO_RATES)
        rates = self._rate_of_span[claim.spans]
        return float(claim.microseconds @ rates) / HOUR if rates.any() else Absent(NO_RATE_HERE)


def _rates(evidence: Evidence) -> Any:
    """For every span the cost of an hour of it; 0 where no rate is given."""
    flow, spans = evidence.flow, evidence.spans
    stream = flow.about.stream
    of_team = np.array([*(stream.rates_per_hour.get(team, 0.0) for team in flow.about.teams), 0.0])
    rates = np.where(spans.state == ACTIVE, of_team[spans.team], 0.0)
    if stream.delay_rates_per_hour and flow.has("priority"):
        priority = evidence.attribute("priority")
        of_priority = np.array([*(stream.delay_rates_per_hour.get(label, 0.0) for label in priority.labels), 0.0])
        waits = np.isin(spans.state, (NEW, WAITING))
        rates += np.where(waits, of_priority[priority.codes[evidence.item_of_span]], 0.0)
    return rates
