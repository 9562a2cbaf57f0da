"""Open a page in the browser of a desktop; do nothing where there is none (a server, a container)."""

import os
import sys
import webbrowser
from pathlib import Path


def has_desktop() -> bool:
    """Whether a browser with a window could come up: text browsers would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__" and has_desktop():
    webbrowser.open(Path(sys.argv[1]).resolve().as_uri())
