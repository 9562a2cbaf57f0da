"""The causes that a wait for work is made of."""

from enum import StrEnum


class Cause(StrEnum):
    """Why an item that was ready waited. The causes of a wait add up to it exactly."""

    BATCHING = "batching"
    """It lay until others had gathered, to be started with them."""
    PRIORITISATION = "prioritisation"
    """Its resource worked on what had become ready later."""
    CONTENTION = "contention"
    """Its resource worked on what had become ready earlier."""
    UNAVAILABILITY = "unavailability"
    """Its resource was off duty: outside the given or the mined hours."""
    EXTRANEOUS = "extraneous"
    """Its resource was on duty and free: something else held it, such as a timer or another party."""
    UNDETERMINED = "undetermined"
    """The log cannot tell."""


CAUSES: tuple[Cause, ...] = tuple(Cause)
"""Causes in the order of their codes in arrays."""
BATCHING, PRIORITISATION, CONTENTION, UNAVAILABILITY, EXTRANEOUS, UNDETERMINED = range(len(CAUSES))
