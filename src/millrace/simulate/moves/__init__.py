"""Moves of a future state: pure functions from a simulated stream to another, one for each kind of move."""
