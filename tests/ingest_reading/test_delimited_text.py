from collections.abc import Callable
from typing import Any

import pytest

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import RawTable

Read = Callable[..., RawTable]
Rows = Callable[[RawTable], list[tuple[Any, ...]]]


def remark(table: RawTable, kind: str) -> RowRemark:
    return next(found for found in table.remarks if found.kind == kind)


def names(table: RawTable) -> list[str]:
    return [column.name for column in table.columns]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "||", "§", "^", "~", "\x1f", ":"])
def test_the_separator_is_found(read: Read, rows: Rows, separator: str) -> None:
    lines = (separator.join(cells) for cells in (["number", "state", "team"], ["1", "New", "A"], ["2", "Old", "B"]))

    table = read("\n".join(lines) + "\n")

    assert rows(table) == [(2, "1", "New", "A"), (3, "2", "Old", "B")]


def test_all_columns_stay_texts(read: Read) -> None:
    table = read("a,b\n1,2024-01-01\n")

    assert {column.type for column in table.columns} == {"VARCHAR"}


def test_decimal_commas_do_not_pass_for_separators(read: Read) -> None:
    table = read("id;hours;cost\n1;1,5;2,5\n2;3,5;4,5\n")

    assert names(table) == ["id", "hours", "cost"]


def test_a_first_line_that_names_the_separator_is_heeded(read: Read, rows: Rows) -> None:
    table = read("sep=;\na;b\n1,1;2,2\n")

    assert rows(table) == [(3, "1,1", "2,2")]


def test_quoted_cells_may_hold_separators_quotes_and_line_ends(read: Read, rows: Rows) -> None:
    table = read('id,note\r\n1,"a, ""b""\nc"\r\n2,"x"\r\n')

    assert rows(table) == [(2, "1", 'a, "b"\nc'), (4, "2", "x")]


def test_single_quotes_may_quote(read: Read, rows: Rows) -> None:
    assert rows(read("'id','note'\n'1','a,b'\n'2','c'\n")) == [(2, "1", "a,b"), (3, "2", "c")]


def test_a_backslash_may_escape(read: Read, rows: Rows) -> None:
    assert rows(read('id,note\n1,"say \\"hi\\", he said"\n2,"x"\n')) == [
        (2, "1", 'say "hi", he said'),
        (3, "2", "x"),
    ]


def test_a_quote_inside_a_cell_belongs_to_it(read: Read, rows: Rows) -> None:
    assert rows(read('id,note,n\n1,5" disk,1\n2,"a 5" disk",2\n')) == [
        (2, "1", '5" disk', "1"),
        (3, "2", 'a 5" disk', "2"),
    ]


def test_a_quote_that_never_closes_costs_only_its_own_row(read: Read, rows: Rows) -> None:
    table = read('id,note,n\n1,"open,1\n2,b,2\n3,"c",3\n')

    assert rows(table) == [(2, "1", '"open', "1"), (3, "2", "b", "2"), (4, "3", "c", "3")]


def test_a_row_is_numbered_by_the_line_in_which_it_begins(read: Read, rows: Rows) -> None:
    table = read('title\n\nid,note\n1,"a\nb"\n\n2,c\n')

    assert [row[0] for row in rows(table)] == [4, 7]


def test_lines_above_the_header_are_left_aside_and_said(read: Read) -> None:
    table = read("Incidents of 2024;;\nprinted today;;\nid;state;team\n1;New;A\n2;Old;B\n")

    assert names(table) == ["id", "state", "team"]
    assert "2" in remark(table, "lines_above_header").sentence


def test_a_total_below_the_rows_is_refused_and_shown(read: Read) -> None:
    table = read("id,state,team\n1,New,A\n2,Old,B\nTotal: 2\n")

    refused = remark(table, "too_few_cells")
    assert (table.n_rows, refused.n_rows, refused.verdict) == (2, 1, Verdict.REFUSED)
    assert refused.examples == ("line 4: 1 cells",)


def test_a_row_that_lacks_its_last_cells_is_repaired(read: Read, rows: Rows) -> None:
    table = read("a,b,c\n1,2,3\n4,5\n6,7,8\n")

    assert rows(table)[1] == (3, "4", "5", None)
    assert remark(table, "missing_cells").verdict is Verdict.REPAIRED


def test_a_row_with_too_many_cells_is_refused_and_shown(read: Read) -> None:
    table = read("a,b\n1,2\n3,4,5\n6,7\n")

    assert remark(table, "too_many_cells").examples == ("line 3: 3 cells",)
    assert table.n_rows == 2


def test_surplus_separators_at_the_end_of_a_row_do_no_harm(read: Read) -> None:
    assert read("a,b\n1,2\n3,4,,\n5,6\n").n_rows == 3


def test_blank_rows_are_counted(read: Read) -> None:
    assert remark(read("a;b\n1;2\n;\n;\n3;4\n"), "blank_row").n_rows == 2


def test_columns_without_name_and_value_are_dropped(read: Read) -> None:
    assert names(read("a;b;;;\n1;2;;;\n3;4;;;\n")) == ["a", "b"]


def test_a_column_without_name_but_with_values_is_called_by_its_place(read: Read) -> None:
    assert names(read("a,,c\n1,2,3\n4,5,6\n")) == ["a", "column 2", "c"]


def test_names_that_come_twice_are_made_unique(read: Read) -> None:
    assert names(read("id,Team,team,__row\n1,A,B,C\n")) == ["id", "Team", "team (2)", "__row (2)"]


def test_a_text_without_header_keeps_its_first_row(read: Read) -> None:
    table = read("1,New,2024-01-01 10:00\n2,Old,2024-01-02 10:00\n")

    assert (table.n_rows, names(table)[0]) == (2, "column 1")
    assert remark(table, "no_header")


def test_a_header_that_comes_again_is_refused(read: Read) -> None:
    table = read("id,state\n1,New\nid,state\n2,Old\n")

    assert (table.n_rows, remark(table, "repeated_header").n_rows) == (2, 1)


def test_empty_cells_are_nothing(read: Read, rows: Rows) -> None:
    assert rows(read('a,b,c\n1,,""\n')) == [(2, "1", None, None)]


def test_line_ends_may_be_carriage_returns(read: Read, rows: Rows) -> None:
    assert rows(read(b"a,b\r1,x\r2,y\r")) == [(2, "1", "x"), (3, "2", "y")]


def test_a_text_longer_than_a_block_is_read_whole(read: Read, connection: Any) -> None:
    lines = "".join(f'{n},"{n % 7} ""x""\nsecond line of a note",{n}\n' for n in range(200_000))

    table = read("id,note,n\n" + lines)

    seen = connection.execute(f"SELECT count(*), sum(id::INT), max(__row), bool_and(id = n) FROM {table.relation}")
    assert seen.fetchall() == [(200_000, 199_999 * 100_000, 400_000, True)]


def test_ten_thousand_columns_are_read(read: Read) -> None:
    header = ",".join(f"c{n}" for n in range(10_000))
    row = ",".join(str(n) for n in range(10_000))

    assert len(read(f"{header}\n{row}\n{row}\n").columns) == 10_000


def test_emoji_and_right_to_left_text_stay_as_they_are(read: Read, rows: Rows) -> None:
    assert rows(read("id,note\n1,🧯 fire\n2,مغلق\n")) == [(2, "1", "🧯 fire"), (3, "2", "مغلق")]


def test_other_content_than_the_name_says_is_read_and_said(read: Read) -> None:
    table = read("a,b\n1,2\n", "log.xlsx")

    assert (table.n_rows, remark(table, "other_format").verdict) == (1, Verdict.KEPT)
