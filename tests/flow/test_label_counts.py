"""The labels that items can be told apart by."""

from collections.abc import Callable

import pytest

from millrace.flow.flow import Flow
from millrace.flow.label_counts import label_counts
from millrace.flow.selection import UnknownColumn

MakeFlow = Callable[..., Flow]


def test_the_most_frequent_labels_come_first_and_all_are_counted(desk: MakeFlow) -> None:
    flow = desk(**{
        name: [(0, "New", {"team": team}), (1, "Resolved", {"team": team})]
        for name, team in (("a", "Field"), ("b", "Desk"), ("c", "Desk"), ("d", "Back"))
    })  # fmt: skip
    assert label_counts(flow, "team").labels == (("Desk", 2), ("Back", 1), ("Field", 1))
    few = label_counts(flow, "team", top=1)
    assert (few.labels, few.n_labels) == ((("Desk", 2),), 3)


def test_a_column_that_is_not_there_is_told(desk: MakeFlow) -> None:
    with pytest.raises(UnknownColumn):
        label_counts(desk(a=[(0, "New"), (1, "Resolved")]), "colour")
