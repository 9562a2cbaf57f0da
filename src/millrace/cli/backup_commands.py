"""Commands that keep a workspace safe: backup, restore."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import HERE, WorkspaceFolder
from millrace.cli.progress import ProgressBar
from millrace.cli.serve_commands import DatabaseUrl


@app.command
def backup(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="The file to write.")],
    workspace: WorkspaceFolder = HERE,
    database: DatabaseUrl = None,
) -> None:
    """Write the workspace and its decisions into one file, also while it is being served."""
    from millrace.workbench.shared import SharedWorkbench
    from millrace.workbench.shared.access import HERE as ALONE
    from millrace.workbench.shared.backup import NoSuchWorkspace

    if not workspace.is_dir():
        raise NoSuchWorkspace(workspace)
    with closing(SharedWorkbench(workspace, database=database)) as bench, ProgressBar() as bar:
        made = bench.back_up(ALONE, output, progress=lambda share: bar("backing up", share))
    print(f"{made.path} holds {made.n_rows:,} rows and {made.n_files:,} files in {_megabytes(made.n_bytes)}.")


@app.command
def restore(
    path: Path,
    /,
    *,
    workspace: Annotated[Path, Parameter(name="--workspace", help="The new folder to restore to.")],
    database: DatabaseUrl = None,
    replace: Annotated[
        bool, Parameter(name="--replace", help="Replace a workspace that is in use; its folder is kept aside.")
    ] = False,
) -> None:
    """Restore a backup to a new workspace, whichever database it came from. Everybody has to sign in again."""
    from millrace.workbench.shared.restoring import restore as restored_from

    with ProgressBar() as bar:
        done = restored_from(
            path, workspace, database=database, replace=replace, progress=lambda share: bar("restoring", share)
        )
    print(
        f"{done.folder} is as it was on {done.made_at:%Y-%m-%d at %H:%M:%S} UTC: "
        f"{done.n_rows:,} rows and {done.n_files:,} files, backed up by Millrace {done.release}."
    )
    if done.kept_aside is not None:
        print(f"What was there before lies in {done.kept_aside} now.")


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
