"""The template `hr-access` recognises the steps of the sample of that name."""

from importlib.resources import files

import pytest

from millrace.model.stream_file import parse_stream
from millrace.simulate.hr_access import STATUSES, SampleStatus

TEMPLATE = files("millrace.model") / "templates" / "hr-access.yaml"


@pytest.mark.parametrize("row", STATUSES, ids=lambda row: row.status)
def test_the_template_puts_each_status_into_its_step(row: SampleStatus) -> None:
    steps = parse_stream(TEMPLATE.read_text("utf-8")).steps
    assert [step.name for step in steps for match in step.match if row.status in match.status] == [row.step]
