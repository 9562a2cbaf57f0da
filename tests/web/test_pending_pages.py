"""Pages that take their time say how far they have come."""

from collections.abc import Iterator
from threading import Event

import pytest
from measured_stream import Measured, measured_stream

from millrace.web.pending import Pending


@pytest.fixture
def unmeasured(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Measured]:
    with measured_stream(tmp_path_factory.mktemp("pending")) as there:
        monkeypatch.setattr("millrace.web.pages.soon.PATIENCE_SECONDS", 0.0)
        yield there


def test_a_page_says_how_far_it_is_and_looks_again_with_and_without_scripts(
    unmeasured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = unmeasured.browser.get(f"{unmeasured.stream}/measures?clock=business")
    assert answer.status_code == 202
    assert "The figures are on their way" in answer.text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in answer.text
    assert f'hx-get="{unmeasured.stream}/measures?clock=business" hx-trigger="every 1s"' in answer.text
    part = unmeasured.browser.get(f"{unmeasured.stream}/charts/variants", headers={"HX-Request": "true"})
    assert part.status_code == 202
    assert "<html" not in part.text
    monkeypatch.setattr("millrace.web.pages.soon.PATIENCE_SECONDS", 120.0)
    assert unmeasured.browser.get(f"{unmeasured.stream}/measures?clock=business").status_code == 200


def test_who_asks_again_waits_for_the_same() -> None:
    pending, may_end, made = Pending(), Event(), list[str]()

    def make() -> str:
        may_end.wait(10)
        made.append("page")
        return "page"

    for _ in range(3):
        with pytest.raises(TimeoutError):
            pending.within(0.0, "address", make)
    may_end.set()
    assert pending.within(10, "address", make) == "page"
    assert len(made) <= 2
    pending.close()


def test_an_error_is_told_to_who_waits() -> None:
    pending = Pending()

    def fail() -> str:
        raise ValueError("no page")

    with pytest.raises(ValueError, match="no page"):
        pending.within(10, "address", fail)
    assert pending.within(10, "address", lambda: "page") == "page"
    pending.close()
