"""Generated streams, from one step to many, in any script, with figures known, estimated, absent, tiny and huge."""

from hypothesis import strategies as st

from millrace.draw.map_picture import (
    Burst,
    Experience,
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Outcome,
    Part,
    Queue,
    Requester,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.model.value_stream import ValueClass

_LATIN = ("access", "R&D", "<b>", "(weekly)", "first-line/second-line", "W" * 27, "Donaudampfschifffahrtsgesellschaft")
_OTHER = ("処理", "설정", "בקשה", "طلب", "🚀", "👩\u200d👩\u200d👧", "Ελληνικά", "e\u0301", "\x00", "\ud800", "\u202e")
_WORDS = st.sampled_from(_LATIN + _OTHER)
names = st.lists(_WORDS, min_size=0, max_size=12).map(" ".join) | st.text(max_size=30)
_seconds = st.sampled_from([0.0, 0.001, 1.0, 59.9, 600.0, 86_400.0, 3.2e9]) | st.floats(0, 1e8)


def figures(values: st.SearchStrategy[float]) -> st.SearchStrategy[Figure]:
    return st.builds(
        Figure,
        st.none() | values,
        is_estimated=st.booleans(),
        before=st.none() | values,
        reason=names,
        note=names,
        estimated=st.none() | values,
    )


_durations, _ratios = figures(_seconds), figures(st.floats(0, 1))
_counts = figures(st.floats(0, 1e10) | st.integers(0, 2000).map(float))
_bursts = st.lists(st.builds(Burst, st.sampled_from(["1", "27", "134"]), names), max_size=5).map(tuple)
_queues = st.none() | st.builds(Queue, st.none() | _counts, st.none() | _durations, st.booleans(), _bursts)


@st.composite
def pictures(draw: st.DrawFn, max_stages: int = 9) -> MapPicture:
    sizes = draw(st.lists(st.sampled_from([1, 1, 1, 1, 2, 3]), min_size=1, max_size=max_stages))
    stages, ids = [], []
    for at, size in enumerate(sizes):
        steps = tuple(_step(draw, at, lane, size) for lane in range(size))
        ids += [step.id for step in steps]
        stages.append(Stage(steps, draw(st.booleans())))
    shares = st.none() | st.floats(0, 1)
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids), shares, names, shares, shares)
    return MapPicture(
        draw(names),
        tuple(stages),
        draw(st.sampled_from(MapState)),
        draw(names),
        draw(st.none() | st.builds(Requester, names, st.none() | _counts)),
        draw(st.none() | st.builds(Outcome, names, names)),
        tuple(ReworkRoute(*route) for route in draw(st.lists(ends, max_size=8))),
        tuple(SkipRoute(*route) for route in draw(st.lists(ends, max_size=6))),
        draw(_rungs(len(stages))),
        draw(st.none() | st.builds(Totals, _durations, _durations, _ratios, _ratios, _counts)),
        hours_per_day=draw(st.sampled_from([24, 8])),
        footnotes=(draw(names),),
        shows_activities=draw(st.booleans()),
        shows_requester=draw(st.booleans()),
    )


def _step(draw: st.DrawFn, at: int, lane: int, size: int) -> MapStep:
    rows = draw(st.sampled_from([0, 1, 5]))
    return MapStep(
        f"s{at}-{lane}",
        f"{at + 1}{'abc'[lane] if size > 1 else ''}",
        draw(names),
        draw(names),
        draw(names),
        draw(names),
        draw(st.none() | st.sampled_from(ValueClass)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.none() | st.floats(0, 1)),
        draw(_queues),
        process_time=draw(_durations) if rows else None,
        complete_and_accurate=draw(_ratios) if rows > 1 else None,
        volume_per_month=draw(_counts) if rows > 1 else None,
        people=draw(_counts) if rows > 1 else None,
        automation=draw(_ratios) if rows > 1 else None,
        bursts=draw(_bursts),
        activities=tuple(draw(st.lists(names, max_size=2))),
        experience=draw(st.none() | st.builds(Experience, st.sampled_from(Part), st.none() | _durations, names)),
    )


def _rungs(n: int) -> st.SearchStrategy[tuple[Rung, ...]]:
    some = st.none() | _durations
    rungs = st.builds(Rung, some, some, st.none() | st.none() | _durations)
    return st.just(()) | st.lists(rungs, min_size=n, max_size=n).map(tuple)
