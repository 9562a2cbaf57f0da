import codecs
from collections.abc import Callable
from typing import Any

import pytest

from millrace.ingest.raw import RawTable
from millrace.ingest.reading.encoding import detect_encoding

Read = Callable[..., RawTable]
Rows = Callable[[RawTable], list[tuple[Any, ...]]]

WORDS = {
    "cp1252": (
        "Störung;Geschlossen;Rückfrage",
        "Résolu;Fermé;En attente;Créé le",
        "Número;Asignación;año",
        "Løst;Åben",
    ),
    "cp1250": ("Zgłoszenie;Rozwiązane;Zamknięte", "Přiřazeno;Uzavřeno;Řešení", "Lezárva;Ügyfélre vár;közvetítő"),
    "cp1251": ("Закрыто;Решено;Новый",),
    "koi8_r": ("Закрыто;Решено;Новый",),
    "cp1253": ("Κλειστό;Ανοικτό",),
    "cp1254": ("Kapatıldı;Çözüldü;Atanmış;İşlemde",),
    "cp1256": ("مغلق;مفتوح;قيد الانتظار",),
    "cp932": ("状態;解決済み;クローズ;担当者",),
    "gb18030": ("状态;已解决;已关闭;分配给;处理中",),
    "cp949": ("상태;해결됨;종료;담당자",),
    "big5": ("狀態;已解決;已關閉;處理中",),
    "cp850": ("Störung;Geschlossen;Rückfrage",),
    "mac_roman": ("Störung;Rückfrage",),
    "utf-8": ("Störung;状態;Закрыто",),
}


@pytest.mark.parametrize(("encoding", "words"), [(name, words) for name in WORDS for words in WORDS[name]])
def test_an_encoding_is_told_by_the_letters_it_gives(encoding: str, words: str) -> None:
    content = (words + "\n").encode(encoding)

    assert content.decode(detect_encoding(content).name) == words + "\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1250"]
)
def test_text_is_read_in_its_encoding(read: Read, rows: Rows, encoding: str) -> None:
    table = read("id\tstate\n1\tGelöst\n2\tRückfrage\n3\tÜberprüft\n".encode(encoding))

    assert rows(table) == [(2, "1", "Gelöst"), (3, "2", "Rückfrage"), (4, "3", "Überprüft")]


def test_a_guessed_encoding_is_said(read: Read) -> None:
    table = read("id,state\n1,Gelöst\n".encode("cp1252"))

    assert [remark.kind for remark in table.remarks] == ["guessed_encoding"]


def test_byte_order_marks_inside_ids_are_taken_out_and_counted(read: Read, rows: Rows) -> None:
    table = read(codecs.BOM_UTF8 + "id,state\n1,New\n\ufeff2,Old\n3,New\n".encode())

    assert rows(table)[1] == (3, "2", "Old")
    assert [(remark.kind, remark.n_rows, remark.examples) for remark in table.remarks] == [
        ("byte_order_mark", 1, ("line 3",))
    ]


def test_single_bytes_of_another_encoding_are_repaired(read: Read, rows: Rows) -> None:
    lines = "".join(f"{n},Prüfung läuft für Müller\n" for n in range(9))

    table = read(b"id,state\n" + lines.encode() + b"9,Gel\xf6st\n")

    assert rows(table)[-1] == (11, "9", "Gelöst")
    assert {remark.kind for remark in table.remarks} >= {"undecodable_bytes"}


def test_zero_bytes_are_taken_out_and_counted(read: Read, rows: Rows) -> None:
    table = read(b"id,state\n1,Ne\0w\n" + b"2,Old and quiet\n" * 9)

    assert rows(table)[0] == (2, "1", "New")
    assert table.remarks[0].examples == ("line 2",)
