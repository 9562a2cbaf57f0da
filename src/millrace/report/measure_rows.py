"""The measures as rows: each with its definition, its population, and what was left out."""

from millrace.flow.flow import Flow
from millrace.flow.measurement import Measurement
from millrace.flow.summary import NO_DURATIONS, Absent, DurationSummary, Share
from millrace.model.measure import show_figure
from millrace.model.value_stream import ValueStream
from millrace.report.content import DurationMeasure, ShareMeasure
from millrace.report.wording import noun_of


def duration_measures(flow: Flow, measured: Measurement) -> tuple[DurationMeasure, ...]:
    """How long it takes: each duration on both clocks, where both are known."""
    noun = noun_of(flow).many
    start, stop = measured.lead_time.demand, measured.lead_time.value
    left_out = measured.lead_time.left_out
    rows = [
        DurationMeasure(
            "Lead time",
            "From demand until the stakeholder has the value",
            f"{noun} delivered",
            start,
            stop,
            _whole(measured.lead_time.groups),
            _whole(measured.business_lead_time.groups),
            left_out,
        ),
        DurationMeasure(
            "Time to close",
            "From demand to the last event, formal closure included",
            f"{noun} delivered",
            start,
            "last event",
            _whole(measured.time_to_close.groups),
            _whole(measured.business_time_to_close.groups),
            left_out,
        ),
    ]
    if isinstance(measured.ownership, Absent):
        owned: DurationSummary | Absent = measured.ownership
    else:
        owned = measured.ownership.time_to_own
    not_on_business = Absent("shown on the elapsed clock only")
    rows.append(
        DurationMeasure(
            "Time to own", "From demand until a person first holds the item", f"all {noun} that somebody held",
            start, "first event with a person", owned, owned if isinstance(owned, Absent) else not_on_business,
        )
    )  # fmt: skip
    rows.append(
        DurationMeasure(
            "Life", "From demand to the last event, delivered or not", f"all {noun}",
            start, "last event", measured.life, not_on_business,
        )
    )  # fmt: skip
    return tuple(rows)


def _whole(groups: dict[str, DurationSummary]) -> DurationSummary:
    return groups.get("", NO_DURATIONS)


def share_measures(flow: Flow, measured: Measurement) -> tuple[ShareMeasure, ...]:
    """How often, and what share."""
    noun = noun_of(flow).many
    rework, ownership = measured.rework, measured.ownership
    idle: Share | Absent = ownership if isinstance(ownership, Absent) else _hours(ownership.idle)
    efficiency = measured.flow_efficiency
    return (
        ShareMeasure(
            "Flow efficiency",
            "Time at work of all lead time, over delivered items, summed before dividing",
            "hours",
            efficiency if isinstance(efficiency, Absent) else _hours(efficiency),
        ),
        ShareMeasure("Rework", f"{noun} that saw a step again or were reopened", noun, rework.items),
        ShareMeasure(
            "Time in later visits",
            "Time in second and later visits of a step, of all time before value",
            "hours",
            _hours(rework.later_visits),
        ),
        ShareMeasure(
            "First-time completion",
            "Delivered with no rework and no wait for the requester after the first step",
            noun,
            rework.first_time_completion,
        ),
        ShareMeasure(
            "Entry quality",
            "Delivered without a wait for the requester in the first step and without a return to it",
            noun,
            rework.entry_quality,
        ),
        ShareMeasure("Idle", "Time in which a team holds the item and nobody in it does, before value", "hours", idle),
        ShareMeasure(
            "Closing tail", "Time after value, of all life", "hours", _hours(measured.closing_tail.share_of_life)
        ),
    )


def _hours(share: Share) -> Share:
    return Share(share.part / 3600, share.whole / 3600)


def targets(stream: ValueStream) -> dict[str, str]:
    """What the stream aims at, by the name of the measure: `mean 45 min`."""
    return {
        measure.name: f"{measure.statistic or ''} {show_figure(measure.name, measure.target)}".strip()
        for measure in stream.measures
        if measure.target is not None and measure.step is None
    }
