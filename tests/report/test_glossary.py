from millrace.report.glossary import glossary


def test_every_term_is_there_once_and_explained() -> None:
    names = [term.name for term in glossary()]

    assert len(names) == len(set(names))
    assert all(term.meaning.endswith(".") for term in glossary())
