"""The workbench of several people: accounts, sources, streams with their revisions, and who did what."""

from millrace.workbench.shared.access import Actor, NotAllowed, Permission, Role
from millrace.workbench.shared.shared_workbench import SharedWorkbench

__all__ = ["Actor", "NotAllowed", "Permission", "Role", "SharedWorkbench"]
