"""The environment of SimPy, made when it is first needed."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".peers" / "simulation"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def simpy_python() -> Path:
    """The interpreter of that environment. It is made anew when the locked requirements have changed."""
    stamp, locked = FOLDER / "installed.txt", REQUIREMENTS.read_text("utf-8")
    python = FOLDER / "bin" / "python"
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return python
    print("installing SimPy into bench/.peers/simulation …", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    install = ["-m", "pip", "--quiet", "install", "--require-hashes", "--only-binary", ":all:", "-r", str(REQUIREMENTS)]
    for command in ([sys.executable, "-m", "venv", str(FOLDER)], [str(python), *install]):
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"“{' '.join(command[1:4])} …” failed, so there is nothing to compare with; see above.")
    stamp.write_text(locked, "utf-8")
    return python
