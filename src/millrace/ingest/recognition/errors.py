"""What recognition cannot do without, told as sentences."""

from typing import ClassVar

from millrace.errors import MillraceError


class NoItemColumn(MillraceError):
    """No column can be the work item's number."""

    slug: ClassVar[str] = "no-item-column"

    def __init__(self, source_name: str) -> None:
        """Name the source."""
        super().__init__(
            f"In {source_name} no column looks like the number of a work item (an identifier that several rows "
            "share, or one per row beside dates); name it in a mapping file under “columns: item_id:”."
        )


class NoInstantColumn(MillraceError):
    """No column says when something happened."""

    slug: ClassVar[str] = "no-instant-column"

    def __init__(self, source_name: str, item_column: str) -> None:
        """Name the source and the item's column that was found."""
        super().__init__(
            f"In {source_name} the items are numbered by “{item_column}”, but no column holds dates or times that "
            "can be read; name one in a mapping file under “columns: at:” with its format under “times:”."
        )


class NoActivityColumn(MillraceError):
    """No column says what happened."""

    slug: ClassVar[str] = "no-activity-column"

    def __init__(self, source_name: str, item_column: str) -> None:
        """Name the source and the item's column that was found."""
        super().__init__(
            f"In {source_name} the items are numbered by “{item_column}”, but no column holds a status or an "
            "activity; name one in a mapping file under “columns: status:” or “columns: activity:”."
        )
