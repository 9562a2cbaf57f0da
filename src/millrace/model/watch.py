"""What of a stream is watched beyond its targets, and what is left alone."""

from pydantic import Field

from millrace.model.duration import Duration
from millrace.model.held import Held
from millrace.model.part import Part
from millrace.model.ratio import Ratio
from millrace.model.service_level import Where


class StuckRule(Part):
    """Open items to which nothing has happened for as long as `after`, while one of `held` holds (without it, any)."""

    name: str = Field(default="no movement", min_length=1)
    after: Duration
    held: tuple[Held, ...] = ()
    where: Where = Field(default_factory=dict)


class Watch(Part):
    """What is told of a stream without being asked."""

    stuck: tuple[StuckRule, ...] = Field(default=(), description="When an item without a new event counts as stuck")
    foreseen_from_ratio: Ratio = Field(
        default=0.5, description="From which chance on a breach of a service level is told before it happens"
    )
    silent_after: Duration | None = Field(
        default=None, description="When a source without new events counts as stopped; follows from its past"
    )
    leaves_out: tuple[str, ...] = Field(default=(), description="Kinds of alerts that are not wanted of this stream")
