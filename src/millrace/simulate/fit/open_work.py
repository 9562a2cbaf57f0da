"""The items under way at the end of a past, as a run of its fitted stream takes them up."""

from collections.abc import Mapping

import numpy as np

from millrace.eventlog.schema import Shape
from millrace.simulate.fit.fit import Fit
from millrace.simulate.fit.instants import instant
from millrace.simulate.fit.traits import COURSE
from millrace.simulate.simulated_stream import CANCELLED, VALUE, OpenItem, RouteRule, SimulatedStep


def open_work(fit: Fit, seed: int = 0) -> tuple[OpenItem, ...]:
    """Every open item: where it is, since when, what is known of it, and the course that its past suggests.

    A log of statuses says where an item is. A log of work says what was done last: such an item is on its way to the
    next step, which is drawn by the routes from there. Keys are the places of the items in the history.
    """
    past = fit.history
    visits = past.visits
    steps = {step.name: step for step in fit.stream.steps}
    chances = np.random.default_rng(seed)
    result = []
    for visit in last_visits(fit).tolist():
        item, name, nth = int(visits.item[visit]), past.steps[visits.step[visit]].name, int(visits.nth[visit])
        attributes, since = _attributes(fit, item), int(visits.began_at[visit])
        if past.flow.about.shape is not Shape.STATUS_LOG:
            onward = _next_step(steps[name], attributes, nth, chances.random())
            if onward is not None:
                name, since = onward, int(visits.ended_at[visit])
                nth = _n_visits(fit, visit, name) + 1
        result.append(OpenItem(str(item), instant(past.demand_at[item]), name, instant(since), nth, attributes))
    return tuple(result)


def last_visits(fit: Fit) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The last visit of every open item whose step is simulated."""
    past = fit.history
    visits = past.visits
    is_last = np.append(visits.item[1:] != visits.item[:-1], True)
    known = {step.name for step in fit.stream.steps}
    is_known = np.array([step.name in known for step in past.steps])
    return np.flatnonzero(is_last & past.is_open[visits.item] & is_known[visits.step])


def _next_step(step: SimulatedStep, attributes: Mapping[str, str], nth: int, chance: float) -> str | None:
    """The step that an item goes to, which is known not to have ended."""
    rule = next((rule for rule in step.routes if _holds(rule, attributes, nth)), None)
    ways = [way for way in rule.ways if way.to not in (VALUE, CANCELLED)] if rule else []
    if not ways:
        return None
    reached = np.cumsum([way.share_ratio for way in ways])
    return ways[int(np.searchsorted(reached, chance * reached[-1], side="right"))].to


def _holds(rule: RouteRule, attributes: Mapping[str, str], nth: int) -> bool:
    return rule.from_visit <= nth and all(attributes.get(name) in values for name, values in rule.where.items())


def _n_visits(fit: Fit, last: int, name: str) -> int:
    """How often the item has been in a step."""
    past = fit.history
    step = next(code for code, each in enumerate(past.steps) if each.name == name)
    first = int(np.searchsorted(past.visits.item, past.visits.item[last]))
    return int((past.visits.step[first : last + 1] == step).sum())


def _attributes(fit: Fit, item: int) -> dict[str, str]:
    attributes = {name: str(labels[item]) for name, labels in fit.traits.attributes.items()}
    if fit.traits.n_courses > 1:
        attributes[COURSE] = fit.traits.course_name(int(fit.traits.course[item]))
    return attributes
