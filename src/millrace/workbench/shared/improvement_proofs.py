"""What an improvement is meant to bring, where it stood before, and whether it did."""

from datetime import timedelta
from typing import Any

from millrace.draw.proof import alt_text, proof_drawing
from millrace.draw.proof_words import headline
from millrace.errors import MillraceError
from millrace.improve.proof.baseline import Baseline, baseline
from millrace.improve.proof.hypothesis import DURATIONS, Hypothesis, hypothesis_of
from millrace.improve.proof.prove import prove
from millrace.improve.proof.stated import is_provable, stated
from millrace.improve.proof.verdict import Verdict
from millrace.model.absent import Absent
from millrace.model.duration import parse_duration
from millrace.model.improvement import Improvement
from millrace.model.ratio import parse_ratio
from millrace.report.proof_form import proof_form
from millrace.store.improvements import ImprovementRecord, VerdictRecord
from millrace.store.tables import now
from millrace.workbench.proofs import Proved
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.improvement_book import ImprovementBookOperations, opened
from millrace.workbench.shared.improvement_views import ImprovementNotUsable, ImprovementView, found, view
from millrace.workbench.shared.measured_streams import NotMeasured

_NEEDS_BASELINE = 2
"""The step of the improvement model in which an improvement without a measured baseline stays."""


class NoHypothesis(MillraceError):
    """An improvement is to be proved that nobody stated a hypothesis for."""

    slug = "no-hypothesis"

    def __init__(self, title: str) -> None:
        """Say what to do."""
        super().__init__(f"Nobody said yet what “{title}” is meant to bring. State its hypothesis first.")


class ImprovementProofOperations(ImprovementBookOperations):
    """State hypotheses and prove them."""

    @needs(Permission.CHANGE)
    def state_hypothesis(
        self,
        actor: Actor,
        key: str,
        hypothesis: Hypothesis,
        *,
        version: int,
        target: str | None = None,
        expected_from: str | None = None,
    ) -> ImprovementView:
        """Say what an improvement is meant to bring; its baseline is measured at once and kept as a figure.

        A target without an expected change gives it, from the baseline. `expected_from` says who expects it: a
        simulation, or people. Raises HypothesisInvalid, NotMeasured, and what `change_improvement` raises.
        """
        now_at = self.improvement(actor, key)
        measured = self._baseline(actor, now_at.stream_key, hypothesis)
        stated = _aimed(hypothesis, target, measured)
        with self._doing(actor, "state_hypothesis", f"improvement:{key}", measure=str(stated.measure)) as session:
            record = opened(session, key, version)
            record.hypothesis = stated.model_dump(mode="json")
            record.target, record.expected_from = target or None, expected_from
            record.baseline = measured.model_dump(mode="json") if measured else None
            record.baseline_at = now() if measured else None
            if measured is None:
                record.model_step = min(record.model_step, _NEEDS_BASELINE)
            return view(session, record)

    def _taken_over(self, actor: Actor, stream: str, improvement: Improvement) -> ImprovementView:
        """With its day and an expectation that can be proved, an improvement of a stream's file has a hypothesis."""
        view = super()._taken_over(actor, stream, improvement)
        if improvement.due_on is None or not is_provable(improvement):
            return view
        expected = "the stream’s file" if improvement.future_state is None else f"“{improvement.future_state}”"
        asked = stated(improvement, improvement.due_on)
        return self.state_hypothesis(actor, view.key, asked, version=view.version, expected_from=expected)

    @needs(Permission.CHANGE)
    def prove_improvement(self, actor: Actor, key: str) -> Proved:
        """Prove an improvement and keep the verdict. Raises NoHypothesis, NotMeasured, ChangeOutsideTheLog."""
        shown = self.improvement(actor, key)
        verdict = self._verdict(actor, shown)
        with self._doing(actor, "prove_improvement", f"improvement:{key}", outcome=str(verdict.outcome)) as session:
            record = found(session, key)
            record.version += 1
            record.changed_at = now()
            session.add(_kept(record, actor, verdict, shown.title))
        return Proved(verdict, shown.title)

    def _verdict(self, actor: Actor, shown: ImprovementView) -> Verdict:
        asked = shown.hypothesis
        if asked is None:
            raise NoHypothesis(shown.title)
        flow = self.flow(actor, shown.stream_key)
        return self.on_flow(flow, ("proof", asked.model_dump_json()), lambda: prove(flow, asked))

    def _baseline(self, actor: Actor, stream: str, hypothesis: Hypothesis) -> Baseline | None:
        """The baseline as measured; None where the stream has nothing to be measured on."""
        try:
            flow = self.flow(actor, stream)
        except NotMeasured:
            return None
        asked = ("baseline", hypothesis.model_dump_json())
        measured = self.on_flow(flow, asked, lambda: baseline(flow, hypothesis))
        return None if isinstance(measured, Absent) else measured


def _kept(record: ImprovementRecord, actor: Actor, verdict: Verdict, called: str) -> VerdictRecord:
    form: dict[str, Any] = proof_form(verdict).model_dump(mode="json")
    return VerdictRecord(
        improvement_id=record.id, person_id=actor.person_id, outcome=str(verdict.outcome),
        headline=headline(verdict)[:400], svg=proof_drawing(verdict, called=called), alt=alt_text(verdict), form=form,
    )  # fmt: skip


def _aimed(hypothesis: Hypothesis, target: str | None, measured: Baseline | None) -> Hypothesis:
    """The hypothesis with the change that its target means."""
    if not target:
        return hypothesis
    aim = _figure(hypothesis, target)
    if hypothesis.expected_ratio is not None or measured is None or not measured.figure:
        return hypothesis
    return hypothesis_of(**(hypothesis.model_dump() | {"expected_ratio": aim / measured.figure - 1}))


def _figure(hypothesis: Hypothesis, written: str) -> float:
    """A target in the unit of its measure: seconds, a share, a count."""
    try:
        if hypothesis.measure in DURATIONS:
            return parse_duration(written) / timedelta(seconds=1)
        return float(parse_ratio(written))
    except ValueError as error:
        wanted = "a duration, like “4 h”" if hypothesis.measure in DURATIONS else "a number or share, like 4 or “5 %”"
        raise ImprovementNotUsable(f"the target “{written}” is not understood; write {wanted}") from error
