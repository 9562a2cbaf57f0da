"""Revisions of a stream as maps, to be looked at side by side."""

from millrace.workbench.maps import AS_IT_IS
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shown_maps import ShownMap, ShownMapOperations


class RevisionMapOperations(ShownMapOperations):
    """See what a stream looked like."""

    @needs(Permission.READ)
    def revision_map(self, actor: Actor, key: str, number: int) -> ShownMap:
        """A revision’s map as people drew it. Raises NoSuchStream, NoSuchRevision, EndlessStream."""
        return self._drawn(self.revision(actor, key, number).stream, AS_IT_IS, "")
