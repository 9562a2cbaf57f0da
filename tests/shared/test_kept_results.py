"""Results at hand, and the turns of those who ask an engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from millrace.workbench.shared.kept_results import KeptResults, Turns


def _counting(calls: list[str], result: str) -> Callable[[], str]:
    def compute() -> str:
        calls.append(result)
        return result

    return compute


def test_a_result_is_computed_once() -> None:
    kept, calls = KeptResults(), list[str]()
    assert [kept.of("question", _counting(calls, "answer")) for _ in range(3)] == ["answer"] * 3
    assert calls == ["answer"]


def test_those_who_ask_at_the_same_time_share_one_computation() -> None:
    kept, calls, together, may_end = KeptResults(), list[str](), Barrier(4), Event()

    def compute() -> str:
        calls.append("computed")
        may_end.wait(10)
        return "answer"

    def ask() -> str:
        together.wait(10)
        return kept.of("question", compute)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask) for _ in range(4)]
        may_end.set()
    assert {each.result() for each in asked} == {"answer"}
    assert calls == ["computed"]


def test_an_error_is_told_and_not_kept() -> None:
    kept = KeptResults()

    def fail() -> str:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        kept.of("question", fail)
    assert not kept.has("question")
    assert kept.of("question", lambda: "answer") == "answer"


def test_the_result_asked_for_longest_ago_goes_first() -> None:
    kept, calls = KeptResults(most_kept=2), list[str]()
    for question in ("old", "new", "old", "newest"):
        kept.of(question, _counting(calls, question))
    assert [kept.has(question) for question in ("old", "new", "newest")] == [True, False, True]
    assert calls == ["old", "new", "newest"]


def test_what_is_being_computed_is_not_let_go_of() -> None:
    kept, has_begun, may_end = KeptResults(most_kept=1), Event(), Event()

    def slowly() -> str:
        has_begun.set()
        may_end.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(kept.of, "slow", slowly)
        assert has_begun.wait(10)
        for number in range(5):
            kept.of(number, lambda: "quick")
        may_end.set()
        assert slow.result(10) == "slow"
    assert kept.has("slow")


def test_an_engine_keeps_its_lock_however_many_results_come_and_go() -> None:
    turns, kept = Turns(), KeptResults(most_kept=2)
    first = turns.of("flow")
    for number in range(100):
        kept.of(number, lambda: "result")
    assert turns.of("flow") is first
    assert turns.of("another flow") is not first
