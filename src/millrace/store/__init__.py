"""The workspace: a folder of logs and flows, written whole or not at all."""

from millrace.store.workspace import DEFAULT_FOLDER, Workspace, WorkspaceNotUsable, fingerprint

__all__ = ["DEFAULT_FOLDER", "Workspace", "WorkspaceNotUsable", "fingerprint"]
