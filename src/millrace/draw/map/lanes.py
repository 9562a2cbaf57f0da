"""Where routes run: each in the lowest lane that is free over its whole length, its label where nothing crosses it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 25.0
"""From one lane to the next."""
_CLEAR = 12.0
_END = 9.0


@dataclass(frozen=True)
class Course:
    """A route as two uprights, at `begin` and `end`, joined in a lane; `label_width` is what its label would like."""

    begin: float
    end: float
    label_width: float

    @property
    def low(self) -> float:
        """The left upright, or the left end of a label that is wider."""
        return min(self.begin, self.end, self._centre - self.label_width / 2)

    @property
    def high(self) -> float:
        """The right upright, or the right end of a label that is wider."""
        return max(self.begin, self.end, self._centre + self.label_width / 2)

    @property
    def _centre(self) -> float:
        return (self.begin + self.end) / 2


@dataclass(frozen=True)
class Lane:
    """A course with its lane (0 is nearest to the boxes) and the stretch that its label may take."""

    course: Course
    level: int
    label_left: float
    label_right: float
    begin_foot: int | None
    """The lane at which the upright joins another of the same end; None where it reaches the box."""
    end_foot: int | None


def lanes(courses: Sequence[Course]) -> tuple[Lane, ...]:
    """A lane for each course, in the order given; short courses run nearest to the boxes."""
    levels = _levels(courses)
    return tuple(
        Lane(
            course,
            level,
            *_label_stretch(course, level, courses, levels),
            _foot(course.begin, level, courses, levels),
            _foot(course.end, level, courses, levels),
        )
        for course, level in zip(courses, levels, strict=True)
    )


def _levels(courses: Sequence[Course]) -> list[int]:
    taken: list[list[tuple[float, float]]] = []
    levels = [0] * len(courses)
    for at in sorted(range(len(courses)), key=lambda at: (courses[at].high - courses[at].low, at)):
        course = courses[at]
        level = next(
            (
                level
                for level, stretches in enumerate(taken)
                if all(course.high + _CLEAR < low or high + _CLEAR < course.low for low, high in stretches)
            ),
            len(taken),
        )
        if level == len(taken):
            taken.append([])
        taken[level].append((course.low, course.high))
        levels[at] = level
    return levels


def _label_stretch(course: Course, level: int, courses: Sequence[Course], levels: Sequence[int]) -> tuple[float, float]:
    """The widest stretch of the course that no upright of a higher lane crosses, preferably around its middle."""
    crossing = {x for other, other_level in zip(courses, levels, strict=True) if other_level > level
                for x in (other.begin, other.end)}  # fmt: skip
    left, right = min(course.begin, course.end), max(course.begin, course.end)
    fits_within = course.label_width <= right - left - 2 * _END
    low, high = (left + _END, right - _END) if fits_within else (course.low, course.high)
    edges = [low, *sorted(x for x in crossing if low < x < high), high]
    stretches = [
        (a + (_END if a in crossing else 0), b - (_END if b in crossing else 0)) for a, b in itertools.pairwise(edges)
    ]
    touching = [s for s in stretches if s[1] > left + _END and s[0] < right - _END]
    middle = (left + right) / 2
    return max(
        touching or stretches,
        key=lambda s: (min(s[1] - s[0], course.label_width), -abs((s[0] + s[1]) / 2 - middle)),
    )


def _foot(x: float, level: int, courses: Sequence[Course], levels: Sequence[int]) -> int | None:
    below = [
        other_level
        for other, other_level in zip(courses, levels, strict=True)
        if other_level < level and x in (other.begin, other.end)
    ]
    return max(below, default=None)
