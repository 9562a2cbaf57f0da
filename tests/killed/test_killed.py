"""Who is killed loses nothing that was acknowledged, and leaves nothing half-done."""

import pytest
from bench.killed import kill_one


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.getbasetemp()))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["import", "edit", "backup"])
def test_what_was_acknowledged_is_there_after_a_kill(kind: str, seed: int) -> None:
    killed = kill_one(kind, seed)
    assert killed.done or killed.at


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", ["migration", "restore"])
def test_what_is_all_or_nothing_is_so_after_a_kill(kind: str, seed: int) -> None:
    killed = kill_one(kind, seed)
    assert killed.done or killed.at
