"""`millrace prove`, from an export, from a stream’s file, from the register."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from millrace.cli.main import run

HEAD = "number,time,status,team\n"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty weeks of tickets; the wait falls from about a day to a third of it in week 40."""
    rows = []
    for n in range(60 * 25):
        day, hour = divmod(n * 7 * 24 / 25, 24)
        wait = (20 + (n * 7) % 11) * (1 if n < 40 * 25 else 0.33)
        for at, status in ((0.0, "New"), (wait, "In Progress"), (wait + 1, "Resolved")):
            minutes = int((day * 24 + hour + at) * 60)
            rows.append((f"INC{n}", minutes // 1440, minutes % 1440, status))
    path = tmp_path_factory.mktemp("prove") / "tickets.csv"
    lines = [
        f"{key},{date(2024, 1, 1) + timedelta(days=day)} {minute // 60:02}:{minute % 60:02}:00,{status},Desk"
        for key, day, minute, status in rows
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return path


def told(export: Path, *more: str, of: str | None = None) -> list[str]:
    return ["prove", of or str(export), *more, "--workspace", str(export.parent / "workspace")]


def test_a_change_is_proved_and_drawn(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = export.parent / "proof.svg"
    assert run(told(export, "--changed-on", "2024-10-07", "-o", str(picture))) == 0
    assert "Confirmed: median lead time fell by" in capsys.readouterr().out
    assert "changed on 7 October 2024" in picture.read_text("utf-8")


def test_the_json_holds_the_effect_and_the_weeks(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(told(export, "--changed-on", "2024-10-07", "--expected", "60 % less", "--json")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "confirmed"
    assert found["hypothesis"]["expected_ratio"] == -0.6
    assert found["effect"]["low_ratio"] < found["effect"]["change_ratio"] < found["effect"]["high_ratio"] < 0
    assert len(found["weeks"]) > 50


def test_an_improvement_of_a_stream_is_proved_by_its_name(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = ["--workspace", str(export.parent / "workspace")]
    stream = export.parent / "stream.yaml"
    assert run(["discover", str(export), "-o", str(stream), *bench]) == 0
    with stream.open("a", encoding="utf-8") as file:
        file.write(
            "improvements:\n  - name: Remind\n    due_on: 2024-10-07\n"
            "    expects:\n      - {measure: lead_time, baseline: 24 h, target: 12 h}\n"
        )
    capsys.readouterr()
    assert run(told(export, "Remind", "--log", str(export), of=str(stream))) == 0
    assert "Confirmed: mean lead time fell by" in capsys.readouterr().out
    assert run(told(export, "Remember", "--log", str(export), of=str(stream))) == 2
    assert "no improvement “Remember”" in capsys.readouterr().err


def test_what_is_not_understood_is_told(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more, sentence in (
        ((), "say on which day the change came"),
        (("--changed-on", "2024-10-07", "--of", "joy"), "--of “joy” is not understood; it is lead_time"),
        (("--changed-on", "2024-10-07", "--expected", "lots"), "write it like “30 % less”"),
        (("--changed-on", "2029-10-07"), "lies outside tickets.csv"),
    ):
        assert run(told(export, *more)) == 2
        assert sentence in capsys.readouterr().err


def test_a_key_that_the_register_lacks_is_told(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(told(export, of="remind-approvers")) == 2
    assert "There is no improvement “remind-approvers”" in capsys.readouterr().err
