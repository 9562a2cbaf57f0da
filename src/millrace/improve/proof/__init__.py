"""Did it help? A change held against what would have come without it, from the log alone."""
