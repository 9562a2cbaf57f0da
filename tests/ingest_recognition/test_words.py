"""Texts are compared without their accents, and told with them."""

import pytest

from millrace.ingest.recognition.words import Lexicon, as_written, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sys_updatedAt", "sys updated at"),
        ("Créé le", "cree le"),
        ("Zgłoszenie", "zgloszenie"),
        ("担当グループ", "担当グループ"),
        ("ﾊﾟｽ", "パス"),
    ],
)
def test_case_accents_and_humps_do_not_count_and_letters_do(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    ("name", "told"), [("Priorität", "priorität"), ("Grupo_Técnico", "grupo técnico"), ("担当グループ", "担当グループ")]
)
def test_what_was_found_is_told_as_it_is_written(name: str, told: str) -> None:
    (found,) = Lexicon({"it": [name.replace("_", " ")]}).find(name)
    assert as_written(found.text, name) == told
