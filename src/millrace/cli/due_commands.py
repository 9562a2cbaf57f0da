"""The command that does what is due, for a timer of the system."""

import json
import os

from millrace.cli.main import FOUND, app
from millrace.cli.parameters import HERE, AsJson, WorkspaceFolder
from millrace.cli.serve_commands import DatabaseUrl


@app.command(name="run-due")
def run_due(*, workspace: WorkspaceFolder = HERE, database: DatabaseUrl = None, as_json: AsJson = False) -> int:
    """Do what is due in a workspace now: newer exports, alerts, notices. Several may run at once.

    Ends with 1 where a job failed.
    """
    from contextlib import closing

    from millrace.workbench.shared import SharedWorkbench

    with closing(SharedWorkbench(workspace, database=database)) as bench:
        done = list(bench.run_due())
    if as_json:
        told = [
            {
                "kind": each.kind, "about": each.subject or None, "due_at": each.due_at.isoformat(),
                "result": each.result or None, "problem": each.problem,
            }
            for each in done
        ]  # fmt: skip
        print(json.dumps({"millrace_due": 1, "done": told}, ensure_ascii=False, indent=2))
    else:
        told_lines = [f"{each.kind} {each.subject}".rstrip() + f": {each.problem or each.result}" for each in done]
        print(os.linesep.join(told_lines) or "Nothing is due.")
    return FOUND if any(each.problem for each in done) else 0
