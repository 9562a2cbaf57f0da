"""What several record files and their links mean: one mapping for all of them, in one YAML file."""

from enum import StrEnum
from fnmatch import fnmatch

from pydantic import Field, model_validator

from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import Mapping, MappingPart


class LinkEnd(StrEnum):
    """Which end of a link a column names."""

    TO = "to"
    FROM = "from"


class HandleUnit(StrEnum):
    """What a column of handle times counts in."""

    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"


HANDLE_SECONDS: dict[HandleUnit, int] = {HandleUnit.SECONDS: 1, HandleUnit.MINUTES: 60, HandleUnit.HOURS: 3600}


class HandleTime(MappingPart):
    """The column that says how long was worked on a record in all."""

    column: str
    unit: HandleUnit = HandleUnit.SECONDS


class LinkColumn(MappingPart):
    """A column of a record file that names another record.

    `item_type` is the type of the record it names; `end: from` where the link leads from that one to this record.
    """

    column: str
    item_type: str
    relation: str = "related"
    end: LinkEnd = LinkEnd.TO
    many_valued: tuple[str, ...] = Field(default=("#MULTIVALUE",), description="Texts that stand for several records")
    unreadable: tuple[str, ...] = Field(default=("#N/B",), description="Texts that stand for a link that was lost")
    separator: str | None = Field(default=None, description="Sign between the numbers where a cell names several")


class RecordMapping(Mapping):
    """One file of records, or of the activities of records, of one type.

    A file with neither milestones nor instants of events tells only what its records are and what they are linked
    with; their events stand in another file of the same type.
    """

    shape: Shape = Shape.STATUS_LOG
    file: str = Field(description="The file's name, or a pattern with `*`: Detail_Incident*")
    item_type: str = Field(min_length=1)
    handle_time: HandleTime | None = None
    links: tuple[LinkColumn, ...] = ()

    @model_validator(mode="after")
    def _holds_no_changes(self) -> "RecordMapping":
        if self.changes is not None:
            raise ValueError(
                "a table of changes does not go with several record files; give the records and their changes alone, "
                "or the activities of the records as a file of their own"
            )
        return self

    @property
    def tells_events(self) -> bool:
        """True where the file says when something happened, and not only what its records are."""
        return bool(self.milestones or {"at", "started_at"} & self.columns.keys())

    def fits(self, file_name: str) -> bool:
        """True where the pattern means this file."""
        return fnmatch(file_name.lower(), self.file.lower())


class LinkFile(MappingPart):
    """A file in which each row links two records.

    `from_type` and `to_type` are types of records, or columns that say the type where `types_are_columns`.
    """

    file: str
    from_item: str = Field(description="Column that names the record a link leads from")
    to_item: str = Field(description="Column that names the record it leads to")
    from_type: str
    to_type: str
    types_are_columns: bool = False
    relation: str = Field(default="related", description="The relation of every link, where no column says it")
    relation_column: str | None = None

    def fits(self, file_name: str) -> bool:
        """True where the pattern means this file."""
        return fnmatch(file_name.lower(), self.file.lower())


class RecordsMapping(MappingPart):
    """Several record files, the types that they hold, and where the links between records come from."""

    records: tuple[RecordMapping, ...] = Field(min_length=1)
    links: tuple[LinkFile, ...] = ()

    @model_validator(mode="after")
    def _links_have_ends(self) -> "RecordsMapping":
        types = {record.item_type for record in self.records}
        for record in self.records:
            for link in record.links:
                if link.item_type not in types:
                    raise ValueError(
                        f"the column “{link.column}” of {record.item_type} records names records of type "
                        f"“{link.item_type}”, of which no file is listed"
                    )
        return self
