"""Why it is slow: what was planted is told, with its size; what only goes along with it is not."""

from pathlib import Path

import numpy as np
import pytest
from tests.flow.logs import DESK, HOUR, MONDAY, Row, flow_of

from millrace.diagnose.explanation.explanation import Explanations, Outcome
from millrace.diagnose.explanation.outcomes import NoLimit
from millrace.diagnose.explanation.why_slow import why_slow

Columns = dict[str, np.ndarray]
N = 2_400
WEEKS = 40


def explained(folder: Path, hours: np.ndarray, columns: Columns, of: Outcome = Outcome.LEAD_TIME) -> Explanations:
    """Explain a log of items with these lead times, each with a value of every column; demands come at any time."""
    rng = np.random.default_rng(len(hours))
    demand = MONDAY + rng.integers(0, WEEKS * 7 * 24 * HOUR, len(hours))
    names = {name: values.tolist() for name, values in columns.items()}
    rows = []
    for item, (at, lead) in enumerate(zip(demand.tolist(), hours.tolist(), strict=True)):
        more = tuple((name, values[item]) for name, values in names.items())
        rows.append(Row(f"item {item}", at, status="New", more=more))
        rows.append(Row(f"item {item}", at + round(lead * HOUR), status="Resolved", position=1, more=more))
    return why_slow(flow_of(rows, folder, DESK), of=of)


def lead_times(rng: np.random.Generator, n: int = N) -> np.ndarray:
    return rng.lognormal(1.5, 0.8, n)


def told(found: Explanations) -> list[dict[str, str]]:
    return [{each.column: each.value for each in explanation.conditions} for explanation in found.explanations]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Explanations:
    """Network takes twice as long. Its team and its building go along with it, but do nothing; noise does nothing."""
    rng = np.random.default_rng(3)
    category = rng.choice(["Network", "Mail", "Laptop", "Access"], N)
    is_network = category == "Network"
    team = np.where(is_network & (rng.random(N) < 0.7), "Cables", rng.choice(["Desk", "Field", "Cables"], N))
    hours = lead_times(rng) * np.where(is_network, 2.0, 1.0)
    columns = {
        "category": category,
        "crew": team,
        "subcategory": np.where(is_network, rng.choice(["Wifi", "LAN"], N), category),
        "colour": rng.choice(["red", "blue", "green"], N),
        "resolution_code": np.where(hours > 5, "hard", "easy"),
        "assigned_by": rng.choice(["Ann", "Bob"], N),
        "ticket": np.array([f"T{number}" for number in range(N)]),
    }
    return explained(tmp_path_factory.mktemp("network"), hours, columns)


def test_a_planted_factor_lies_in_its_interval(network: Explanations) -> None:
    first = network.explanations[0]

    assert told(network)[0] == {"category": "Network"}
    assert first.interval.low < 2.0 < first.interval.high
    assert first.interval.high < 2.5


def test_what_only_goes_along_is_not_told(network: Explanations) -> None:
    assert told(network) == [{"category": "Network"}]


def test_the_hours_beyond_comparable_others_are_told(network: Explanations) -> None:
    first = network.explanations[0]
    # A fifth of the time there is: a quarter of the items take two of five parts of it, one of them needlessly.
    assert first.share_ratio == pytest.approx(0.2, abs=0.04)
    assert network.explained_ratio == pytest.approx(first.share_ratio, abs=0.001)


def test_consequences_ids_and_people_are_left_out_with_the_reason(network: Explanations) -> None:
    left_out = {each.column: each.reason for each in network.left_out}

    assert "what came of the item" in left_out["resolution_code"]
    assert "share a value" in left_out["ticket"]
    assert "resolution_code" not in network.looked_at


def test_the_sentence_says_who_how_much_and_how_sure(network: Explanations) -> None:
    sentence = network.explanations[0].sentence

    assert sentence.startswith("Items with category “Network” take ")
    assert "× as long as comparable others (" in sentence
    assert sentence.endswith("% of all lead time.")


def test_a_pair_is_told_where_only_both_together_are_slow(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    category, channel = rng.choice(["Network", "Mail"], N), rng.choice(["phone", "mail", "portal"], N)
    both = (category == "Network") & (channel == "phone")
    found = explained(tmp_path, lead_times(rng) * np.where(both, 4.0, 1.0), {"category": category, "channel": channel})

    assert told(found) == [{"category": "Network", "channel": "phone"}]
    assert found.explanations[0].interval.low < 4.0 < found.explanations[0].interval.high


def test_two_columns_that_hold_the_same_are_told_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    category = rng.choice(["Network", "Mail", "Laptop"], N)
    hours = lead_times(rng) * np.where(category == "Network", 3.0, 1.0)
    found = explained(tmp_path, hours, {"category": category, "service": np.char.upper(category)})

    assert len(found.explanations) == 1
    assert found.explanations[0].same_as


def test_nothing_is_told_of_logs_without_a_reason(tmp_path: Path) -> None:
    n_raising = 0
    for seed in range(12):
        rng = np.random.default_rng(100 + seed)
        columns = {name: rng.choice(list("abcdef"), 400) for name in ("category", "service", "channel", "site")}
        n_raising += bool(explained(tmp_path / str(seed), lead_times(rng, 400), columns).explanations)

    assert n_raising == 0


def test_breaches_need_a_limit(tmp_path: Path) -> None:
    with pytest.raises(NoLimit, match="--within"):
        explained(tmp_path, np.full(40, 3.0), {}, of=Outcome.BREACH)


def test_an_empty_or_uniform_log_explains_nothing(tmp_path: Path) -> None:
    found = explained(tmp_path, np.full(100, 3.0), {"category": np.array(["a", "b"] * 50)})

    assert found.explanations == ()
    assert found.n_items >= 99  # the first delivery may be an export’s beginning


def test_a_column_filled_in_later_is_left_out(tmp_path: Path) -> None:
    rows = []
    for item in range(80):
        at = MONDAY + item * 10 * HOUR
        rows.append(Row(f"{item}", at, status="New"))
        rows.append(Row(f"{item}", at + HOUR, status="Resolved", more=(("found", "abc"[item % 3]),)))

    found = why_slow(flow_of(rows, tmp_path, DESK))

    assert {each.column: each.reason for each in found.left_out}["found"].startswith("it is filled in later")


def test_rework_is_told_as_a_risk(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    rows = []
    for item in range(1_500):
        category = "Mail" if rng.random() < 0.3 else "Laptop"
        at, more = MONDAY + int(rng.integers(0, WEEKS * 7 * 24 * HOUR)), (("category", category),)
        statuses = ["New", "In progress", "Resolved"]
        if rng.random() < (0.45 if category == "Mail" else 0.15):
            statuses[2:2] = ["New", "In progress"]
        rows += [
            Row(f"{item}", at + place * HOUR, status=status, position=place, more=more)
            for place, status in enumerate(statuses)
        ]

    found = why_slow(flow_of(rows, tmp_path, DESK), of=Outcome.REWORK)

    assert told(found) == [{"category": "Mail"}]
    assert found.explanations[0].interval.low < 3.0 < found.explanations[0].interval.high
