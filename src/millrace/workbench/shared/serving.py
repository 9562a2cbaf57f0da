"""How the workbench is served, and to whom it may be."""

import ipaddress
import json
import os
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from millrace.errors import MillraceError
from millrace.workbench.shared.organisation import read_organisation
from millrace.workbench.shared.shared_workbench import SharedWorkbench

VARIABLE = "MILLRACE_SERVE"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


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
    known_as: tuple[str, ...] = ()
    organisation: Path | None = None

    @property
    def hosts(self) -> frozenset[str] | None:
        """The hosts that it answers to; None for any. Alone, that is this machine: no other name may lead to it."""
        if self.is_alone:
            return LOOPBACK_NAMES
        return frozenset(self.known_as) or None

    def to_environment(self) -> dict[str, str]:
        """As the variable that the server's process reads them from."""
        organisation = str(self.organisation.absolute()) if self.organisation else None
        written = asdict(self) | {"workspace": str(self.workspace.absolute()), "organisation": organisation}
        return {VARIABLE: json.dumps(written)}

    @classmethod
    def from_environment(cls) -> "ServeSettings":
        """As `to_environment` wrote them."""
        written = json.loads(os.environ[VARIABLE])
        organisation = Path(written["organisation"]) if written["organisation"] else None
        read = {
            "workspace": Path(written["workspace"]),
            "organisation": organisation,
            "known_as": tuple(written["known_as"]),
        }
        return cls(**written | read)


def is_loopback(host: str) -> bool:
    """True for an address, or the name, of this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def serve_settings(
    workspace: Path,
    host: str,
    port: int,
    database: str | None,
    *,
    asks_sign_in: bool,
    is_behind_https: bool,
    known_as: tuple[str, ...] = (),
    organisation: Path | None = None,
) -> ServeSettings:
    """The settings. Raises SignInNeeded where the network could reach a workspace that nobody has to sign in to;
    OrganisationNotRead."""
    if organisation is not None:
        read_organisation(organisation)
    with closing(SharedWorkbench(workspace, database=database)) as bench:
        has_accounts = not bench.is_new()
    is_alone = not (asks_sign_in or has_accounts)
    if (is_behind_https or not is_loopback(host)) and not has_accounts:
        raise SignInNeeded(host)
    return ServeSettings(
        workspace=workspace,
        host=host,
        port=port,
        database=database,
        is_alone=is_alone,
        is_behind_https=is_behind_https,
        known_as=known_as,
        organisation=organisation,
    )
