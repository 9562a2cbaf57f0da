"""Column names made fit for a table: none empty, none twice."""

from collections.abc import Iterable

from millrace.ingest.raw import ROW


class ColumnNames:
    """The names given so far. Two names that differ only in case would be one column to the engine."""

    def __init__(self) -> None:
        """Begin with the name that numbers the rows, which is taken."""
        self._taken = {ROW.casefold()}

    def add(self, name: str) -> str:
        """`name`, or the first of “name (2)”, “name (3)” … that is still free."""
        base = " ".join(name.split()) or "column"
        given, n = base, 1
        while given.casefold() in self._taken:
            n += 1
            given = f"{base} ({n})"
        self._taken.add(given.casefold())
        return given


def unique_names(names: Iterable[str]) -> list[str]:
    """The names in their order, each made unique; an empty one is called after its place (“column 7”)."""
    taken = ColumnNames()
    return [taken.add(name if name.strip() else f"column {place}") for place, name in enumerate(names, start=1)]


def quoted(name: str) -> str:
    """A column name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'
