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
    assert plain.warnings == ()


def test_windows_1252_is_read_and_warned_about(tmp_path):
    plain = read_plain(write(tmp_path, "a;b\n1;x\n2;Følelser\n".encode("cp1252")))
    assert plain.frame["b"].tolist() == ["x", "Følelser"]
    (warning,) = plain.warnings
    assert (warning.row, warning.severity) == (3, "warning")
    assert "encoding = 'cp1252'" in warning.problem


def test_a_stated_encoding_is_used_without_warning(tmp_path):
    path = write(tmp_path, "a;b\n1;Følelser\n".encode("cp1252"))
    assert read_plain(path, encoding="cp1252").warnings == ()
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
    problems = read_bad(write(tmp_path, "a;b\n1;2;3\n4;5\n6\n"))
    assert [problem.row for problem in problems] == [2, 4]
    assert "3 cells, but row 1 names 2" in problems[0].problem


def test_an_open_quotation_mark_names_its_row(tmp_path):
    (problem,) = read_bad(write(tmp_path, 'a;b\n1;"x"\n2;"y\n3;z\n'))
    assert problem.row == 3


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
    problems = read_bad(path)
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "b", "#N/A"), (3, "b", "=1+1")]


def test_large_tables_come_through_whole(tmp_path):
    count = 20_000
    numbers = np.arange(count)
    text = "id;n\n" + "\n".join(f"b{n};{n}" for n in numbers)
    frame = read_plain(write(tmp_path, text)).frame
    assert frame["n"].astype(int).tolist() == numbers.tolist()
    assert frame.index[-1] == count + 1
