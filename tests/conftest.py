"""Options and fixtures that all tests share."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

REGENERATE = "--regenerate-goldens"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        REGENERATE, action="store_true", help="write what the code gives now as the expected text; review the diff"
    )


def pytest_configure() -> None:
    gc.set_threshold(50_000)  # a fifth of the time went into looking for garbage


def pytest_collection_finish() -> None:
    gc.freeze()  # the tests themselves stay to the end


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with its stored one in the folder `goldens` beside the test."""
    folder = Path(str(request.path)).parent / "goldens"
    regenerate = bool(request.config.getoption(REGENERATE))

    def compare(name: str, text: str) -> None:
        stored = folder / name
        if regenerate:
            folder.mkdir(exist_ok=True)
            stored.write_text(text, encoding="utf-8")
        assert stored.exists(), f"{name} has no golden yet: run pytest {REGENERATE} and review it"
        assert text == stored.read_text(encoding="utf-8"), f"{name} differs: see the diff after pytest {REGENERATE}"

    return compare
