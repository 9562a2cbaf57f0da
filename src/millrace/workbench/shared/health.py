"""Whether the workspace can be worked on: what those who run a server look at every minute."""

import os
import shutil

from sqlalchemy import text

from millrace.errors import MillraceError
from millrace.workbench.shared.shared import Shared

LEAST_FREE_BYTES = 200_000_000
"""With less room than this on its disk a workspace is in danger."""


class HealthOperations(Shared):
    """Say how the workspace is."""

    def ailments(self) -> tuple[str, ...]:
        """What is wrong, in a word or two each, none of them secret: nothing where all is well."""
        found = []
        try:
            with self._reading() as session:
                session.execute(text("SELECT 1"))
        except MillraceError:
            found.append("the database does not answer")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            found.append("the folder cannot be written to")
        elif shutil.disk_usage(self.folder).free < LEAST_FREE_BYTES:
            found.append("the disk is nearly full")
        return tuple(found)
