"""Attendance registers as people keep them: found, read, checked, and never guessed."""

from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import ArgumentError, ReadError
from evalkit.readers.register import read_register
from evalkit.readers.register_headers import NO_DAY, NO_YEAR, session_in, sum_kind

LINE = "study.toml, line 31"
STATED = {"present": ["x", "X", "1", "ja"], "excused": ["s", "syk"], "absent": ["-", "0", "nei"]}
HEAD = ["Navn", "Samling 1", "Samling 2", "Samling 3"]


@pytest.fixture
def workbook(tmp_path):
    """Return a function that writes rows as a workbook."""

    def write(*rows, name="oppmote.xlsx", sheet="Våren 2009"):
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def text(tmp_path):
    """Return a function that writes rows as a csv file."""

    def write(*lines, name="oppmote.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


def grid(register):
    """Statuses, persons down and columns across, in the order of the file."""
    marks = register.marks
    return marks.astype({"status": "str"}).groupby("row")["status"].agg(list).tolist()


def told(register, severity="warning"):
    return [(p.row, p.column, p.problem) for p in register.problems if p.severity == severity]


def refused(path, **options):
    with pytest.raises(ReadError) as caught:
        read_register(path, **options)
    return [(problem.row, problem.column, problem.problem) for problem in caught.value.found]


def reasons(register):
    return dict(zip(register.excluded["row"], register.excluded["reason"], strict=True))


def test_a_plain_register(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", "-", "s"], ["B2", "X", 1, "?"]))
    assert grid(register) == [["present", "absent", "excused"], ["present", "present", "unknown"]]
    assert register.sheet == "Våren 2009"
    assert register.problems == ()
    assert register.excluded.empty
    assert len(register.sha256) == 64


def test_the_columns_of_marks(workbook):
    head = ["Navn", "Samling 1 (12.03.2009)", dt.date(2009, 3, 19), "S3"]
    marks = read_register(workbook(head, ["B1", "x", "-", None])).marks
    assert list(marks) == ["row", "column", "person", "number", "held_on", "status", "value"]
    assert marks["row"].tolist() == [2, 2, 2]
    assert marks["column"].tolist() == ["Samling 1 (12.03.2009)", "2009-03-19", "S3"]
    assert marks["number"].tolist() == [1, pd.NA, 3]
    assert marks["number"].dtype == "Int64"
    assert marks["held_on"].dtype == "datetime64[s]"
    assert marks["held_on"].dt.day.tolist()[:2] == [12, 19]
    assert marks["held_on"].isna().tolist() == [False, False, True]
    assert list(marks["status"].cat.categories) == ["present", "absent", "excused", "unknown"]
    assert marks["value"].tolist()[:2] == ["x", "-"]
    assert marks["value"].isna().tolist() == [False, False, True]


def test_titles_other_columns_sums_and_notes(workbook):
    path = workbook(
        ["Oppmøte SMIL Oslo, våren 2009"],
        [],
        ["Navn", "Gruppe", "Samling 1", "Samling 2", "Sum", "%", "Kommentar"],
        ["B1", "A", "x", "-", 1, 0.5, None],
        ["B2", "A", "x", "x", 2, "100 %", "flyttet i mai"],
        ["Til stede", None, 2, 1, 3],
        ["Fravær", None, 0, 1],
        ["Oppmøte %", None, "100 %", "50%"],
        [],
        ["x = til stede"],
        ["-", "fravær"],
        ["Ola har sluttet"],
    )
    register = read_register(path)
    assert grid(register) == [["present", "absent"], ["present", "present"]]
    assert register.problems == ()
    assert list(register.people) == ["Gruppe", "Kommentar"]
    assert register.people.loc[5].tolist() == ["A", "flyttet i mai"]
    assert register.people.index.name == "row"
    above, sums, note = "above the table", "row of sums", "note beside the table"
    assert reasons(register) == {
        1: above,
        2: above,
        6: sums,
        7: sums,
        8: sums,
        9: "blank row",
        10: note,
        11: note,
        12: note,
    }
    assert set(register.excluded["file"]) == {"oppmote.xlsx"}
    assert set(register.excluded["sheet"]) == {"Våren 2009"}


def test_every_row_is_a_person_or_left_out_with_a_reason(workbook):
    path = workbook(["Tittel"], [], HEAD, ["B1", "x", "x", "-"], [], ["B2", "x", "-", "x"], ["Sum"])
    register = read_register(path)
    assert {*register.marks["row"], *register.excluded["row"], 3} == set(range(1, 8))


# Headers


@pytest.mark.parametrize(
    ("header", "number", "day"),
    [
        *((each, 4, None) for each in ("Samling 4", "4", "4.", "S4", "s 4", "Session 4", "Møte 4")),
        *((each, 4, None) for each in ("Samling4", "samling nr. 4", "4. samling", "Nr 4", "#4")),
        *((each, 4, None) for each in ("Samling 4: Følelser", "Samling 4 – Å være sint", "Gang 4")),
        *((each, None, 12) for each in ("2024-03-12", "12.03.2024", "12.3.24", "12/3-24")),
        *((each, None, 12) for each in ("Tirsdag 12.03.2024", "tir. 12. mars 2024", "12/03/2024")),
        *((each, None, 12) for each in ("2024-03-12T14:15:00", "12.03.2024 kl. 14.15")),
        *((each, None, 12) for each in ("12.03.2024 Følelser", "12 March 2024")),
        *((each, 4, 12) for each in ("Samling 4 (12.03.2024)", "Samling 4 12.03.2024")),
        *((each, 4, 12) for each in ("Samling 4\n12.03.2024", "12.03.2024 (4)", "4, 12.03.2024")),
        *((each, 4, 12) for each in ("Samling 4: Følelser (12.03.2024)", "S4 ti. 12.03.24 Håp")),
    ],
)
def test_headers_that_name_a_session(header, number, day):
    session = session_in(header.replace("ti. ", "tir. "))
    assert session.number == number
    assert session.held_on == (dt.date(2024, 3, day) if day else None)
    assert session.doubt is None


@pytest.mark.parametrize(
    "header",
    [
        *("Gruppe", "Gruppe 4", "Kommentar", "Kommentar 12.03.2024", "2024", "Samling 4 og 5"),
        *("Samling 4-5", "12 år", "Alder 12", "Sum", "12.03.2024 sum", "Timer", "3 desserter"),
    ],
)
def test_headers_that_name_none(header):
    assert session_in(header) is None


@pytest.mark.parametrize(
    ("header", "number", "doubt"),
    [
        ("12.03.", None, NO_YEAR),
        ("12.03", None, NO_YEAR),
        ("12. mars", None, NO_YEAR),
        ("Samling 4 (12.03.)", 4, NO_YEAR),
        ("3/18/2024", None, NO_DAY),
        ("31.02.2024", None, NO_DAY),
    ],
)
def test_headers_that_cannot_be_read(header, number, doubt):
    assert session_in(header)[:2] == (number, None)
    assert session_in(header).doubt == doubt


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        *((each, "present") for each in ("Sum", "Totalt:", "Antall", "Til stede", "Oppmøte")),
        *((each, "present") for each in ("Total", "Antall barn til stede", "SUM OPPMØTE")),
        *((each, "share") for each in ("%", "Oppmøte %", "Andel", "Oppmøteprosent")),
        *((each, "absent") for each in ("Fravær", "Sum fravær")),
        ("Snitt", "unchecked"),
        *((each, None) for each in ("Gruppe", "Ola", "Summen av alt", "", "Samling 1")),
    ],
)
def test_headers_of_sums(header, kind):
    assert sum_kind(header) == kind


