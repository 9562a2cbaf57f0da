"""The test of a fitted process on a past that it has not seen."""
