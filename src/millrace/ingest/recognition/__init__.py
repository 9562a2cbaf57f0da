"""Recognition: what a source's columns and statuses mean, judged from names and values in many languages."""

from millrace.ingest.recognition.changes import recognise_changes
from millrace.ingest.recognition.recognition import Recognition, recognise
from millrace.ingest.recognition.statuses import classify_statuses

__all__ = ["Recognition", "classify_statuses", "recognise", "recognise_changes"]
