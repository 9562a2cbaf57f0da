"""Published logs, split at random days: nobody changed anything known, so hardly any change may be confirmed."""

from collections.abc import Callable
from typing import Any

import pytest
from bench.proof import REAL, splits


@pytest.mark.parametrize("name", REAL)
def test_random_days_are_hardly_ever_confirmed(published: Callable[[str], Any], name: str) -> None:
    found = splits(name, published(REAL[name]).flow, 40)
    assert found.n_confirmed <= 0.08 * max(found.n_known, 13)
