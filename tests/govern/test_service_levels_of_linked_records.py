"""Alerts of a stream across linked records, also as of an instant of the past."""

from pathlib import Path

from tests.journeys.record_logs import HOUR, MONDAY, record, stream_of, write_record_log

from millrace.govern.lives import instant
from millrace.govern.replay import signals_as_of
from millrace.model.value_stream import ValueStream


def test_a_journey_across_records_breaks_its_promise(tmp_path: Path) -> None:
    """The incident of the call is open after 30 hours; what closes it at hour 90 is not known then."""
    records = [
        record("call", "C1", (0, "New"), (1, "Done")),
        record("incident", "I1", (1, "New"), (2, "Working"), (90, "Done")),
    ]
    log = write_record_log(records, [(records[0], records[1], "caused_by")], tmp_path / "log")
    promise = {"service_levels": [{"name": "A day", "within": "1 d"}]}
    stream = ValueStream.model_validate({**stream_of("call → incident").model_dump(), **promise})

    told = [each for each in signals_as_of(log, stream, instant(MONDAY + 30 * HOUR)) if each.kind == "sla_breach"]
    assert [(each.item, each.began_at) for each in told] == [("C1", instant(MONDAY + 24 * HOUR))]
    later = signals_as_of(log, stream, instant(MONDAY + 91 * HOUR))
    assert [each for each in later if each.kind == "sla_breach"] == []
