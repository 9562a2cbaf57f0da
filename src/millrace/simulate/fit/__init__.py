"""A simulated process fitted to a measured log: what comes in, where it goes, how long that takes, and who does it."""
