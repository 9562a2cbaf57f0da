"""Environments of the tools that the product is measured against, made when they are first needed."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).with_name(".peers")
SIMULATORS, MINERS = "simulation", "peers"
"""What is measured against, by the folder that holds its locked requirements."""
FROM_SOURCE = ("pandasql", "wittgenstein")
"""Packages that Prosimos needs and that are published as source only."""


def requirements(peers: str) -> Path:
    """What is installed in the environment of `SIMULATORS` or `MINERS`, locked by hash."""
    return Path(__file__).with_name(peers) / "requirements.txt"


def peers_python(peers: str) -> Path:
    """The interpreter of the environment of `SIMULATORS` or `MINERS`; made anew when its lock has changed."""
    folder, lock = FOLDER / peers, requirements(peers)
    stamp, locked, python = folder / "installed.txt", lock.read_text("utf-8"), folder / "bin" / "python"
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return python
    print(f"installing what is locked in bench/{peers}/requirements.txt into bench/.peers/{peers} …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    wheels = ["--only-binary", ":all:", *(word for name in FROM_SOURCE for word in ("--no-binary", name))]
    _run([str(python), "-m", "pip", "--quiet", "install", "--require-hashes", *wheels, "-r", str(lock)])
    stamp.write_text(locked, "utf-8")
    return python


def _run(command: Sequence[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"“{' '.join(command[1:4])} …” failed, so there is nothing to compare with; see above.")
