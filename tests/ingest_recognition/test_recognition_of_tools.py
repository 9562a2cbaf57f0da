"""Exports of many tools, in many languages: recognition finds the columns that matter."""

from dataclasses import dataclass
from datetime import timedelta

import duckdb
import pytest
from synthetic_logs import (
    ACTIVE,
    ENGLISH,
    NEW,
    PEOPLE,
    TEAMS,
    Column,
    at,
    history,
    item,
    person,
    priority,
    status,
    table,
    team,
    written,
)

from millrace.eventlog.schema import Shape
from millrace.ingest.recognition import recognise


@dataclass(frozen=True)
class Export:
    """A tool's way of writing the history, and the columns that must be found in it."""

    columns: dict[str, Column]
    found: dict[str, str]
    shape: Shape = Shape.STATUS_LOG


EXPORTS = {
    "servicenow": Export(
        {
            "number": item(),
            "incident_state": status(),
            "active": lambda one: str(one.status < 5).lower(),
            "reassignment_count": lambda one: str(one.nth // 3),
            "sys_mod_count": lambda one: str(one.nth),
            "opened_at": lambda one: one.opened_at.strftime("%d/%m/%Y %H:%M"),
            "sys_updated_at": at("%d/%m/%Y %H:%M"),
            "caller_id": lambda one: f"Caller {one.requester}",
            "contact_type": lambda _: "Phone",
            "priority": priority(),
            "assignment_group": team(),
            "assigned_to": person,
            "closed_at": lambda one: one.closed_at.strftime("%d/%m/%Y %H:%M"),
        },
        {
            "item_id": "number",
            "at": "sys_updated_at",
            "status": "incident_state",
            "tie_break": "sys_mod_count",
            "team": "assignment_group",
            "person": "assigned_to",
            "priority": "priority",
            "requester": "caller_id",
            "channel": "contact_type",
        },
    ),
    "jira": Export(
        {
            "Issue key": item("OPS-", digits=1),
            "Issue Type": lambda one: ("Bug", "Task", "Story")[one.item % 3],
            "Created": lambda one: one.opened_at.strftime("%d/%b/%y %I:%M %p"),
            "Transition Date": at("%d/%b/%y %I:%M %p"),
            "Status": status(
                ("To Do", "Selected for Development", "In Progress", "Waiting for customer", "Done", "Closed")
            ),
            "Assignee": person,
            "Priority": priority(("Highest", "High", "Medium", "Low")),
        },
        {
            "item_id": "Issue key",
            "at": "Transition Date",
            "status": "Status",
            "person": "Assignee",
            "priority": "Priority",
            "item_type": "Issue Type",
        },
    ),
    "zendesk": Export(
        {
            "Ticket ID": item("", first=48113, digits=1),
            "Ticket status": status(("new", "open", "open", "pending", "solved", "closed")),
            "Update timestamp": at("%Y-%m-%dT%H:%M:%SZ"),
            "Ticket group": team(),
            "Assignee name": person,
            "Ticket channel": lambda _: "email",
            "Requester name": lambda one: PEOPLE[one.requester % 7],
        },
        {
            "item_id": "Ticket ID",
            "at": "Update timestamp",
            "status": "Ticket status",
            "team": "Ticket group",
            "person": "Assignee name",
            "channel": "Ticket channel",
        },
    ),
    "remedy": Export(
        {
            "Incident Number": item("INC", digits=12),
            "Status": status(("New", "Assigned", "In Progress", "Pending", "Resolved", "Closed")),
            "Status Reason": lambda one: "Client Action Required" if one.status == 3 else None,
            "Last Modified Date": at("%m/%d/%Y %I:%M:%S %p"),
            "Assigned Group": team(),
            "Assignee": person,
            "Impact": priority(("1-Extensive", "2-Significant", "3-Moderate", "4-Minor")),
        },
        {"item_id": "Incident Number", "at": "Last Modified Date", "team": "Assigned Group", "person": "Assignee"},
    ),
    "topdesk in Dutch": Export(
        {
            "Meldingnummer": item("M 2401 "),
            "Soort melding": lambda _: "Incident",
            "Voortgang": status(
                ("Aangemeld", "Toegewezen", "In behandeling", "Wacht op gebruiker", "Gereed", "Gesloten")
            ),
            "Datum wijziging": at("%d-%m-%Y %H:%M"),
            "Behandelaarsgroep": team(("Servicedesk", "Netwerkbeheer", "Applicatiebeheer", "Werkplekken")),
            "Behandelaar": person,
            "Prioriteit": priority(("Kritisch", "Hoog", "Gemiddeld", "Laag")),
            "Aanmelder": lambda one: f"Gebruiker {one.requester}",
        },
        {
            "item_id": "Meldingnummer",
            "at": "Datum wijziging",
            "status": "Voortgang",
            "team": "Behandelaarsgroep",
            "person": "Behandelaar",
            "priority": "Prioriteit",
            "requester": "Aanmelder",
        },
    ),
    "otrs in German": Export(
        {
            "Ticketnummer": lambda one: f"20240103{one.item:08}",
            "Zustand": status(
                ("neu", "offen", "in Bearbeitung", "Rückfrage", "erfolgreich geschlossen", "geschlossen")
            ),
            "Geändert am": at("%d.%m.%Y %H:%M:%S"),
            "Erstellt am": lambda one: one.opened_at.strftime("%d.%m.%Y %H:%M:%S"),
            "Bearbeitergruppe": team(("Helpdesk", "Netzwerk", "Datenbanken", "Arbeitsplatz")),
            "Bearbeiter": person,
            "Priorität": priority(("kritisch", "hoch", "mittel", "niedrig")),
        },
        {
            "item_id": "Ticketnummer",
            "at": "Geändert am",
            "status": "Zustand",
            "team": "Bearbeitergruppe",
            "person": "Bearbeiter",
            "priority": "Priorität",
        },
    ),
    "glpi in French": Export(
        {
            "Numéro du ticket": item("", first=90210, digits=1),
            "Statut": status(("Nouveau", "En cours (Attribué)", "En cours", "En attente", "Résolu", "Clos")),
            "Date de modification": at("%d/%m/%Y %H:%M"),
            "Date d'ouverture": lambda one: one.opened_at.strftime("%d/%m/%Y %H:%M"),
            "Groupe d'affectation": team(("Guichet", "Réseau", "Bases de données", "Postes")),
            "Technicien": person,
            "Demandeur": lambda one: f"util{one.requester}",
            "Priorité": priority(("Très haute", "Haute", "Moyenne", "Basse")),
        },
        {
            "item_id": "Numéro du ticket",
            "at": "Date de modification",
            "status": "Statut",
            "team": "Groupe d'affectation",
            "person": "Technicien",
            "requester": "Demandeur",
            "priority": "Priorité",
        },
    ),
    "spanish": Export(
        {
            "Número de incidencia": item("IN-"),
            "Estado": status(("Nuevo", "Asignado", "En curso", "En espera del usuario", "Resuelto", "Cerrado")),
            "Fecha de actualización": at("%d/%m/%Y %H:%M"),
            "Grupo de asignación": team(),
            "Asignado a": person,
            "Prioridad": priority(("Crítica", "Alta", "Media", "Baja")),
        },
        {
            "item_id": "Número de incidencia",
            "at": "Fecha de actualización",
            "status": "Estado",
            "team": "Grupo de asignación",
            "person": "Asignado a",
            "priority": "Prioridad",
        },
    ),
    "portuguese": Export(
        {
            "Número do chamado": item("CH"),
            "Situação": status(("Novo", "Atribuído", "Em andamento", "Aguardando cliente", "Resolvido", "Fechado")),
            "Atualizado em": at("%d/%m/%Y %H:%M"),
            "Fila": team(),
            "Responsável": person,
        },
        {
            "item_id": "Número do chamado",
            "at": "Atualizado em",
            "status": "Situação",
            "team": "Fila",
            "person": "Responsável",
        },
    ),
    "italian": Export(
        {
            "ID richiesta": item("R"),
            "Stato": status(("Nuovo", "Assegnato", "In lavorazione", "In attesa cliente", "Risolto", "Chiuso")),
            "Data modifica": at("%d/%m/%Y %H:%M"),
            "Gruppo": team(),
            "Operatore": person,
        },
        {"item_id": "ID richiesta", "at": "Data modifica", "status": "Stato", "team": "Gruppo", "person": "Operatore"},
    ),
    "polish": Export(
        {
            "Numer zgłoszenia": item("ZGL"),
            "Status": status(("Nowe", "Przypisane", "W toku", "Oczekuje na klienta", "Rozwiązane", "Zamknięte")),
            "Data zmiany": at(),
            "Grupa wsparcia": team(),
            "Przypisany do": person,
        },
        {"item_id": "Numer zgłoszenia", "at": "Data zmiany", "status": "Status", "team": "Grupa wsparcia"},
    ),
    "czech": Export(
        {
            "Číslo požadavku": item("P"),
            "Stav": status(("Nový", "Přiřazeno", "V řešení", "Čeká na uživatele", "Vyřešeno", "Uzavřeno")),
            "Změněno": at("%d.%m.%Y %H:%M"),
            "Řešitelská skupina": team(),
            "Řešitel": person,
        },
        {
            "item_id": "Číslo požadavku",
            "at": "Změněno",
            "status": "Stav",
            "team": "Řešitelská skupina",
            "person": "Řešitel",
        },
    ),
    "swedish": Export(
        {
            "Ärendenummer": item("AE"),
            "Status": status(("Ny", "Tilldelad", "Pågående", "Väntar på kund", "Löst", "Stängd")),
            "Ändrad": at(),
            "Arbetsgrupp": team(),
            "Handläggare": person,
        },
        {"item_id": "Ärendenummer", "at": "Ändrad", "status": "Status", "team": "Arbetsgrupp", "person": "Handläggare"},
    ),
    "finnish": Export(
        {
            "Tiketin tunnus": item("T"),
            "Tila": status(("Uusi", "Osoitettu", "Käsittelyssä", "Odottaa asiakasta", "Ratkaistu", "Suljettu")),
            "Muutettu": at("%d.%m.%Y klo %H.%M"),
            "Ryhmä": team(),
            "Käsittelijä": person,
        },
        {"item_id": "Tiketin tunnus", "at": "Muutettu", "status": "Tila", "team": "Ryhmä", "person": "Käsittelijä"},
    ),
    "turkish": Export(
        {
            "Talep No": item("T"),
            "Durum": status(("Yeni", "Atandı", "İşlemde", "Kullanıcı bekleniyor", "Çözüldü", "Kapatıldı")),
            "Güncelleme Tarihi": at("%d.%m.%Y %H:%M"),
            "Ekip": team(),
            "Atanan": person,
        },
        {"item_id": "Talep No", "at": "Güncelleme Tarihi", "status": "Durum", "team": "Ekip", "person": "Atanan"},
    ),
    "russian": Export(
        {
            "Номер заявки": item("З-"),
            "Статус": status(("Новая", "Назначена", "В работе", "Ожидание ответа пользователя", "Решена", "Закрыта")),
            "Дата изменения": at("%d.%m.%Y %H:%M"),
            "Рабочая группа": team(("Первая линия", "Сети", "Базы данных", "Рабочие места")),
            "Исполнитель": lambda one: ("Иванов", "Петрова", "Сидоров")[one.person % 3],
            "Приоритет": priority(("Критический", "Высокий", "Средний", "Низкий")),
        },
        {
            "item_id": "Номер заявки",
            "at": "Дата изменения",
            "status": "Статус",
            "team": "Рабочая группа",
            "person": "Исполнитель",
            "priority": "Приоритет",
        },
    ),
    "japanese": Export(
        {
            "案件番号": item("A"),
            "ステータス": status(("新規", "割り当て済", "対応中", "回答待ち", "解決済み", "クローズ")),
            "更新日時": at("%Y/%m/%d %H:%M"),
            "担当グループ": team(("サービスデスク", "ネットワーク", "データベース", "端末")),
            "担当者": lambda one: ("佐藤", "鈴木", "高橋")[one.person % 3],
            "優先度": priority(("緊急", "高", "中", "低")),
        },
        {
            "item_id": "案件番号",
            "at": "更新日時",
            "status": "ステータス",
            "team": "担当グループ",
            "person": "担当者",
            "priority": "優先度",
        },
    ),
    "chinese": Export(
        {
            "工单编号": item("GD"),
            "状态": status(("新建", "已分派", "处理中", "等待用户", "已解决", "已关闭")),
            "更新时间": at("%Y年%m月%d日 %H:%M"),
            "处理组": team(("服务台", "网络组", "数据库组", "桌面组")),
            "处理人": lambda one: ("王伟", "李娜", "张敏")[one.person % 3],
        },
        {"item_id": "工单编号", "at": "更新时间", "status": "状态", "team": "处理组", "person": "处理人"},
    ),
    "korean": Export(
        {
            "접수번호": item("K"),
            "상태": status(("신규", "배정", "처리중", "고객 대기", "해결", "종료")),
            "변경일시": at(),
            "담당팀": team(),
            "담당자": lambda one: ("김민수", "이영희", "박철수")[one.person % 3],
        },
        {"item_id": "접수번호", "at": "변경일시", "status": "상태", "team": "담당팀", "person": "담당자"},
    ),
    "xes names": Export(
        {
            "case:concept:name": item("", first=1, digits=1),
            "concept:name": lambda one: (
                "Create fine",
                "Send fine",
                "Insert notice",
                "Add penalty",
                "Payment",
                "Archive",
            )[one.status],
            "org:resource": person,
            "time:timestamp": at("%Y-%m-%d %H:%M:%S+00:00"),
            "lifecycle:transition": lambda _: "complete",
            "case:variant": lambda one: f"Variant {one.item % 5}",
        },
        {
            "item_id": "case:concept:name",
            "at": "time:timestamp",
            "activity": "concept:name",
            "person": "org:resource",
        },
        Shape.ACTIVITY_LOG_ENDS,
    ),
    "starts and ends": Export(
        {
            "Case ID": item("", first=1, digits=1),
            "Activity": lambda one: ("Log", "Triage", "Diagnose", "Ask caller", "Fix", "Confirm")[one.status],
            "Start Timestamp": at("%Y/%m/%d %H:%M:%S.000"),
            "Complete Timestamp": lambda one: (one.at + timedelta(minutes=1)).strftime("%Y/%m/%d %H:%M:%S.000"),
            "Resource": person,
        },
        {
            "item_id": "Case ID",
            "started_at": "Start Timestamp",
            "at": "Complete Timestamp",
            "activity": "Activity",
            "person": "Resource",
        },
        Shape.ACTIVITY_LOG,
    ),
    "azure devops": Export(
        {
            "Work Item ID": item("", first=7000, digits=1),
            "Rev": lambda one: str(one.nth + 1),
            "Work Item Type": lambda one: ("Bug", "User Story")[one.item % 2],
            "State": status(("New", "Approved", "Active", "Blocked", "Resolved", "Closed")),
            "Changed Date": at("%m/%d/%Y %I:%M:%S %p"),
            "Assigned To": lambda one: f"{PEOPLE[one.person]} <{PEOPLE[one.person].split()[0].lower()}@example.org>",
        },
        {
            "item_id": "Work Item ID",
            "at": "Changed Date",
            "status": "State",
            "person": "Assigned To",
            "item_type": "Work Item Type",
            "tie_break": "Rev",
        },
    ),
    "epoch milliseconds": Export(
        {
            "ticket": item("REQ"),
            "ts": lambda one: str(round(one.at.timestamp()) * 1000),
            "state": status(),
            "queue": team(),
        },
        {"item_id": "ticket", "at": "ts", "status": "state", "team": "queue"},
    ),
    "sheet serials": Export(
        {
            "Request No.": item("SR"),
            "Change date": lambda one: f"{45000 + one.at.timestamp() / 86400 % 1000:.5f}".replace(".", ","),
            "Status": status(),
            "Support group": team(),
        },
        {"item_id": "Request No.", "at": "Change date", "status": "Status", "team": "Support group"},
    ),
    "coarse and fine status": Export(
        {
            "SR Number": item("1-"),
            "Change Date+Time": at("%Y-%m-%dT%H:%M:%S+01:00"),
            "Status": status(("Queued", "Queued", "Accepted", "Accepted", "Completed", "Completed")),
            "Sub Status": status(("New", "Awaiting Assignment", "In Progress", "Wait - User", "Resolved", "Closed")),
            "Activity": lambda one: (
                ("Queued", "Queued", "Accepted", "Accepted", "Completed", "Completed")[one.status]
                + "-"
                + ("New", "Awaiting Assignment", "In Progress", "Wait - User", "Resolved", "Closed")[one.status]
            ),
            "Involved team": team(("V30", "V5 3rd", "G97", "D8 2nd")),
        },
        {
            "item_id": "SR Number",
            "at": "Change Date+Time",
            "activity": "Status",
            "status": "Sub Status",
            "team": "Involved team",
        },
    ),
    "meaningless names, statuses": Export(
        {
            "col1": team(),
            "col2": status(),
            "col3": at(),
            "col4": item("INC"),
            "col5": priority(),
            "col6": lambda one: f"U{one.requester:04}",
            "col7": person,
        },
        {"item_id": "col4", "at": "col3", "status": "col2", "team": "col1", "person": "col7", "priority": "col5"},
    ),
    "meaningless names, actions": Export(
        {
            "a": at("%d.%m.%Y %H:%M"),
            "b": lambda one: (
                "Create order",
                "Check stock",
                "Pack goods",
                "Call customer",
                "Send parcel",
                "Send invoice",
            )[one.status],
            "c": person,
            "d": item("", first=100, digits=1),
        },
        {"item_id": "d", "at": "a", "activity": "b", "person": "c"},
        Shape.ACTIVITY_LOG_ENDS,
    ),
    "meaningless names, rows numbered, item constants around": Export(
        {
            "c1": lambda one: f"{one.item:05}{one.nth:03}",
            "c2": lambda one: one.opened_at.isoformat(sep=" ", timespec="minutes"),
            "c3": item("T-"),
            "c4": lambda one: f"{one.requester * 7.25:.2f}",
            "c5": status(("Neu", "Zugewiesen", "In Bearbeitung", "Wartet auf Kunde", "Gelöst", "Geschlossen")),
            "c6": lambda one: one.at.isoformat(sep=" ", timespec="minutes"),
        },
        {"item_id": "c3", "at": "c6", "status": "c5"},
    ),
    "names that mislead": Export(
        {
            "id": lambda one: f"{one.item:05}{one.nth:03}{one.at:%H%M}",
            "ticket": item("INC"),
            "status": lambda _: "true",
            "created": at(),
            "phase": status(),
            "closed": lambda one: one.closed_at.isoformat(sep=" "),
        },
        {"item_id": "ticket", "at": "created", "status": "phase"},
    ),
    "activities beside a status": Export(
        {
            "Ticket": item("T"),
            "When": at(),
            "Event": lambda one: (
                "Logged by caller",
                "Routed",
                "Worked on",
                "Question sent",
                "Answer given",
                "Archived",
            )[one.status],
            "Status": status(),
            "Agent group": team(),
        },
        {"item_id": "Ticket", "at": "When", "activity": "Event", "status": "Status", "team": "Agent group"},
    ),
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_the_columns_of_an_export_are_found(tool: str, engine: duckdb.DuckDBPyConnection) -> None:
    export = EXPORTS[tool]
    mapping = recognise(table(written(export.columns), engine), engine).mapping
    assert {name: mapping.columns.get(name) for name in export.found} == export.found
    assert mapping.shape == export.shape


@pytest.mark.parametrize("tool", EXPORTS)
def test_the_order_of_columns_does_not_matter(tool: str, engine: duckdb.DuckDBPyConnection) -> None:
    columns = written(EXPORTS[tool].columns)
    backwards = {name: columns[name] for name in reversed(columns)}
    mapping = recognise(table(backwards, engine), engine).mapping
    essential = {name: column for name, column in EXPORTS[tool].found.items() if name in ("item_id", "at", "status")}
    assert {name: mapping.columns.get(name) for name in essential} == essential


@pytest.mark.parametrize("tool", EXPORTS)
def test_every_guess_gives_its_reason(tool: str, engine: duckdb.DuckDBPyConnection) -> None:
    recognition = recognise(table(written(EXPORTS[tool].columns), engine), engine)
    assert recognition.guesses
    assert all(len(guess.why) > 10 and 0 < guess.sureness_ratio <= 1 for guess in recognition.guesses)


def test_a_well_named_export_leaves_no_doubt(engine: duckdb.DuckDBPyConnection) -> None:
    assert recognise(table(written(EXPORTS["servicenow"].columns), engine), engine).unsure == ()


def test_one_status_column_is_activity_and_status(engine: duckdb.DuckDBPyConnection) -> None:
    mapping = recognise(table(written(EXPORTS["swedish"].columns), engine), engine).mapping
    assert mapping.columns["activity"] == mapping.columns["status"] == "Status"


def test_instants_that_leak_the_future_are_not_the_events(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written(
        {
            "n": item(),
            "resolved_at": lambda one: one.closed_at.isoformat(),
            "x": lambda one: one.at.isoformat(),
            "s": status(ENGLISH),
        }
    )
    assert recognise(table(columns, engine), engine).mapping.columns["at"] == "x"


def test_what_a_format_declares_needs_no_guess(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written(
        {"case:concept:name": item(), "time:timestamp": at(), "concept:name": status(), "org:group": team()}
    )
    declared = (
        ("item_id", "case:concept:name"),
        ("at", "time:timestamp"),
        ("activity", "concept:name"),
        ("team", "org:group"),
    )
    recognition = recognise(table(columns, engine, declared=declared), engine)
    assert {name: recognition.mapping.columns[name] for name, _ in declared} == dict(declared)
    assert recognition.mapping.shape == Shape.STATUS_LOG


def test_words_for_nothing_are_listed_as_they_are_written(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written(
        {
            "Ticket ID": item(),
            "Updated": at(),
            "Status": status(),
            "Group": lambda one: "?" if one.status == NEW else TEAMS[one.team],
            "Category": lambda one: "#N/B" if one.item % 2 else "Mail",
            "Assignee": lambda one: PEOPLE[one.person] if one.status >= ACTIVE else "Unassigned",
        }
    )
    assert recognise(table(columns, engine), engine).mapping.nulls == ("#N/B", "?", "Unassigned")


def test_item_columns_of_every_history_are_found(engine: duckdb.DuckDBPyConnection) -> None:
    for seed in range(5):
        columns = written({"c1": status(), "c2": item("A"), "c3": at(), "c4": team()}, history(40, seed=seed))
        mapping = recognise(table(columns, engine), engine).mapping
        assert (mapping.columns["item_id"], mapping.columns["at"], mapping.columns["status"]) == ("c2", "c3", "c1")


@pytest.mark.parametrize("names", [("Status start", "Status end"), ("t1", "t2")])
def test_states_with_start_and_end_hold_from_their_start(
    names: tuple[str, str], engine: duckdb.DuckDBPyConnection
) -> None:
    happenings = sorted(history(), key=lambda one: (one.item, one.nth))
    ends = {(one.item, one.nth - 1): one.at for one in happenings}
    columns = written(
        {
            "Ticket": item(),
            "Status": status(),
            names[0]: at(),
            names[1]: lambda one: ends.get((one.item, one.nth), one.at).strftime("%Y-%m-%d %H:%M:%S"),
        },
        happenings,
    )
    mapping = recognise(table(columns, engine), engine).mapping
    assert (mapping.shape, mapping.columns["at"]) == (Shape.STATUS_LOG, names[0])
    assert "started_at" not in mapping.columns
