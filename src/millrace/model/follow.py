"""What a stream follows: from the record in which the demand arrives, along links, to the records that serve it."""

import re
from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from millrace.model.duration import Duration
from millrace.model.part import Part

_ARROW = re.compile(r"\s*(?:→|->)\s*")


class LinkDirection(StrEnum):
    """Which way a link has to point to be followed."""

    EITHER = "either"
    FORWARD = "forward"
    BACKWARD = "backward"


class Missing(StrEnum):
    """What becomes of a demand that has no linked record."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"


class Follow(Part):
    """One chain of record types, such as `interaction → incident → change`; the first is the demand's.

    Each record of a type leads to all its linked records of the next. In a file the chain may stand alone as a text,
    with `→` or `->` between the types; a single type follows nothing, and only says whose records are the items.
    """

    path: tuple[str, ...] = Field(min_length=1, description="Record types in order; the first is the demand's")
    relations: tuple[str, ...] = Field(default=(), description="Follow only links with one of these relations")
    direction: LinkDirection = Field(
        default=LinkDirection.EITHER, description="forward: from the earlier type in the path to the later one"
    )
    within: Duration | None = Field(
        default=None, description="A linked record that begins later than this after the one before it is not followed"
    )
    missing: Missing = Field(
        default=Missing.KEEP, description="leave_out: a demand without any linked record is no item of the stream"
    )

    @model_validator(mode="before")
    @classmethod
    def _a_path_alone(cls, given: object) -> object:
        """A path may be written without its key."""
        return {"path": given} if isinstance(given, str) else given

    @field_validator("path", mode="before")
    @classmethod
    def _types(cls, given: object) -> object:
        """A path may be written as a text with arrows."""
        types = _ARROW.split(given.strip()) if isinstance(given, str) else given
        if isinstance(types, list | tuple) and any(not str(each).strip() for each in types):
            raise ValueError("a path names a record type on both sides of every arrow: interaction → incident")
        return types

    @property
    def root(self) -> str:
        """The type of the records in which demands arrive."""
        return self.path[0]
