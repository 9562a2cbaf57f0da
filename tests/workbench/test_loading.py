"""An operation loads what it needs when it is asked, so that no command waits for another's libraries."""

import subprocess
import sys

import pytest

LATE = ("simulate", "report", "draw", "improve", "govern", "web")


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that loading the workbench loads."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys, millrace.workbench; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(told.stdout.split())


@pytest.mark.parametrize("package", LATE)
def test_the_workbench_alone_loads_none_of(package: str, loaded: set[str]) -> None:
    assert "millrace.workbench.workbench" in loaded
    assert not [module for module in loaded if module.startswith(f"millrace.{package}.")]


def test_the_kinds_of_findings_come_with_the_first_question(loaded: set[str]) -> None:
    assert not [module for module in loaded if module.startswith("millrace.diagnose.findings.kinds")]
