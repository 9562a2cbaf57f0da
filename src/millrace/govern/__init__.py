"""Streams kept on course: service levels, targets, what deserves attention, and when to look."""