@pytest.mark.parametrize("header", ["12.03.", "Uke 9"])
def test_a_header_without_a_session_is_an_error_that_says_why(workbook, header):
    ((row, column, message),) = refused(workbook([*HEAD, header], ["B1", "x", "-", "x", "x"]))
    assert (row, column) == (1, header)
    assert "without a year" in message or "names a week" in message
    assert "'others'" in message


@pytest.mark.parametrize(
    ("headers", "why"), [(["12.03", "19.03"], NO_YEAR), (["Uke 9", "Uke 10"], "names a week")]
)
def test_a_header_of_nothing_else_says_why(workbook, headers, why):
    ((_, _, message),) = refused(workbook(["Navn", *headers], ["B1", "x", "-"]))
    assert f"The header '{headers[0]}' {why}" in message


def test_a_date_without_a_year_beside_a_number_is_a_warning(workbook):
    register = read_register(workbook(["Navn", "Samling 1 (12.03.)", "2"], ["B1", "x", "-"]))
    assert register.marks["number"].tolist() == [1, 2]
    ((row, column, message),) = told(register)
    assert (row, column) == (1, "Samling 1 (12.03.)")
    assert "goes by its number alone" in message


def test_a_mistyped_session_does_not_vanish(workbook):
    path = workbook([*HEAD, "Smaling 4", "Samtykke"], ["B1", "x", "-", "x", "x", "ja"])
    found = refused(path)
    assert [column for _, column, _ in found] == ["Samtykke", "Smaling 4"]
    assert all("seems to be a session" in message for _, _, message in found)
    register = read_register(path, others=["Smaling 4", "Samtykke"])
    assert register.people.loc[2].tolist() == ["x", "ja"]
    assert len(register.marks) == 3


