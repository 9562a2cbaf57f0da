"""A change as it was asked about on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from millrace.cli.asked import NotUnderstood, asked_duration, asked_selection
from millrace.improve.proof.hypothesis import Hypothesis, Provable, hypothesis_of
from millrace.model.ratio import parse_ratio


@dataclass(frozen=True)
class AskedChange:
    """What was said of a change; `given` are the parts of a hypothesis."""

    changed_on: date | None
    segment: dict[str, tuple[str, ...]]
    given: dict[str, object]

    def hypothesis(self) -> Hypothesis:
        """The hypothesis. Raises NotUnderstood without a day, HypothesisInvalid."""
        if self.changed_on is None:
            raise NotUnderstood("--changed-on", "", "say on which day the change came, as 2026-03-01")
        return hypothesis_of(**self.given, phases=({"starts_on": self.changed_on, "where": self.segment},))

    def over(self, stated: Hypothesis) -> Hypothesis:
        """A stated hypothesis, with what was said here instead of what it says."""
        phases = [each.model_dump() | ({"where": self.segment} if self.segment else {}) for each in stated.phases]
        kept = {name: value for name, value in self.given.items() if value}
        return hypothesis_of(**(stated.model_dump() | kept | {"phases": phases}))


def asked_change(
    changed_on: datetime | None,
    *,
    of: str | None,
    statistic: str | None,
    step: str | None,
    within: str | None,
    expected: str | None,
    where: Sequence[str] | None,
    changed: Sequence[str] | None,
    compared_with: Sequence[str] | None,
    baseline_from: datetime | None,
) -> AskedChange:
    """Read the options. A step means its wait, a limit the share within it, unless a measure is named."""
    return AskedChange(
        changed_on.date() if changed_on else None,
        dict(asked_selection(changed, None, None).where),
        {
            "measure": _measure(of, step, within),
            "statistic": statistic,
            "step": step,
            "within": asked_duration(within),
            "expected_ratio": _relative(expected),
            "where": dict(asked_selection(where, None, None).where),
            "compared_with": dict(asked_selection(compared_with, None, None).where),
            "baseline_from_on": baseline_from.date() if baseline_from else None,
        },
    )


def _relative(written: str | None) -> float | None:
    """A relative change: `30 % less`, `-0.3`, `10 % more`."""
    if written is None:
        return None
    plain = written.strip().replace("−", "-")
    sign = -1 if plain.startswith("-") or plain.endswith("less") else 1
    try:
        return sign * float(parse_ratio(plain.lstrip("+-").removesuffix("less").removesuffix("more").strip()))
    except ValueError as error:
        raise NotUnderstood("--expected", written, "write it like “30 % less” or “10 % more”") from error


def _measure(written: str | None, step: str | None, within: str | None) -> str | None:
    if written is None:
        return Provable.WAIT_TIME if step else Provable.SLA_COMPLIANCE if within else None
    measure = written.replace("-", "_")
    if measure not in list(Provable):
        raise NotUnderstood("--of", written, f"it is {', '.join(Provable)}")
    return measure
