"""Groups with too few people behind them: their figures would be those of a person, and are not told apart."""

from collections.abc import Mapping
from typing import Any

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING

AUTOMATED = 1


class GroupTooSmall(MillraceError):
    """A figure is asked for behind which too few people stand."""

    slug = "group-too-small"

    def __init__(self, what: str, smallest: int) -> None:
        """Say what was asked for, and what the workspace settles."""
        super().__init__(
            f"Fewer than {smallest} people stand behind {what}, so its figures are withheld: they would be those of "
            "single persons. Choose a larger group; an admin settles the smallest under Settings, Privacy."
        )


class ColumnWithheld(MillraceError):
    """A view by a column that names people is asked for."""

    slug = "column-withheld"

    def __init__(self, column: str) -> None:
        """Name the column, and who settles it."""
        super().__init__(
            f"“{column}” names people, and this workspace tells no figures of single persons. "
            "An admin settles that under Settings, Privacy."
        )


def small_groups_together(smallest: int) -> str:
    """The label that small groups bear together."""
    return f"groups of fewer than {smallest} people"


def is_guarded(flow: Flow) -> bool:
    """True where groups may be too small, and the log can show it."""
    return flow.about.smallest_group > 1 and bool(flow.about.people)


def shown_teams(flow: Flow) -> tuple[str, ...]:
    """Names of the teams by their codes; those with too few people bear one label together."""
    if not is_guarded(flow):
        return flow.about.teams
    if "teams" not in flow.asked:
        together = small_groups_together(flow.about.smallest_group)
        small = {code for code, n in _people_of_teams(flow).items() if n < flow.about.smallest_group}
        flow.asked["teams"] = tuple(together if code in small else name for code, name in enumerate(flow.about.teams))
    names: tuple[str, ...] = flow.asked["teams"]
    return names


def check_selection(flow: Flow, items: Any, where: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse items chosen by `where` on which too few people worked. Raises GroupTooSmall."""
    if not where or not is_guarded(flow):
        return
    asked = ("people", tuple(sorted(where.items())))
    if asked not in flow.asked:
        spans = _work_of_people(flow).semi_join(items, "item")
        flow.asked[asked] = spans.agg(n=spans.person.nunique()).to_pyarrow()["n"][0].as_py()
    if 0 < flow.asked[asked] < flow.about.smallest_group:
        chosen = " and ".join(f"{column} “{', '.join(values)}”" for column, values in where.items())
        raise GroupTooSmall(chosen, flow.about.smallest_group)


def without_small_groups(flow: Flow, labelled: Any, per: str) -> Any:
    """Items with a `label`, in which groups with too few people behind them bear one label together."""
    import ibis

    if not is_guarded(flow):
        return labelled
    asked = ("small", per)
    if asked not in flow.asked:
        flow.asked[asked] = _too_small(flow, labelled)
    if not flow.asked[asked]:
        return labelled
    together = small_groups_together(flow.about.smallest_group)
    return labelled.mutate(label=ibis.ifelse(labelled.label.isin(flow.asked[asked]), together, labelled.label))


def _too_small(flow: Flow, labelled: Any) -> list[str]:
    spans = _work_of_people(flow).select("item", "person").distinct()
    joined = spans.join(labelled.select("item", "label").distinct(), "item")
    counted = joined.group_by("label").agg(n=joined.person.nunique())
    few = counted.filter(counted.n < flow.about.smallest_group)
    return sorted(few.select("label").to_pyarrow()["label"].to_pylist())


def _work_of_people(flow: Flow) -> Any:
    """Spans with a person; a script that works under a name is none."""
    return flow.spans.filter((flow.spans.person != NOTHING) & (flow.spans.is_automated != AUTOMATED))


def _people_of_teams(flow: Flow) -> dict[int, int]:
    spans = _work_of_people(flow)
    spans = spans.filter(spans.team != NOTHING)
    counted = spans.group_by("team").agg(n=spans.person.nunique()).to_pyarrow().to_pylist()
    return {row["team"]: row["n"] for row in counted}
