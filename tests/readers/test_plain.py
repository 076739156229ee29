"""Plain tables: the bytes decide, every row keeps its number, nothing vanishes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import openpyxl
import pytest

from evalkit.errors import ReadError
from evalkit.readers import read_plain

HEADER = "session_id;role;present"


def write(tmp_path, data, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def read_bad(path, **options):
    with pytest.raises(ReadError) as caught:
        read_plain(path, **options)
    return caught.value.found


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends(tmp_path, delimiter, encoding, line_end):
    text = line_end.join(delimiter.join(row) for row in (["tema", "antall"], ["Påske, øl", "7"]))
    text = text.replace("Påske, øl", '"Påske, øl"')
    plain = read_plain(write(tmp_path, text.encode(encoding)))
    assert plain.frame.to_dict("records") == [{"tema": "Påske, øl", "antall": "7"}]
    assert plain.frame.index.tolist() == [2]
    assert plain.problems == ()


def test_windows_1252_is_read_and_warned_about(tmp_path):
    plain = read_plain(write(tmp_path, "a;b\n1;x\n2;Følelser\n".encode("cp1252")))
    assert plain.frame["b"].tolist() == ["x", "Følelser"]
    (warning,) = plain.problems
    assert (warning.row, warning.severity) == (3, "warning")
    assert "encoding = 'cp1252'" in warning.problem


def test_a_stated_encoding_is_used_without_warning(tmp_path):
    path = write(tmp_path, "a;b\n1;Følelser\n".encode("cp1252"))
    assert read_plain(path, encoding="cp1252").problems == ()
    (problem,) = read_bad(path, encoding="utf-8")
    assert (problem.row, "0xf8" in problem.problem) == (2, True)


def test_an_encoding_that_does_not_exist(tmp_path):
    (problem,) = read_bad(write(tmp_path, "a\n1\n"), encoding="utf8mb4")
    assert "'utf8mb4' is not an encoding" in problem.problem


def test_undecodable_bytes_name_their_row(tmp_path):
    (problem,) = read_bad(write(tmp_path, b"a;b\n1;2\n3;\x81\n"))
    assert problem.row == 3
    assert "0x81" in problem.problem
    assert "CSV UTF-8" in problem.problem


def test_rows_keep_the_number_they_have_in_excel(tmp_path):
    text = 'a;b\n1;"two\nlines"\n\n;;\n2;x\n'.replace(";;\n", ";\n")
    plain = read_plain(write(tmp_path, text))
    assert plain.frame.index.tolist() == [2, 5]
    assert plain.frame["b"].tolist() == ["two\nlines", "x"]
    assert plain.excluded["row"].tolist() == [3, 4]
    assert set(plain.excluded["reason"]) == {"blank row"}


def test_blank_rows_at_the_end_are_no_rows(tmp_path):
    plain = read_plain(write(tmp_path, "a;b\n1;2\n;\n\n;\n"))
    assert len(plain.frame) == 1
    assert plain.excluded.empty


def test_a_blank_cell_is_na_and_the_word_NA_is_a_word(tmp_path):
    plain = read_plain(write(tmp_path, "a;b\nNA;\nNone; \u00a0\n"))
    assert plain.frame["a"].tolist() == ["NA", "None"]
    assert plain.frame["b"].isna().all()


def test_every_uneven_row_is_named(tmp_path):
    plain = read_plain(write(tmp_path, "a;b\n1;2;3\n4;5\n6\n"))
    assert [problem.row for problem in plain.problems] == [2, 4]
    assert "3 cells, but row 1 names 2" in plain.problems[0].problem
    assert plain.frame.index.tolist() == [3]
    assert plain.excluded.empty


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a;b\n1;"x"\n2;"y\n3;z\n', 3),
        ('a;b\n1;"a\n2;c\n3;"d\n4;d\n', 2),
        ('a;b\n1;"m\n\nl"\n2;x\n3;"open\n', 4),
    ],
)
def test_a_wrong_quotation_mark_names_its_row_in_excel(tmp_path, text, row):
    (problem,) = read_bad(write(tmp_path, text))
    assert problem.row == row


def test_rows_that_a_quotation_mark_may_have_swallowed_are_warned_about(tmp_path):
    plain = read_plain(write(tmp_path, 'a;b;c\n1;2;"Kjære\n3;4;venn"\n5;6;7\n'))
    (warning,) = plain.problems
    assert (warning.row, warning.severity) == (2, "warning")
    assert plain.frame.index.tolist() == [2, 3]


@pytest.mark.parametrize(
    "text", ["a;b\r1;2\r", "a;b\r\n1;2\r\n", "a;b\n1;2", "\ufeffsep=;\na;b\n1;2"]
)
def test_line_ends_and_separator_lines(tmp_path, text):
    assert read_plain(write(tmp_path, text)).frame.to_dict("records") == [{"a": "1", "b": "2"}]


def test_the_stated_separator_is_used(tmp_path):
    plain = read_plain(write(tmp_path, "sep=\t\na,b,c\td\n1\t2\n"))
    assert plain.frame.to_dict("records") == [{"a,b,c": "1", "d": "2"}]


def test_a_line_break_in_a_header(tmp_path):
    plain = read_plain(write(tmp_path, '"a\r\nb",c\r\n1,2\r\n'))
    assert list(plain.frame.columns) == ["a\nb", "c"]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\xff\xfe", b"sep=;\n", b"\n\n", b";;\n"])
def test_a_file_with_nothing_in_it(tmp_path, data):
    assert read_bad(write(tmp_path, data))[0].row == 1


def test_very_long_cells(tmp_path):
    long = "x" * 3_000_000
    assert read_plain(write(tmp_path, f"a;b\n1;{long}\n")).frame["b"].iloc[0] == long


def test_a_mixture_of_encodings_is_no_text(tmp_path):
    data = "a;b\n1;på\n".encode() + "2;på\n".encode("cp1252")
    (problem,) = read_bad(write(tmp_path, data))
    assert problem.row == 3
    assert "mixes UTF-8" in problem.problem


def test_utf16_without_a_mark(tmp_path):
    data = "a;b\n1;2\n".encode("utf-16-le")
    assert "NUL bytes" in read_bad(write(tmp_path, data))[0].problem
    path = write(tmp_path, data)
    assert read_plain(path, encoding="utf-16-le").frame["b"].tolist() == ["2"]
    assert read_plain(path, encoding="UTF_16LE").frame["b"].tolist() == ["2"]


def test_white_space_nobody_sees_and_letters_typed_on_a_mac(tmp_path):
    plain = read_plain(write(tmp_path, "tema\u200b;n\n\u2009pa\u030a ;\u202f7\n"))
    assert plain.frame.to_dict("records") == [{"tema": "på", "n": "7"}]


def test_marks_of_old_programs_are_white_space(tmp_path):
    assert read_plain(write(tmp_path, "a;b\n1;x\x0by\n")).frame["b"].tolist() == ["x y"]


def test_what_is_stated_and_cannot_be_used_is_a_warning(tmp_path):
    (warning,) = read_plain(write(tmp_path, "a\n1\n"), sheet="Ark1").problems
    assert "no workbook" in warning.problem
    (warning,) = read_plain(workbook(tmp_path, [["a"], [1]]), encoding="utf-8").problems
    assert "a workbook has none" in warning.problem


def test_a_title_over_the_table(tmp_path):
    (problem,) = read_bad(workbook(tmp_path, [["Oppmøte 2009"], ["a", "b", "c"], [1, 2, 3]]))
    assert "holds only 'Oppmøte 2009'" in problem.problem


def test_a_nameless_column_is_called_as_in_excel(tmp_path):
    (problem,) = read_bad(workbook(tmp_path, [["a", "b", None, None], [1, 2, None, 4]]))
    assert problem.problem.startswith("column D")


def test_problems_of_rows_and_header_come_together(tmp_path):
    problems = read_bad(write(tmp_path, "a;a\n1;2;3\n"))
    assert [problem.row for problem in problems] == [1, 2]


def test_a_workbook_with_nothing_in_it(tmp_path):
    assert "no sheet" in read_bad(workbook(tmp_path, []))[0].problem


def test_excels_separator_line_is_no_row(tmp_path):
    plain = read_plain(write(tmp_path, "sep=;\na;b\n1;2\n"))
    assert plain.frame.to_dict("index") == {2: {"a": "1", "b": "2"}}


def test_one_column(tmp_path):
    assert read_plain(write(tmp_path, "a\n1\n2\n")).frame["a"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        ("\n1;2\n", "row 1"),
        ("a;a\n1;2\n", "stands twice"),
        ("a;\n1;2\n", "has no name in row 1"),
    ],
)
def test_a_header_that_cannot_be_used(tmp_path, data, message):
    assert message in read_bad(write(tmp_path, data))[0].problem


def test_a_header_without_name_or_values_is_no_column(tmp_path):
    assert list(read_plain(write(tmp_path, "a;\n1;\n")).frame.columns) == ["a"]


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be opened" in read_bad(tmp_path / "no.csv")[0].problem


def workbook(tmp_path, rows, name="a.xlsx", **more):
    book = openpyxl.Workbook()
    book.active.title = "Ark1"
    for title, content in {"Ark1": rows, **more}.items():
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for row in content:
            sheet.append(row)
    path = tmp_path / name
    book.save(path)
    return path


def test_cells_of_a_workbook_as_text(tmp_path):
    rows = [
        ["id", "n", "day", "when", "x", "yes"],
        ["007", 7, dt.date(2009, 2, 23), dt.datetime(2009, 2, 23, 14, 15), 2.5, True],
        [7, 7.0, None, None, 0.1, False],
    ]
    frame = read_plain(workbook(tmp_path, rows)).frame
    assert frame.iloc[0].tolist() == [
        "007",
        "7",
        "2009-02-23",
        "2009-02-23T14:15:00",
        "2.5",
        "TRUE",
    ]
    assert frame["id"].tolist() == ["007", "7"]
    assert frame["x"].tolist() == ["2.5", "0.1"]
    assert frame["day"].isna().tolist() == [False, True]


def test_rows_of_a_workbook_keep_their_number(tmp_path):
    plain = read_plain(workbook(tmp_path, [["a", "b"], [1, 2], [], [3, 4]]))
    assert plain.frame.index.tolist() == [2, 4]
    assert plain.excluded[["sheet", "row"]].to_dict("records") == [{"sheet": "Ark1", "row": 3}]


def test_a_blank_first_row_is_an_error_and_shifts_nothing(tmp_path):
    (problem,) = read_bad(workbook(tmp_path, [[None], ["a"], [1]]))
    assert (problem.row, problem.sheet) == (1, "Ark1")


def test_several_sheets_need_a_name(tmp_path):
    path = workbook(tmp_path, [["a"], [1]], Vår=[["a"], [2]], Tom=[])
    assert '"Ark1", "Vår"' in read_bad(path)[0].problem
    assert read_plain(path, sheet="Vår").frame["a"].tolist() == ["2"]
    assert "Did you mean 'Vår'" in read_bad(path, sheet="Våår")[0].problem


def test_a_hidden_sheet_with_lists_is_in_nobodys_way(tmp_path):
    path = workbook(tmp_path, [["a"], [1]], Lister=[["ja"], ["nei"]])
    book = openpyxl.load_workbook(path)
    book["Lister"].sheet_state = "hidden"
    book.save(path)
    assert read_plain(path).sheet == "Ark1"


def test_a_stray_cell_at_the_end_of_the_world(tmp_path):
    path = workbook(tmp_path, [["a"], [1]])
    book = openpyxl.load_workbook(path)
    book.active.cell(1_048_576, 16_384, "x")
    book.save(path)
    assert "far from all others (column XFD or row 1048576)" in read_bad(path)[0].problem


def test_the_only_sheet_that_holds_something_is_found(tmp_path):
    assert read_plain(workbook(tmp_path, [], Data=[["a"], [1]])).sheet == "Data"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_cut_short(tmp_path, share):
    path = workbook(tmp_path, [["a"], [1]])
    data = path.read_bytes()
    (problem,) = read_bad(write(tmp_path, data[: int(len(data) * share)], "a.xlsx"))
    assert "damaged or cut short" in problem.problem


def test_text_named_like_a_workbook(tmp_path):
    assert "is not one" in read_bad(write(tmp_path, "a;b\n1;2\n", "a.xlsx"))[0].problem


def test_a_workbook_named_csv_is_read_by_its_bytes(tmp_path):
    path = workbook(tmp_path, [["a"], [1]])
    assert read_plain(path.rename(tmp_path / "b.csv")).frame["a"].tolist() == ["1"]


def test_excels_errors_and_formulas_never_computed_do_not_vanish(tmp_path):
    path = workbook(tmp_path, [["a", "b"], [1, "#N/A"], [2, "=1+1"]])
    plain = read_plain(path)
    found = [(p.row, p.column, p.value, p.severity) for p in plain.problems]
    assert found == [(2, "b", "#N/A", "error"), (3, "b", "=1+1", "error")]
    assert plain.frame["a"].tolist() == ["1", "2"]


def test_large_tables_come_through_whole(tmp_path):
    count = 20_000
    numbers = np.arange(count)
    text = "id;n\n" + "\n".join(f"b{n};{n}" for n in numbers)
    frame = read_plain(write(tmp_path, text)).frame
    assert frame["n"].astype(int).tolist() == numbers.tolist()
    assert frame.index[-1] == count + 1
