"""The invented desk's logs are what the study takes them for."""

from pathlib import Path

import pytest
from bench.planted.planted_log import planted_flow
from bench.planted.recipe import Recipe
from bench.planted.wastes import WASTES, with_wastes

from millrace.flow.flow import Flow
from millrace.flow.lead_time import lead_time
from millrace.flow.rework import rework
from millrace.flow.spans import CANCELLED


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    return planted_flow(Recipe(seed=3), tmp_path_factory.mktemp("healthy"))


def test_the_same_seed_makes_the_same_log(healthy: Flow, tmp_path: Path) -> None:
    again = planted_flow(Recipe(seed=3), tmp_path)
    assert again.about == healthy.about
    assert again.items.to_pyarrow().to_pylist() == healthy.items.to_pyarrow().to_pylist()


def test_a_healthy_desk_delivers_most_items_within_its_promise(healthy: Flow) -> None:
    leads = lead_time(healthy).groups[""]
    assert leads.n > 0.9 * healthy.about.n_items
    assert leads.p50 is not None
    assert leads.p85 is not None
    assert leads.p50.seconds < leads.p85.seconds < 72 * 3600


def test_a_healthy_desk_has_a_little_of_everything(healthy: Flow) -> None:
    items = healthy.items
    cancelled = items.filter(items.last_state == CANCELLED).count().to_pyarrow().as_py()
    assert 0 < rework(healthy).n_items_reopened < 0.03 * healthy.about.n_items
    assert 0 < cancelled < 0.08 * healthy.about.n_items


def test_a_log_of_work_knows_when_work_began(tmp_path: Path) -> None:
    flow = planted_flow(Recipe(n_items=200, has_statuses=False), tmp_path)
    assert flow.knows_work
    assert flow.has("started_at")


def test_every_waste_changes_the_recipe_and_none_does_at_no_strength() -> None:
    healthy = Recipe()
    unchanged = {waste for waste in WASTES if with_wastes(healthy, (waste,)) == healthy}
    assert unchanged == set()
    assert with_wastes(healthy, ("rework", "reopened"), 0.0) == healthy
