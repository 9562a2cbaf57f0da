"""Compile ahead: the modules, and by reporting on two small logs what is compiled at first use.

A part of every installation: compiled code is kept beside the modules.
"""

import compileall
from pathlib import Path
from tempfile import TemporaryDirectory

import millrace
from millrace.workbench import Workbench

STATUS_LOG = """number,updated_at,state,assignment_group,assigned_to
INC1,2025-03-03 08:00,New,Service Desk,
INC1,2025-03-03 09:30,In Progress,Service Desk,Ada
INC1,2025-03-04 10:00,Awaiting User Info,Network,Ben
INC1,2025-03-05 11:00,Resolved,Network,Ben
INC2,2025-03-03 08:15,New,Network,
INC2,2025-03-03 12:00,In Progress,Network,Ben
INC2,2025-03-06 16:45,Closed,Network,Ben
"""


def main() -> None:
    """Compile the modules, then report on a log of statuses and on one of activities."""
    compileall.compile_dir(Path(millrace.__file__).parent, quiet=1)
    with TemporaryDirectory() as place:
        folder = Path(place)
        workbench = Workbench(folder / "workspace")
        statuses, activities = folder / "incidents.csv", folder / "requests.csv"
        statuses.write_text(STATUS_LOG, "utf-8")
        workbench.sample("hr-access", activities, months=1)
        for source in (statuses, activities):
            workbench.report(source, folder / "report.html")


if __name__ == "__main__":
    main()