def test_a_blank_header_over_marks_is_an_error_and_over_words_a_note(workbook):
    ((_, column, message),) = refused(workbook([*HEAD, None], ["B1", "x", "-", "x", "x"]))
    assert (column, "is blank" in message) == ("E", True)
    register = read_register(workbook([*HEAD, None], ["B1", "x", "-", "x", "ringte"]))
    assert register.people["E"].tolist() == ["ringte"]


def test_a_session_twice_names_both_columns(workbook):
    path = workbook(["Navn", "Samling 1", "S2", "2 (19.03.2024)"], ["B1", "x", "-", "x"])
    ((row, column, message),) = refused(path)
    assert (row, column) == (1, "2 (19.03.2024)")
    assert "'S2' and '2 (19.03.2024)' (columns C and D)" in message
    path = workbook(["Navn", "12.03.2024", dt.date(2024, 3, 12)], ["B1", "x", "-"])
    assert "are the same session" in refused(path)[0][2]


def test_two_sessions_on_one_day_are_two(workbook):
    head = ["Navn", "Samling 1 (12.03.2024)", "Samling 2 (12.03.2024)"]
    assert len(read_register(workbook(head, ["B1", "x", "-"])).marks) == 2


@pytest.mark.parametrize("dates_first", [False, True])
def test_a_row_of_dates_beside_the_row_of_sessions(workbook, dates_first):
    names = ["Navn", "Samling 1", "Samling 2"]
    dates = [None, dt.date(2024, 3, 12), "19.03.2024"]
    head = [dates, names] if dates_first else [names, dates]
    register = read_register(workbook(["Oppmøte"], *head, ["B1", "x", "-"]))
    assert register.marks["number"].tolist() == [1, 2]
    assert register.marks["held_on"].dt.day.tolist() == [12, 19]
    assert register.marks["row"].tolist() == [4, 4]
    assert reasons(register) == {1: "above the table", 2: "part of the header"}


def test_numbers_over_dates(workbook):
    head = [["Økt", 1, 2], ["Navn", "12.03.2024", "19.03.2024"]]
    register = read_register(workbook(*head, ["B1", 1, 0], ["B2", 0, 1]))
    assert register.marks["number"].tolist() == [1, 2, 1, 2]
    assert grid(register) == [["present", "absent"], ["absent", "present"]]


