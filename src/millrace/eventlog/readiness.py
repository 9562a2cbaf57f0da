"""The readiness report: what became of every row, and which measures the log can carry."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Verdict(StrEnum):
    """What an import did with the rows of a remark, or whether a measure can be computed."""

    KEPT = "kept"
    REPAIRED = "repaired"
    REFUSED = "refused"


class RowRemark(BaseModel):
    """Rows with one peculiarity: what it is, what was done, how many rows, and a few examples with their place."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(description="A slug such as missing_id, unreadable_time, duplicate, equal_times")
    verdict: Verdict
    n_rows: int
    sentence: str
    examples: tuple[str, ...] = ()


class Computability(StrEnum):
    """Whether a measure can be computed from a log."""

    COMPUTABLE = "computable"
    WITH_CAVEAT = "with_caveat"
    NOT_COMPUTABLE = "not_computable"


class MeasureReadiness(BaseModel):
    """Whether one measure can be computed, and what it lacks."""

    model_config = ConfigDict(frozen=True)

    measure: str
    computability: Computability
    sentence: str = ""
    missing: tuple[str, ...] = Field(default=(), description="Canonical columns that the source lacks")


class ClassifiedTime(BaseModel):
    """The share of all elapsed time that rests on the class of one status (or activity)."""

    model_config = ConfigDict(frozen=True)

    label: str
    state: str
    wait_reason: str
    side: str
    n_events: int
    share_of_time_ratio: float | None = None
    sureness_ratio: float
    is_given: bool
    why: str = ""


class Readiness(BaseModel):
    """Rows read, kept, repaired and refused, each with its reason; and what can be measured."""

    model_config = ConfigDict(frozen=True)

    n_rows_read: int
    n_rows_kept: int
    n_rows_repaired: int
    n_rows_refused: int
    remarks: tuple[RowRemark, ...] = ()
    measures: tuple[MeasureReadiness, ...] = ()
    classified_time: tuple[ClassifiedTime, ...] = ()
