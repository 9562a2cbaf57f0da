"""The base of everything a stream's file is made of: plain frozen values that refuse keys they do not know."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a stream; equal where its fields are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
