"""Notices wait until they are taken; none is lost, and what comes twice bears the same key."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from governed import Receiving, governed, receiving

from millrace.govern.receiver_address import ALLOWED_VARIABLE, AddressNotUsable, receiver, shown_address
from millrace.govern.signal import Severity
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.alert_book import AlertsAsked
from millrace.workbench.shared.delivery import LEASE, MOST_TRIES, pause_after
from millrace.workbench.shared.trail import TrailFilter

AT = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiving]:
    """A webhook that notices may go to."""
    monkeypatch.setenv(ALLOWED_VARIABLE, "127.0.0.1")
    with receiving() as received:
        yield received


@pytest.fixture
def told(bench: SharedWorkbench, admin: Actor, hook: Receiving, tmp_path: Path) -> SharedWorkbench:
    """A workbench in which alerts were raised, of which the hook is to be told."""
    bench.clock = lambda: AT
    bench.add_receiver(admin, "Lead", hook.address)
    bench.look(admin, governed(bench, admin, tmp_path))
    return bench


def test_one_notice_tells_of_all_that_is_new(told: SharedWorkbench, hook: Receiving, admin: Actor) -> None:
    assert told.send_due() == 1
    assert told.send_due() == 0
    (notice,) = told.notices(admin)
    assert (hook.keys, notice.state) == ([notice.id], "sent")


def test_a_receiver_that_fails_is_tried_again_later_with_the_same_key(
    told: SharedWorkbench, hook: Receiving, admin: Actor
) -> None:
    hook.fails = 2
    for minutes, n_sent in ((0, 0), (0.5, 0), (1.1, 0), (3, 0), (6, 1)):
        told.clock = lambda minutes=minutes: AT + timedelta(minutes=minutes)  # type: ignore[misc]
        assert told.send_due() == n_sent
    assert hook.keys == [told.notices(admin)[0].id] * 3


def test_a_receiver_that_never_answers_is_given_up_and_can_be_tried_again(
    told: SharedWorkbench, hook: Receiving, admin: Actor
) -> None:
    hook.fails, at = MOST_TRIES, AT
    for _ in range(MOST_TRIES):
        told.clock = lambda at=at: at  # type: ignore[misc]
        told.send_due()
        at += timedelta(hours=7)
    (notice,) = told.notices(admin)
    assert (notice.state, notice.problem) == (
        "given_up",
        "The notice was not taken: the receiver answered with status 500.",
    )
    told.send_again(admin, notice.id)
    assert told.send_due() == 1


def test_several_servers_send_each_notice_once(
    told: SharedWorkbench, hook: Receiving, admin: Actor, database: str | None
) -> None:
    for _ in range(6):
        told.try_receiver(admin, told.receivers(admin)[0].id)
    others = [SharedWorkbench(told.folder, database=database) for _ in range(3)]
    for each in others:
        each.clock = lambda: AT
    threads = [Thread(target=each.send_due) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in others:
        each.close()
    assert sorted(hook.keys) == sorted({notice.id for notice in told.notices(admin)})
    assert len(hook.keys) == 7


def test_a_server_that_is_killed_while_it_sends_loses_nothing(
    told: SharedWorkbench, hook: Receiving, admin: Actor, database: str | None
) -> None:
    """Killed with the notice at the receiver's door: the next server sends it again, when the lease is over."""
    hook.holds.clear()
    script = "import sys; from pathlib import Path; from millrace.workbench.shared import SharedWorkbench as S\n"
    script += "S(Path(sys.argv[1]), database=sys.argv[2] or None).send_due()"
    environment = {**os.environ, ALLOWED_VARIABLE: "127.0.0.1"}
    server = subprocess.Popen([sys.executable, "-c", script, str(told.folder), database or ""], env=environment)
    assert hook.is_reached.wait(60)
    server.send_signal(signal.SIGKILL)
    server.wait()
    hook.holds.set()

    told.clock = lambda: datetime.now(UTC)
    assert told.send_due() == 0, "the lease of the killed server still holds"
    told.clock = lambda: datetime.now(UTC) + LEASE + timedelta(seconds=1)
    assert told.send_due() == 1
    assert hook.keys == [told.notices(admin)[0].id] * 2


def test_an_escalation_waits_until_nobody_has_acknowledged(
    bench: SharedWorkbench, hook: Receiving, admin: Actor, tmp_path: Path
) -> None:
    bench.clock = lambda: AT
    boss = bench.add_receiver(admin, "Head", hook.address)
    bench.drop_route(admin, bench.receivers(admin)[0].routes[0].id)
    bench.add_route(admin, boss, kind="sla_breach", severity=Severity.CRITICAL, after=timedelta(hours=4))
    bench.look(admin, governed(bench, admin, tmp_path))
    first, second = bench.alerts(admin, AlertsAsked(kind="sla_breach")).alerts
    bench.acknowledge(admin, first.id)

    for hours in (3, 5, 9):
        bench.clock = lambda hours=hours: AT + timedelta(hours=hours)  # type: ignore[misc]
        bench.escalate()
        bench.send_due()
    assert [notice.title.partition(" – ")[0] for notice in bench.notices(admin)] == [second.title]


def test_pauses_grow_and_stay_below_six_hours() -> None:
    assert [pause_after(n) / timedelta(minutes=1) for n in (1, 2, 3, 9)] == [1, 4, 16, 360]


def test_an_address_is_never_shown_again(bench: SharedWorkbench, admin: Actor) -> None:
    secret = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    bench.add_receiver(admin, "Chat", secret)
    (kept,) = bench.receivers(admin)
    assert kept.shown == shown_address(secret) == "slack://…i7FQ"
    assert b"TIiajkdnlazk" not in bench.trail_csv(admin, TrailFilter())


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1/hook",
        "json://localhost:9000",
        "jsons://169.254.169.254/latest/meta-data",
        "json://10.1.2.3/",
        "json://[::1]/",
        "json://[::ffff:127.0.0.1]/",
        "json://0x7f000001/",
        "mailto://user:pass@example.org?smtp=192.168.1.1",
    ],
)
def test_notices_do_not_go_into_a_private_network(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOWED_VARIABLE, raising=False)
    with pytest.raises(AddressNotUsable, match="private network"):
        receiver(address)


@pytest.mark.parametrize(
    "address", ["syslog://", "file:///etc/passwd", "nonsense", "json://", "workflows://h/w/s?template=/etc/passwd"]
)
def test_an_address_that_acts_on_the_server_or_means_nothing_is_refused(address: str) -> None:
    with pytest.raises(AddressNotUsable):
        receiver(address)


def test_a_private_host_can_be_allowed_by_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOWED_VARIABLE, "10.0.0.0/8")
    assert receiver("json://10.1.2.3/hook").redirects is False
