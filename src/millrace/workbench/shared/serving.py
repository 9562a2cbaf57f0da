"""How the workbench is served, and to whom it may be."""

import ipaddress
import json
import os
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from millrace.errors import MillraceError
from millrace.workbench.shared.shared_workbench import SharedWorkbench

VARIABLE = "MILLRACE_SERVE"


class SignInNeeded(MillraceError):
    """The workbench would be open to the network without anybody signing in."""

    slug = "sign-in-needed"

    def __init__(self, host: str) -> None:
        """Say which two ways there are."""
        super().__init__(
            f"Millrace does not listen on {host} without sign-in. Open an account with `millrace account`, "
            "or leave --host out to work alone on this machine."
        )


@dataclass(frozen=True)
class ServeSettings:
    """What `millrace serve` was asked for. `is_alone`: one person on their own machine, without sign-in."""

    workspace: Path
    host: str = "127.0.0.1"
    port: int = 8017
    database: str | None = None
    is_alone: bool = True
    is_behind_https: bool = False
    largest_upload_bytes: int = 2 * 2**30

    def to_environment(self) -> dict[str, str]:
        """As the variable that the server's process reads them from."""
        written = asdict(self) | {"workspace": str(self.workspace.absolute())}
        return {VARIABLE: json.dumps(written)}

    @classmethod
    def from_environment(cls) -> "ServeSettings":
        """As `to_environment` wrote them."""
        written = json.loads(os.environ[VARIABLE])
        return cls(**written | {"workspace": Path(written["workspace"])})


def is_loopback(host: str) -> bool:
    """True for an address, or the name, of this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def serve_settings(
    workspace: Path, host: str, port: int, database: str | None, *, asks_sign_in: bool, is_behind_https: bool
) -> ServeSettings:
    """The settings. Raises SignInNeeded where the network could reach a workspace that nobody has to sign in to."""
    with closing(SharedWorkbench(workspace, database=database)) as bench:
        has_accounts = not bench.is_new()
    is_alone = not (asks_sign_in or has_accounts)
    if not is_loopback(host) and not has_accounts:
        raise SignInNeeded(host)
    return ServeSettings(
        workspace=workspace,
        host=host,
        port=port,
        database=database,
        is_alone=is_alone,
        is_behind_https=is_behind_https,
    )
