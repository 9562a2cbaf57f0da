"""A log written as a file that other tools read: XES, OCEL 2.0, CSV."""
