"""Millrace: from a ticket export to a measured value stream."""
