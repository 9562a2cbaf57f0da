"""Commands of the workbench in the browser: serve, account."""

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import HERE, WorkspaceFolder

DatabaseUrl = Annotated[
    str | None,
    Parameter(
        env_var="MILLRACE_DATABASE",
        help="Where decisions are kept, such as postgresql+psycopg://…; a file of the workspace.",
    ),
]


@app.command
def serve(
    *,
    workspace: WorkspaceFolder = HERE,
    host: Annotated[str, Parameter(help="Where to listen. Anything but this machine needs sign-in.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen at.")] = 8017,
    database: DatabaseUrl = None,
    sign_in: Annotated[bool, Parameter(name="--sign-in", help="Ask for sign-in also on this machine.")] = False,
    https: Annotated[bool, Parameter(name="--https", help="It is reached by HTTPS, through a proxy in front.")] = False,
    known_as: Annotated[
        tuple[str, ...], Parameter(help="The names it is reached by, such as millrace.example.org; others are refused.")
    ] = (),
    organisation: Annotated[
        Path | None, Parameter(help="The file that says how the organisation signs in (OpenID Connect).")
    ] = None,
) -> None:
    """Serve the workbench in the browser: alone on this machine, or for people with accounts."""
    import uvicorn

    from millrace.workbench.shared.serving import serve_settings

    settings = serve_settings(
        workspace, host, port, database, asks_sign_in=sign_in, is_behind_https=https, known_as=known_as,
        organisation=organisation,
    )  # fmt: skip
    os.environ.update(settings.to_environment())
    print(f"Millrace is at http://{host}:{port}/ – Ctrl-C ends it.", flush=True)
    uvicorn.run(
        "millrace.web.app:app_from_environment", factory=True, host=host, port=port, log_level="warning",
        server_header=False, workers=1,
        proxy_headers=https, forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"),
    )  # fmt: skip


@app.command
def account(
    email: str,
    /,
    *,
    name: Annotated[str, Parameter(help="What people call them.")],
    role: Annotated[str, Parameter(help="viewer, analyst, owner or admin.")] = "admin",
    workspace: WorkspaceFolder = HERE,
    database: DatabaseUrl = None,
) -> None:
    """Open an account in a workspace. The password is asked for, or taken from MILLRACE_PASSWORD."""
    from contextlib import closing

    from millrace.cli.asked import NotUnderstood
    from millrace.workbench.shared import Role, SharedWorkbench
    from millrace.workbench.shared.access import HERE as ALONE

    try:
        wanted = Role(role)
    except ValueError as error:
        raise NotUnderstood("--role", role, f"choose {', '.join(Role)}") from error
    password = os.environ.get("MILLRACE_PASSWORD") or (
        getpass() if sys.stdin.isatty() else sys.stdin.readline().strip()
    )
    with closing(SharedWorkbench(Path(workspace), database=database)) as bench:
        opened = bench.open_account(ALONE, email, name, wanted, password)
    print(f"{opened.name} ({opened.email}) is {opened.role} now.")
