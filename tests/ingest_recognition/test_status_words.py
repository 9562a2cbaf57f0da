"""What statuses say, judged from their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import StatusMeaning
from millrace.ingest.recognition import classify_statuses
from millrace.model.state import Side, State, WaitReason

MEANINGS = {
    "new queue": (
        "New|Open|Registered|Neu|Nouveau|Aangemeld|Nuevo|Aberto|Nuovo|Nowe|Nový|Ny|Uusi|Yeni|Новая|新規|新建|"
        "접수|Not Started"
    ),
    "waiting queue": (
        "Assigned|Queued|Awaiting Assignment|Dispatched|Unassigned|Zugewiesen|Toegewezen|To Do|待处理|"
        "Waiting for support"
    ),
    "active none": (
        "In Progress|Active|Accepted|Work in progress|In Bearbeitung|En cours|In behandeling|En curso|"
        "Em andamento|In lavorazione|W toku|V řešení|Pågående|Käsittelyssä|İşlemde|В работе|対応中|处理中|처리중|"
        "Reopened|Re-opened|Wiedereröffnet|Not resolved|Unresolved|Nicht gelöst|work_in_progress|InProgress|"
        "IN PROGRESS"
    ),
    "waiting unspecified": (
        "Pending|On hold|Wait|En attente|Awaiting Problem|Awaiting Evidence|In attesa|En espera|保留|Beklemede"
    ),
    "waiting requester": (
        "Awaiting User Info|Wait - User|Wait - Customer|Pending customer|Rückfrage|Wacht op klant|"
        "Wartet auf Kunde|Aguardando cliente|Čeká na uživatele|Väntar på kund|Odottaa asiakasta|"
        "Ожидание ответа пользователя|等待用户|고객 대기|PendingCustomer"
    ),
    "waiting supplier": (
        "Awaiting Vendor|Wait - Vendor|Supplier|3rd party|Waiting on Third Party|Wacht op leverancier|"
        "In attesa fornitore"
    ),
    "waiting approval": "Awaiting approval|Pending approval|Genehmigung|Authorize|En attente de validation",
    "waiting schedule": ("Scheduled|Wait - Implementation|Awaiting change|Awaiting release window|Geplant|Planifié"),
    "done none": (
        "Resolved|Completed|Closed|Done|Fixed|Solved|Erledigt|Geschlossen|Résolu|Clos|Gesloten|Afgemeld|Resuelto|"
        "Cerrado|Resolvido|Fechado|Risolto|Chiuso|Rozwiązane|Zamknięte|Vyřešeno|Uzavřeno|Löst|Stängd|Løst|Lukket|"
        "Ratkaistu|Suljettu|Çözüldü|Kapatıldı|Решена|Закрыта|解決済み|クローズ|已解决|已关闭|해결|종료|"
        "Resolved – awaiting confirmation|Pending closure|pending auto close+|closed successful"
    ),
    "cancelled none": (
        "Cancelled|Canceled|Withdrawn|Rejected|Duplicate|Storniert|Closed - Cancelled|Closed Skipped|Annulé|"
        "Geannuleerd|Cancelado|Anulowane|Zrušeno|Peruttu|İptal|Отменена|キャンセル|已取消|취소"
    ),
    "None none": "-100|?|Unmatched|xyzzy",
}


def classed(label: str, *, shape: Shape = Shape.STATUS_LOG) -> EventClass:
    (one,) = classify_statuses([(label, label, 1)], shape=shape, given=())
    return one


@pytest.mark.parametrize(
    ("meaning", "label"), [(meaning, label) for meaning, labels in MEANINGS.items() for label in labels.split("|")]
)
def test_a_status_is_classed_from_its_words(meaning: str, label: str) -> None:
    one = classed(label)
    assert f"{one.state} {one.wait_reason}" == meaning


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("Wait - User", Side.REQUESTER),
        ("Wait - Vendor", Side.SUPPLIER),
        ("On hold", Side.PROVIDER),
        ("New", Side.PROVIDER),
    ],
)
def test_the_side_follows_from_the_reason(label: str, side: Side) -> None:
    assert classed(label).side is side


def test_a_known_word_is_surer_than_one_among_unknown_ones() -> None:
    assert classed("Closed").sureness_ratio > classed("Closed zzz qqq www").sureness_ratio > 0


def test_an_unknown_status_says_that_it_changes_nothing() -> None:
    one = classed("Flurb")
    assert (one.state, one.sureness_ratio) == (None, 0.0)
    assert "changes nothing" in one.why


def test_a_coarse_end_wins_over_the_finer_status() -> None:
    pairs = [("Completed", "In Call", 3), ("Completed", "Cancelled", 1), ("Completed", "Closed", 2)]
    classes = classify_statuses(pairs, shape=Shape.STATUS_LOG, given=())
    assert [one.state for one in classes] == [State.DONE] * 3


def test_otherwise_the_finer_status_decides() -> None:
    pairs = [("Accepted", "Wait - User", 3), ("Accepted", "In Progress", 1), ("Queued", "Awaiting Assignment", 2)]
    classes = classify_statuses(pairs, shape=Shape.STATUS_LOG, given=())
    assert [one.wait_reason for one in classes] == [WaitReason.REQUESTER, WaitReason.NONE, WaitReason.QUEUE]


def test_a_finer_status_that_says_nothing_leaves_it_to_the_coarse_one() -> None:
    (one,) = classify_statuses([("Pending", "qqq", 1)], shape=Shape.STATUS_LOG, given=())
    assert one.state is State.WAITING


def test_a_given_meaning_wins() -> None:
    given_meaning = StatusMeaning(status="resolved", state=State.WAITING)
    (one,) = classify_statuses([("Resolved", "Resolved", 9)], shape=Shape.STATUS_LOG, given=(given_meaning,))
    assert (one.state, one.wait_reason, one.is_given, one.n_events) == (State.WAITING, WaitReason.UNSPECIFIED, True, 9)


def test_the_more_specific_of_two_given_meanings_wins() -> None:
    meanings = (
        StatusMeaning(activity="Accepted", state=State.ACTIVE),
        StatusMeaning(activity="Accepted", status="Wait", state=State.WAITING, wait_reason=WaitReason.SUPPLIER),
    )
    (one,) = classify_statuses([("Accepted", "Wait", 1)], shape=Shape.STATUS_LOG, given=meanings)
    assert (one.wait_reason, one.side) == (WaitReason.SUPPLIER, Side.SUPPLIER)


def test_open_means_active_where_a_help_desk_says_so() -> None:
    labels = ["new", "open", "pending", "solved", "closed"]
    classes = classify_statuses([(label, label, 1) for label in labels], shape=Shape.STATUS_LOG, given=())
    assert [one.state for one in classes[1:3]] == [State.ACTIVE, State.WAITING]
    assert classes[2].wait_reason is WaitReason.REQUESTER


def test_statuses_exported_as_numbers_are_read_with_little_trust() -> None:
    classes = classify_statuses([(n, n, 1) for n in "12367"], shape=Shape.STATUS_LOG, given=())
    assert [one.state for one in classes] == [State.NEW, State.ACTIVE, State.WAITING, State.DONE, State.DONE]
    assert all(one.sureness_ratio < 0.7 for one in classes)


@pytest.mark.parametrize("shape", [Shape.ACTIVITY_LOG, Shape.ACTIVITY_LOG_ENDS])
@pytest.mark.parametrize(
    "label", ["Closed", "Resolved", "Case closed", "Ticket gesloten", "Ticket geschlossen", "クローズ"]
)
def test_plain_ends_are_milestones_of_an_activity_log(label: str, shape: Shape) -> None:
    assert classed(label, shape=shape).state is State.DONE


@pytest.mark.parametrize("label", ["Reopen", "Reopened", "Ticket re-opened", "Heropend"])
def test_a_reopening_is_told_in_an_activity_log(label: str) -> None:
    one = classed(label, shape=Shape.ACTIVITY_LOG_ENDS)
    assert (one.state, one.reopens) == (None, True)


@pytest.mark.parametrize(
    "label", ["Problem Closure", "Problem Workaround", "Status Change", "Payment completed", "Open", "Work in progress"]
)
def test_work_sets_no_state_in_an_activity_log(label: str) -> None:
    one = classed(label, shape=Shape.ACTIVITY_LOG_ENDS)
    assert (one.state, one.reopens) == (None, False)


@given(st.lists(st.tuples(st.none() | st.text(), st.none() | st.text(), st.integers(0, 10**9))), st.sampled_from(Shape))
def test_any_labels_are_classed_one_by_one(pairs: list[tuple[str | None, str | None, int]], shape: Shape) -> None:
    classes = classify_statuses(pairs, shape=shape, given=())
    assert [(one.activity, one.status, one.n_events) for one in classes] == pairs
    assert all(one.why for one in classes)


@given(st.sampled_from([label for labels in MEANINGS.values() for label in labels.split("|")]))
def test_case_does_not_matter(label: str) -> None:
    spaced = label if label != label.title() and label[0].isupper() and " " not in label else label.upper()
    assert classed(spaced).state == classed(label).state
