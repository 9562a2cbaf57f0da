"""The environment of the tools that the product is measured against, made when it is first needed."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".peers"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def peers_python() -> Path:
    """The interpreter of that environment. It is made anew when the locked requirements have changed."""
    stamp, locked = FOLDER / "installed.txt", REQUIREMENTS.read_text("utf-8")
    python = FOLDER / "bin" / "python"
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return python
    print("installing PM4Py, r4pm and rustxes into bench/.peers …", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(FOLDER)])
    install = ["-m", "pip", "--quiet", "install", "--require-hashes", "--only-binary", ":all:", "-r", str(REQUIREMENTS)]
    _run([str(python), *install])
    stamp.write_text(locked, "utf-8")
    return python


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(
            f"The environment bench/.peers could not be made: “{' '.join(command[1:4])} …” failed, see above."
        )
