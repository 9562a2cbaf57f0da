"""Every operation a user can ask for, once: the in-process API."""
