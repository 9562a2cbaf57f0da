"""Bring a log in: sources, recognition of columns and statuses, readiness."""