def test_rows_of_numbers_are_no_header(workbook):
    register = read_register(workbook(["Navn", "1", "2"], ["B1", 0, 1], ["B2", 1, 0]))
    assert grid(register) == [["absent", "present"], ["present", "absent"]]


def test_a_period_in_the_title_is_no_header(workbook):
    title = ["Periode", "01.02.2009", "01.06.2009"]
    register = read_register(workbook(title, [], HEAD, ["B1", "x", "-", "x"]))
    assert register.marks["column"].tolist() == HEAD[1:]


def test_merged_titles_and_hidden_rows(workbook):
    path = workbook(["Våren 2009"], HEAD, ["B1", "x", "-", "x"], ["B2", "x", "x", "x"])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:D1")
    book.active.row_dimensions[4].hidden = True
    book.save(path)
    assert read_register(path).marks["person"].unique().tolist() == ["B1", "B2"]


def test_a_header_printed_again_on_the_next_page(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", "-", "x"], HEAD, ["B2", "x", "x", "-"]))
    assert reasons(register) == {3: "the header again"}
    assert len(register.marks) == 6


def test_sums_that_grow_are_no_header(workbook):
    register = read_register(workbook(["Navn", 1, 2, "Sum"], ["B1", "-", "x", 1], ["Sum", 0, 1, 2]))
    assert register.marks["number"].tolist() == [1, 2]
    assert [row for row, _, _ in told(register)] == [3]


def test_a_header_and_nobody(workbook):
    assert "nothing stands below" in refused(workbook(HEAD))[0][2]
    assert "no person" in told(read_register(workbook(HEAD, ["Sum", 0, 0, 0])), "error")[0][2]


def test_no_header_no_person_column(workbook):
    assert "no row names two sessions" in refused(workbook(["Navn", "a"], ["B1", "x"]))[0][2]
    assert "no column of persons" in refused(workbook(["Samling 1", "Samling 2"], ["x", "-"]))[0][2]


def test_a_blank_corner_and_an_empty_first_column(workbook):
    path = workbook([None, None, "Samling 1", "Samling 2"], [None, "B1", "x", "-"])
    assert read_register(path).marks["person"].unique().tolist() == ["B1"]


def test_the_person_column_may_be_stated(workbook):
    path = workbook(["Nr", "Navn", "S1", "S2"], [1, "Ada", "x", "-"], [2, "Bo", "-", "x"])
    assert read_register(path).marks["person"].unique().tolist() == ["1", "2"]
    register = read_register(path, person="Navn")
    assert register.marks["person"].unique().tolist() == ["Ada", "Bo"]
    assert register.people["Nr"].tolist() == ["1", "2"]
    messages = [message for _, _, message in refused(path, person="Namn", others=["Grupe"])]
    assert any("Did you mean 'Navn'" in message for message in messages)
    assert any("no 'Grupe'" in message for message in messages)


# Marks


def test_an_unknown_mark_is_an_error_that_names_its_cell(workbook):
    rows = [*([[]] * 5), ["Kode", *HEAD[1:], "Samling 4"], ["B1", "x", "-", "x", "kanskje"]]
    register = read_register(workbook(*rows), marks=STATED, where=LINE)
    (problem,) = register.problems
    assert str(problem) == (
        'oppmote.xlsx, sheet "Våren 2009", row 7, column "Samling 4": \'kanskje\' is not a mark '
        "this register knows. Known marks: present x X 1 ja; excused s syk; absent - 0 nei. "
        "Add it under marks in study.toml, line 31."
    )
    assert (problem.value, problem.severity) == ("kanskje", "error")
    assert register.marks["status"].isna().tolist() == [False, False, False, True]


def test_all_unknown_marks_come_at_once(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", "u", "-"], ["B2", "v", "x", "x"]))
    assert [(row, column) for row, column, _ in told(register, "error")] == [
        (2, "Samling 2"),
        (3, "Samling 1"),
    ]


def test_stated_marks_replace_the_usual_ones(workbook):
    path = workbook(HEAD, ["B1", "M", "F", "m"])
    register = read_register(path, marks={"present": ["m"], "absent": ["f"]})
    assert grid(register) == [["present", "absent", "present"]]
    register = read_register(path, marks={"present": ["M"], "absent": ["F"], "excused": ["m"]})
    assert grid(register) == [["present", "absent", "excused"]]
    assert told(
        read_register(workbook(HEAD, ["B1", "x", "m", "m"]), marks={"present": ["m"]}), "error"
    )


@pytest.mark.parametrize("one", ["1", "1.0", "1,0", " 1 "])
def test_numbers_as_marks_are_alike(text, one):
    register = read_register(text(";".join(HEAD), f"B1;{one};0;0.0"))
    assert grid(register) == [["present", "absent", "absent"]]
    register = read_register(
        text(";".join(HEAD), f"B1;{one};2;2.0"), marks={"present": [1], "absent": ["2.0"]}
    )
    assert grid(register) == [["present", "absent", "absent"]]


def test_boxes_that_are_ticked_in_excel(workbook):
    assert grid(read_register(workbook(HEAD, ["B1", True, False, True]))) == [
        ["present", "absent", "present"]
    ]


def test_marks_that_contradict_themselves(workbook):
    path = workbook(HEAD, ["B1", "x", "-", "x"])
    ((_, _, message),) = refused(path, marks={"present": ["1"], "absent": ["1.0"]}, where=LINE)
    assert (
        message
        == "the mark '1.0' stands under both present and absent in study.toml, line 31. Keep one."
    )
    ((_, _, message),) = refused(path, marks={"present": ["x"], "absent": [" "]}, where=LINE)
    assert "Use 'empty' for it" in message
    with pytest.raises(ArgumentError, match="Did you mean 'present'"):
        read_register(path, marks={"presnt": ["x"]})


# Empty cells


def test_empty_cells_without_a_mark_of_absence_are_an_error(workbook):
    path = workbook(HEAD, ["B1", "x", None, "x"], ["B2", None, "x", "x"])
    register = read_register(path, where=LINE)
    ((row, column, message),) = told(register, "error")
    assert (row, column) == (2, "Samling 2")
    assert message == (
        '2 cells are empty, the first in row 2, column "Samling 2", and no mark of absence is '
        'used: nobody would ever have been away. State empty = "absent" or empty = "unknown" for '
        "this file in study.toml, line 31."
    )
    assert told(read_register(path, empty="absent")) == []
    assert grid(read_register(path, empty="absent"))[0] == ["present", "absent", "present"]
    assert grid(read_register(path, empty="unknown"))[0] == ["present", "unknown", "present"]
    with pytest.raises(ArgumentError, match="empty is 'fravær'"):
        read_register(path, empty="fravær")


@pytest.mark.parametrize("mark", ["-", "syk"])
def test_empty_cells_beside_marks_of_absence_are_unknown(workbook, mark):
    register = read_register(workbook(HEAD, ["B1", "x", None, mark]))
    assert grid(register)[0][1] == "unknown"
    ((row, column, message),) = told(register)
    assert (row, column) == (2, "Samling 2")
    assert message.startswith("1 cell is empty")
    assert told(register, "error") == []


def test_a_full_register_without_absence_needs_no_word(workbook):
    assert read_register(workbook(HEAD, ["B1", "x", "x", "x"])).problems == ()


def test_a_session_nobody_has_a_mark_for(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", None, "-"]), empty="absent")
    ((_, column, message),) = told(register)
    assert (column, "Was the session held?" in message) == ("Samling 2", True)


# Persons


def test_a_person_twice_names_both_rows(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", "-", "x"], ["B1 ", "x", "-", "x"]))
    assert told(register, "error") == [
        (3, "Navn", "'B1' stands in row 2 already. Keep one row, or tell the two apart.")
    ]


def test_marks_without_a_person_are_an_error(workbook):
    register = read_register(workbook(HEAD, ["B1", "x", "-", "x"], [None, "x", "x", "-"]))
    assert told(register, "error") == [
        (3, "Navn", "there are marks in this row, but no person. Write who it is.")
    ]
    assert register.marks["row"].unique().tolist() == [2]


def test_a_person_who_never_came_is_a_person(workbook):
    rows = [HEAD, ["B1", "x", "-", "x"], ["B2"], [], ["B3"], ["B4", "x", "x", "x"]]
    register = read_register(workbook(*rows), empty="absent")
    assert register.marks["person"].unique().tolist() == ["B1", "B2", "B3", "B4"]


def test_an_explanation_directly_under_the_table(workbook):
    rows = [HEAD, ["B1", "x", "-", "x"], ["x = til stede, - = fravær"], ["* syk i mai"]]
    register = read_register(workbook(*rows))
    assert set(reasons(register).values()) == {"note beside the table"}
    assert register.problems == ()


def test_a_person_whose_id_is_a_mark_is_a_person(workbook):
    rows = [HEAD, ["1", "x", "-", "x"], ["2", "x", "x", "-"], [], ["0", "x", "x", "x"]]
    assert read_register(workbook(*rows)).marks["person"].unique().tolist() == ["1", "2", "0"]


# Sums


def test_wrong_sums_are_warnings_with_both_numbers(workbook):
    path = workbook(
        [*HEAD, "Sum", "%", "Fravær"],
        ["B1", "x", "x", "-", 3, "66,7 %", 1],
        ["B2", "x", "s", "-", 1, "50%", 1],
        ["B3", "x", "x", "x", 3, "90%", 1],
        ["Totalt", 3, 3, 1, 6],
    )
    assert told(read_register(path)) == [
        (2, "Sum", "the sum says 3, but the marks give 2. Mend whichever is wrong."),
        (4, "%", "the sum says 90%, but the marks give 100 %. Mend whichever is wrong."),
        (4, "Fravær", "the sum says 1, but the marks give 0. Mend whichever is wrong."),
        (5, "Samling 2", "the sum says 3, but the marks give 2. Mend whichever is wrong."),
    ]


@pytest.mark.parametrize(
    "sums", [["Sum", 2, 1], [None, 2, 1], ["Antall til stede:", "2", "1 av 2"]]
)
def test_right_sums_below_in_many_ways(workbook, sums):
    register = read_register(workbook(HEAD[:3], ["B1", "x", "-"], ["B2", "x", "x"], sums))
    assert register.problems == ()
    assert reasons(register) == {4: "row of sums"}


def test_numbers_below_marks_that_are_numbers_are_told_from_persons(workbook):
    rows = [HEAD[:3], ["B1", 1, 0], ["B2", 0, 1], [None, 1, 1]]
    assert reasons(read_register(workbook(*rows))) == {4: "row of sums"}
    rows[3] = [None, 0, 0]
    assert "no person" in told(read_register(workbook(*rows)), "error")[0][2]


def test_a_wrong_sum_of_a_row_without_a_name(workbook):
    rows = [HEAD[:3], ["B1", "x", "-"], ["B2", "x", "x"], [None, 2, 2]]
    ((row, column, message),) = told(read_register(workbook(*rows)))
    assert (row, column) == (4, "Samling 2")
    assert "says 2, but the marks give 1" in message


def test_sums_within_the_table_are_of_their_part_or_of_all_above(workbook):
    rows = [
        HEAD[:3],
        ["B1", "x", "-"],
        ["Sum", 1, 0],
        ["B2", "x", "x"],
        ["Sum", 1, 1],
        ["Totalt", 2, 1],
    ]
    assert read_register(workbook(*rows)).problems == ()


@pytest.mark.parametrize(
    ("header", "cell", "warned"),
    [
        ("%", 0.75, False),
        ("%", 75, False),
        ("%", "75,0%", False),
        ("%", 0.6, True),
        ("Oppmøte", 75, False),
        ("Oppmøte", 70, True),
        ("Oppmøte", 3, False),
        ("Oppmøte", "3/4", False),
        ("Sum", 75, True),
        ("Snitt", 12, False),
        ("Sum", "mange", False),
        ("Sum", None, False),
    ],
)
def test_counts_and_shares(workbook, header, cell, warned):
    path = workbook([*HEAD, "Samling 4", header], ["B1", "x", "x", "x", "-", cell])
    assert len(told(read_register(path))) == warned


def test_counts_of_others_are_no_person(workbook):
    rows = [HEAD[:3], ["B1", "x", "-"], ["Antall barn", 1, 0], ["Antall voksne", 2, 2]]
    register = read_register(workbook(*rows))
    assert register.problems == ()
    assert reasons(register) == {3: "row of sums", 4: "row of sums"}


def test_a_sum_over_an_unknown_mark_is_not_checked(workbook):
    register = read_register(workbook([*HEAD, "Sum"], ["B1", "x", "u", "x", 3], ["Sum", 1, 1, 1]))
    assert told(register) == []


def computed(path, formula, value):
    """Put the value of a formula into a workbook, as Excel stores it."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    old = f"<f>{formula}</f><v></v>".encode()
    assert old in parts[sheet] or f"<f>{formula}</f><v />".encode() in parts[sheet]
    new = f"<f>{formula}</f><v>{value}</v>".encode()
    parts[sheet] = parts[sheet].replace(old, new).replace(f"<f>{formula}</f><v />".encode(), new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_formulas_as_sums(workbook):
    rows = [[*HEAD, "Sum"], ["B1", "x", "x", "-", '=COUNTIF(B2:D2,"x")'], ["Sum", "=SUM(1)"]]
    path = workbook(*rows)
    assert read_register(path).problems == ()  # never computed: blank
    computed(path, 'COUNTIF(B2:D2,"x")', 3)
    assert "says 3, but the marks give 2" in told(read_register(path))[0][2]


def test_what_excel_could_not_compute(workbook):
    path = workbook([*HEAD, "Sum"], ["B1", "x", "=1+1", "-", "#DIV/0!"])
    register = read_register(path)
    assert [(p.row, p.column, p.severity) for p in register.problems] == [
        (2, "Samling 2", "error"),
        (2, "Sum", "warning"),
    ]


# Files


def test_a_csv_file_with_a_title_of_one_cell(text):
    path = text(
        "Oppmøte, våren 2009",
        "",
        "Navn;Samling 1;Samling 2;Kommentar",
        "B1;x;-;syk, men kom",
        "B2;-;x",
    )
    register = read_register(path)
    assert grid(register) == [["present", "absent"], ["absent", "present"]]
    assert register.people["Kommentar"].tolist()[0] == "syk, men kom"
    assert register.sheet is None


def test_the_name_in_messages_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ReadError, match="raw/a.xlsx: the file cannot be opened"):
        read_register(tmp_path / "a.xlsx", name="raw/a.xlsx")


STATUS_OF = {"x": "present", "-": "absent", "syk": "excused", "?": "unknown"}


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data(), persons=st.integers(1, 6), sessions=st.integers(2, 6))
def test_what_is_written_comes_back_with_its_sums(tmp_path, data, persons, sessions):
    cells = [
        data.draw(st.lists(st.sampled_from(list(STATUS_OF)), min_size=sessions, max_size=sessions))
        for _ in range(persons)
    ]
    rows = [["Navn", *(f"Samling {n}" for n in range(1, sessions + 1)), "Sum"]]
    rows += [[f"B{n}", *row, row.count("x")] for n, row in enumerate(cells)]
    down = [column.count("x") for column in zip(*cells, strict=True)]
    rows += [["Sum", *down, sum(down)]]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in rows), "utf-8")
    register = read_register(path)
    assert register.problems == ()
    assert grid(register) == [[STATUS_OF[mark] for mark in row] for row in cells]
