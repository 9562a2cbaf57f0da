"""The items under way at the end of a past, as a run of its fitted stream takes them up."""

import numpy as np

from millrace.simulate.fit.fit import Fit
from millrace.simulate.fit.instants import instant
from millrace.simulate.fit.traits import COURSE
from millrace.simulate.simulated_stream import OpenItem


def open_work(fit: Fit) -> tuple[OpenItem, ...]:
    """Every open item: where it is, since when, what is known of it, and the course that its past suggests.

    Keys are the places of the items in the history.
    """
    past = fit.history
    visits, names = past.visits, [step.name for step in past.steps]
    is_last = np.ones(len(visits.item), bool)
    is_last[:-1] = visits.item[1:] != visits.item[:-1]
    last = np.flatnonzero(is_last & past.is_open[visits.item])
    return tuple(
        OpenItem(
            key=str(item),
            demand_at=instant(past.demand_at[item]),
            step=names[step],
            since_at=instant(since),
            nth_visit=nth,
            attributes=_attributes(fit, item),
        )
        for item, step, since, nth in zip(
            visits.item[last].tolist(),
            visits.step[last].tolist(),
            visits.began_at[last].tolist(),
            visits.nth[last].tolist(),
            strict=True,
        )
    )


def _attributes(fit: Fit, item: int) -> dict[str, str]:
    attributes = {name: str(labels[item]) for name, labels in fit.traits.attributes.items()}
    if fit.traits.n_courses > 1:
        attributes[COURSE] = fit.traits.course_name(int(fit.traits.course[item]))
    return attributes
