"""Waits: why work that was handed over did not start at once, to the microsecond."""
