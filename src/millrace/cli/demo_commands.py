"""The demo: a workspace of samples, opened in the browser."""

import os
import sys
import webbrowser
from pathlib import Path
from threading import Timer
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.progress import ProgressBar

DEMO = Path("demo")
_SERVER_BEGINS_SECONDS = 3.0


@app.command
def demo(
    *,
    workspace: Annotated[Path, Parameter(help="The folder to set it up in.")] = DEMO,
    port: Annotated[int, Parameter(help="The port to listen at.")] = 8017,
    serve: Annotated[bool, Parameter(help="Only set it up.", negative="--no-serve")] = True,
) -> None:
    """Set up a workspace with two streams on sample logs, and open the workbench on it.

    A workspace that has streams already is opened as it is.
    """
    from contextlib import closing

    from millrace.cli.serve_commands import serve as serve_workspace
    from millrace.workbench.shared import SharedWorkbench
    from millrace.workbench.shared.demo import set_up_demo

    with closing(SharedWorkbench(workspace)) as bench, ProgressBar() as bar:
        set_up_demo(bench, bar)
    print(f"The demo is in {workspace}: HR access requests and incidents, followed for a year.")
    if serve:
        print(f"Open http://127.0.0.1:{port}/ and look first at “Where effort would pay most” on that page.")
        if _has_desktop():
            opening = Timer(_SERVER_BEGINS_SECONDS, webbrowser.open, (f"http://127.0.0.1:{port}/",))
            opening.daemon = True
            opening.start()
        serve_workspace(workspace=workspace, port=port)


def _has_desktop() -> bool:
    """Whether a browser with a window could come up: text browsers would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
