"""Sources and streams that several people work on."""

from pathlib import Path

import pytest

from millrace.errors import MillraceError
from millrace.model.value_stream import ValueStream
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.measured_streams import NotMeasured
from millrace.workbench.shared.source_book import FAILED, READY, WAITING, NoSuchSource
from millrace.workbench.shared.stream_book import DRAFT, PUBLISHED, ChangedMeanwhile, NoSuchStream

LOG = "number,time,status,team\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status},Desk\n"
    for n in range(40)
    for hour, status in (("08", "New"), ("09", "In Progress"), ("11", "Resolved"))
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(LOG)
    return path


def test_a_source_is_brought_in_and_measured(bench: SharedWorkbench, people: dict[Role, Actor], export: Path) -> None:
    anna = people[Role.ANALYST]
    source = bench.add_source(anna, "Incidents 2025", [("../../etc/incidents.csv", export)])
    assert (source.key, source.file_names, source.state) == ("incidents-2025", ("incidents.csv",), WAITING)

    assert bench.bring_in_next()
    assert not bench.bring_in_next()

    assert bench.source(anna, source.key).state == READY
    stream = bench.begin_stream(anna, bench.proposed_stream(anna, source.key), source=source.key)
    lead_time = bench.measured(people[Role.VIEWER], stream.key).lead_time
    assert lead_time.groups[""].n == 40


def test_a_source_that_cannot_be_read_says_why(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    prices = tmp_path / "prices"
    prices.write_text("fruit,price\napple,3\npear,4\n")
    source = bench.add_source(admin, "Prices", [("prices.csv", prices)])

    bench.bring_in_next()

    found = bench.source(admin, source.key)
    assert found.state == FAILED
    assert "prices.csv" in (found.problem or "")


def test_what_is_no_log_by_its_content_is_refused_at_once(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(bytes(range(256)) * 50)
    with pytest.raises(MillraceError, match=r"“junk\.csv”.*binary data"):
        bench.add_source(admin, "Junk", [("junk.csv", junk)])
    assert bench.sources(admin) == ()


def test_what_was_being_brought_in_is_brought_in_again(bench: SharedWorkbench, admin: Actor, export: Path) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    with bench._database.transaction() as session:
        from millrace.store.streams import Source

        session.query(Source).update({"state": "importing"})

    bench.resume_imports()

    assert bench.source(admin, source.key).state == WAITING


def test_a_stream_is_saved_over_what_was_seen_only(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    anna, olga = people[Role.ANALYST], people[Role.OWNER]
    view = bench.begin_stream(anna, ValueStream(name="access"))
    bench.save_stream(olga, view.key, ValueStream(name="access", title="Theirs"), based_on=1)

    with pytest.raises(ChangedMeanwhile, match="Olga saved revision 2") as told:
        bench.save_stream(anna, view.key, ValueStream(name="access", title="Mine"), based_on=1)

    assert told.value.theirs.stream.title == "Theirs"
    assert bench.stream(anna, view.key).title == "Theirs"


def test_a_revision_is_published_by_an_owner_only(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    view = bench.begin_stream(people[Role.ANALYST], ValueStream(name="access"))
    assert view.latest.state == DRAFT
    with pytest.raises(NotAllowed):
        bench.publish_revision(people[Role.ANALYST], view.key, 1)

    published = bench.publish_revision(people[Role.OWNER], view.key, 1)

    assert (published.state, published.decided_by) == (PUBLISHED, "Olga")
    assert bench.stream(people[Role.VIEWER], view.key).published == 1


def test_an_earlier_revision_is_restored_as_a_new_one(bench: SharedWorkbench, admin: Actor) -> None:
    key = bench.begin_stream(admin, ValueStream(name="access", title="First")).key
    bench.save_stream(admin, key, ValueStream(name="access", title="Second"), based_on=1)

    bench.restore_revision(admin, key, 1)

    assert [each.stream.title for each in bench.revisions(admin, key)] == ["First", "Second", "First"]


def test_what_is_not_there_is_named(bench: SharedWorkbench, admin: Actor) -> None:
    bench.begin_stream(admin, ValueStream(name="access"))
    with pytest.raises(NoSuchStream, match="did you mean “access”"):
        bench.stream(admin, "acess")
    with pytest.raises(NoSuchSource):
        bench.source(admin, "none")
    with pytest.raises(NotMeasured):
        bench.measured(admin, "access")


def test_streams_of_one_title_have_keys_of_their_own(bench: SharedWorkbench, admin: Actor) -> None:
    keys = [bench.begin_stream(admin, ValueStream(name="Zugänge für alle")).key for _ in range(2)]
    assert keys == ["zugange-fur-alle", "zugange-fur-alle-2"]
