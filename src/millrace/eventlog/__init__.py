"""The event log: canonical columns, the handle of a log on disk, engine connections."""
