"""The mapping and the stream that the guide ships fit one another."""

from pathlib import Path

from millrace.ingest.mapping_file import read_mapping
from millrace.ingest.records_mapping import RecordsMapping
from millrace.model.stream_file import read_stream

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "linked-records"


def test_the_stream_follows_types_and_relations_that_the_mapping_names() -> None:
    mapping, stream = read_mapping(GUIDE / "mapping.yaml"), read_stream(GUIDE / "stream.yaml")
    assert isinstance(mapping, RecordsMapping)

    types = {record.item_type for record in mapping.records}
    relations = {link.relation for record in mapping.records for link in record.links}
    (follow,) = stream.follow
    assert follow.path == ("interaction", "incident", "change")
    assert set(follow.path) <= types
    assert set(follow.relations) <= relations
    assert {item_type for step in stream.steps for match in step.match for item_type in match.item_type} == types
