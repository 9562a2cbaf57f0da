"""Recurring issues: groups of items that are alike, how often they come back, and which deserve a problem record."""
