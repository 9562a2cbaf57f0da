"""Recognition reads the sample's statuses as they are meant, without being told."""

from millrace.eventlog.schema import Shape
from millrace.ingest.recognition import classify_statuses
from millrace.simulate.hr_access import STATUSES


def test_each_status_is_classed_as_it_is_meant() -> None:
    classes = classify_statuses([(row.status, row.status, 1) for row in STATUSES], shape=Shape.STATUS_LOG, given=())
    read = {made.status: (made.state, made.wait_reason, made.side) for made in classes}
    assert read == {row.status: (row.state, row.wait_reason, row.side) for row in STATUSES}
