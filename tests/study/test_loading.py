"""A study folder: whole when it is right, every error at once when it is not."""

from __future__ import annotations

import random
import shutil

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ReadError, StudyError
from evalkit.study.schema import TABLES

PUBLISHED_PRESENT = [7, 9, 8, 9, 7, 8, 8, 7, 9, 7, 8, 8]


def test_the_published_numbers_are_there(smil):
    children = smil.headcounts.query("role == 'child'")
    assert children["present"].tolist() == PUBLISHED_PRESENT
    assert children["present"].sum() == 95
    assert children["expected"].sum() == 108
    others = smil.headcounts.query("role != 'child'")
    assert list(zip(others["number"], others["role"], others["present"], strict=True)) == [
        (1, "adult", 3),
        (4, "parent", 10),
        (9, "parent", 9),
        (12, "family_member", 11),
    ]
    assert others["expected"].isna().all()
    kinds = smil.sessions.query("group_id == 'oslo-v09'")["kind"].value_counts()
    assert kinds.to_dict() == {"children": 7, "family": 3, "activity": 2, "parents": 0}
    assert smil.sessions["group_id"].value_counts().to_dict() == {"oslo-v09": 12, "mo-v09": 9}
    totals = smil.margins.groupby(["group_id", "variable"])["count"].sum().to_dict()
    assert totals == {
        ("oslo-v09", "gender"): 9,
        ("oslo-v09", "age_years"): 9,
        ("oslo-v09", "referral_source"): 9,
        ("mo-v09", "referral_source"): 7,
    }


def test_types(smil):
    assert smil.headcounts["present"].dtype == "Int64"
    assert smil.headcounts["role"].cat.categories[0] == "child"
    assert smil.sessions["held_on"].dtype == "datetime64[s]"
    assert smil.participants.columns.tolist()[:3] == ["person_id", "group_id", "role"]
    assert smil.problems.empty
    assert smil.excluded.empty


def test_it_prints_as_a_summary(smil):
    text = repr(smil)
    assert "SMIL" in text
    assert "headcounts       16 rows" in text
    assert "participants" not in text
    page = smil._repr_html_()
    assert "<table" in page
    assert "headcounts" in page


def test_titles_are_escaped_in_a_notebook(make_study):
    folder = make_study()
    (folder / "study.toml").write_text('title = "<b>A & B</b>"', "utf-8")
    assert "&lt;b&gt;A &amp; B" in ek.read_study(folder)._repr_html_()


def shuffled(folder):
    for path in folder.glob("*.csv"):
        header, *rows = path.read_text("utf-8").strip().split("\n")
        random.Random(7).shuffle(rows)
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")


def test_the_order_of_rows_does_not_matter(folder, smil):
    shuffled(folder)
    again = ek.read_study(folder)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(smil, name))


def test_csv_and_workbook_are_the_same(folder, smil, edit):
    for name in ("sessions", "headcounts", "margins"):
        rows = [
            line.split(";") for line in (folder / f"{name}.csv").read_text("utf-8").splitlines()
        ]
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
        book.save(folder / f"{name}.xlsx")
        (folder / f"{name}.csv").unlink()
        edit("study.toml", f"{name}.csv", f"{name}.xlsx")
    again = ek.read_study(folder)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(smil, name))


def test_a_table_may_stand_in_several_files(folder, smil, edit):
    lines = (folder / "headcounts.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "headcounts.csv").write_text("".join(lines[:8]), "utf-8")
    (folder / "more.csv").write_text(lines[0] + "".join(lines[8:]), "utf-8")
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[[files]]\npath = "more.csv"\nholds = "headcounts"\nlegal_basis = "anonymous"\n'
        )
    pd.testing.assert_frame_equal(ek.read_study(folder).headcounts, smil.headcounts)


BROKEN = [
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-03;child;sju;9",
        5,
        "present",
        "sju",
        "write it in digits",
    ),
    ("headcounts.csv", "oslo-03;child;8;9", "oslo-03;child;-1;9", 5, "present", "-1", "below 0"),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-03;child;8,5;9",
        5,
        "present",
        "8,5",
        "whole number",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-03;child;10;9",
        5,
        "present",
        "10",
        "only 9 expected",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-3;child;8;9",
        5,
        "session_id",
        "oslo-3",
        "did you mean 'oslo-03'",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "x;child;8;9",
        5,
        "session_id",
        "x",
        "add it to the table sessions",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-03;chidl;8;9",
        5,
        "role",
        "chidl",
        "did you mean 'child'",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-02;child;8;9",
        5,
        "session_id",
        "oslo-02",
        "headcounts.csv, row 4",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        ";child;8;9",
        5,
        "session_id",
        None,
        "the cell is blank",
    ),
    (
        "headcounts.csv",
        "oslo-03;child;8;9",
        "oslo-03;child;8",
        5,
        None,
        None,
        "the row has 3 cells",
    ),
    (
        "headcounts.csv",
        "session_id;role;present",
        "session_id;rolle;present",
        1,
        None,
        None,
        "no column 'role'",
    ),
    (
        "sessions.csv",
        "oslo-05;oslo-v09;5",
        "oslo-05;oslo-v9;5",
        6,
        "group_id",
        "oslo-v9",
        "did you mean 'oslo-v09'",
    ),
    (
        "sessions.csv",
        "oslo-05;oslo-v09;5",
        "oslo-05;oslo-v09;fem",
        6,
        "number",
        "fem",
        "whole number",
    ),
    ("sessions.csv", "Nettverk;children", "Nettverk;barn", 6, "kind", "barn", "known: children"),
    ("margins.csv", "gender;girl;6", "gender;jente;6", 2, "value", "jente", "known: girl"),
    ("margins.csv", "age_years;8;1", "age_years;åtte;1", 4, "value", "åtte", "whole years"),
    ("margins.csv", "gender;girl;6", "gender;girl;", 2, "count", None, "the cell is blank"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "value", "words"),
    BROKEN,
    ids=[f"{case[0]}-{case[2]}" for case in BROKEN],
)
def test_one_thing_broken(edit, errors_of, folder, name, old, new, row, column, value, words):
    edit(name, old, new)
    found = errors_of(folder)
    problem = next(p for p in found if words in p.problem.lower())
    assert (problem.file, problem.row, problem.column, problem.value) == (name, row, column, value)
    assert problem.severity == "error"


def test_all_errors_of_all_files_at_once(edit, folder):
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-3;child;sju;9")
    edit("sessions.csv", "oslo-05;oslo-v09;5", "oslo-05;oslo-v9;fem")
    edit("margins.csv", "gender;girl;6", "gender;jente;6")
    with pytest.raises(StudyError) as caught:
        ek.read_study(folder)
    errors = caught.value.problems.query("severity == 'error'")
    assert errors.groupby("file").size().to_dict() == {
        "headcounts.csv": 2,
        "margins.csv": 1,
        "sessions.csv": 2,
    }
    assert "has 5 errors:" in str(caught.value)
    assert 'headcounts.csv, row 5, column "present": ' in str(caught.value)


def test_a_long_list_of_errors_is_cut_in_the_message_only(make_study):
    rows = "\n".join(f"s{n};child;x;nine" for n in range(100))
    with pytest.raises(StudyError) as caught:
        ek.read_study(
            make_study(
                '[groups."a"]',
                sessions="session_id;group_id;number\ns;a;1\n",
                headcounts="session_id;role;present;expected\n" + rows,
            )
        )
    assert len(caught.value.problems) == 300
    assert "... and 270 more" in str(caught.value)


def test_a_truncated_workbook_and_undecodable_bytes(folder, errors_of, edit):
    data = (folder / "headcounts.csv").read_bytes()
    (folder / "headcounts.csv").write_bytes(data + b"oslo-12;parent;\x81;9\n")
    (folder / "margins.xlsx").write_bytes(b"PK\x03\x04 and no more")
    edit("study.toml", "margins.csv", "margins.xlsx")
    problems = {p.file: p for p in errors_of(folder) if p.severity == "error"}
    assert problems["headcounts.csv"].row == 18
    assert "damaged or cut short" in problems["margins.xlsx"].problem


def test_a_file_that_is_not_there_names_the_nearest(edit, folder, errors_of):
    edit("study.toml", "headcounts.csv", "headcount.csv")
    problem = next(p for p in errors_of(folder) if p.file == "headcount.csv")
    text = (folder / "study.toml").read_text("utf-8").split("\n")
    line = text.index('path = "headcount.csv"')  # one above, counted from 1: its [[files]]
    assert f"study.toml, line {line}," in problem.problem
    assert "Did you mean 'headcounts.csv'" in problem.problem


def test_unused_columns_and_unnamed_files_are_warnings(folder, edit):
    edit("headcounts.csv", "session_id;role;present;expected", "session_id;role;present;expcted")
    shutil.copy(folder / "margins.csv", folder / "old.csv")
    study = ek.read_study(folder)
    assert study.problems["file"].tolist() == ["headcounts.csv", "old.csv"]
    assert "Did you mean 'expected'" in study.problems["problem"].iloc[0]
    assert study.headcounts["expected"].isna().all()
    assert set(study.problems["severity"]) == {"warning"}
    assert "2 warnings" in repr(study)


def test_hidden_folders_are_not_looked_into(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "x.csv").write_text("a", "utf-8")
    assert ek.read_study(folder).problems.empty


def test_labels_of_a_column_that_is_not_there(folder, edit):
    edit("study.toml", "[labels.theme]", "[labels.themes]")
    (problem,) = ek.read_study(folder).problems.to_dict("records")
    assert "Did you mean 'theme'" in problem["problem"]


def test_the_same_row_in_two_sheets_is_told_with_both(folder, edit, errors_of):
    book = openpyxl.Workbook()
    for title in ("A", "B"):
        sheet = book.create_sheet(title)
        for row in (["group_id", "variable", "value", "count"], ["mo-v09", "gender", "girl", 2]):
            sheet.append(row)
    book.save(folder / "more.xlsx")
    entry = '[[files]]\npath = "more.xlsx"\nholds = "margins"\nlegal_basis = "anonymous"\nsheet = '
    edit("study.toml", "# What the values", f'{entry}"A"\n\n{entry}"B"\n\n# What the values')
    problem = next(p for p in errors_of(folder) if "stands already" in p.problem)
    assert problem.sheet == "B"
    assert 'more.xlsx, sheet "A", row 2' in problem.problem


def test_margins_that_do_not_add_up_are_a_warning(folder, edit):
    edit("margins.csv", "gender;girl;6", "gender;girl;5")
    (problem,) = ek.read_study(folder).problems.to_dict("records")
    assert "add up to 8, those of another variable to 9" in problem["problem"]


def test_blank_rows_are_excluded_with_their_reason(folder, edit):
    edit("headcounts.csv", "oslo-03;child;8;9", ";;;\noslo-03;child;8;9")
    study = ek.read_study(folder)
    columns = ["file", "row", "reason", "table"]
    assert study.excluded[columns].to_numpy().tolist() == [
        ["headcounts.csv", 5, "blank row", "headcounts"]
    ]
    assert study.excluded["sheet"].isna().all()
    assert "1 left out" in repr(study)


def test_columns_called_something_else(folder, smil, edit):
    edit("headcounts.csv", "session_id;role;present;expected", "Samling;Hvem;Kom;Ventet")
    entry = 'holds = "headcounts"\n'
    names = '{ session_id = "Samling", role = "Hvem", present = "Kom", expected = "Ventet" }'
    edit("study.toml", entry, f"{entry}columns = {names}\n")
    pd.testing.assert_frame_equal(ek.read_study(folder).headcounts, smil.headcounts)


def test_columns_that_are_named_wrongly(folder, errors_of, edit):
    entry = 'holds = "headcounts"\n'
    edit("study.toml", entry, entry + 'columns = { presnt = "present", role = "Rolle" }\n')
    messages = [p.problem for p in errors_of(folder) if p.file == "study.toml"]
    assert any("names 'presnt'. Did you mean 'present'" in message for message in messages)
    assert any("called 'Rolle'. Did you mean 'role'" in message for message in messages)


def test_one_group_for_a_whole_file(make_study):
    folder = make_study('[groups."a"]', sessions="session_id;number\ns1;1\n")
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text + '\ngroup = "a"\n', "utf-8")
    assert ek.read_study(folder).sessions["group_id"].tolist() == ["a"]
    (folder / "study.toml").write_text(text + '\ngroup = "b"\n', "utf-8")
    with pytest.raises(StudyError, match="not under \\[groups\\]"):
        ek.read_study(folder)


def test_dates_both_ways(make_study):
    rows = "s1;a;1;2009-02-23\ns2;a;2;02.03.2009\ns3;a;3;2009-03-09 14:15\ns4;a;4;\n"
    folder = make_study('[groups."a"]', sessions="session_id;group_id;number;held_on\n" + rows)
    held = ek.read_study(folder).sessions["held_on"].dt.strftime("%d.%m.%y").tolist()
    assert held[:3] == ["23.02.09", "02.03.09", "09.03.09"]
    assert pd.isna(held[3])


@pytest.mark.parametrize("day", ["31.02.2009", "2/3/2009", "snart"])
def test_dates_that_are_none(make_study, errors_of, day):
    text = f"session_id;group_id;number;held_on\ns1;a;1;{day}\n"
    (problem,) = errors_of(make_study('[groups."a"]', sessions=text))
    assert (problem.row, problem.column, problem.value) == (2, "held_on", day)


def test_participants_and_margins_of_one_group_are_an_error(make_study, errors_of):
    folder = make_study(
        '[groups."a"]',
        participants="person_id;group_id;role;age_years\np1;a;child;9\np2;a;child;9,5\n",
        margins="group_id;variable;value;count\na;gender;girl;2\n",
    )
    (problem,) = errors_of(folder)
    assert (problem.file, problem.row) == ("margins.csv", 2)
    assert "counted from them" in problem.problem


def test_sessions_with_one_number_are_a_warning(make_study):
    folder = make_study('[groups."a"]', sessions="session_id;group_id;number\ns1;a;1\ns2;a;1\n")
    (problem,) = ek.read_study(folder).problems.to_dict("records")
    assert "another session with number 1" in problem["problem"]


def test_errors_are_also_what_they_are_called():
    assert issubclass(ReadError, ek.EvalkitError)
    assert issubclass(StudyError, ek.EvalkitError)


def test_rows_that_could_not_be_read_bring_no_other_errors(folder, edit, errors_of):
    edit("sessions.csv", "oslo-05;oslo-v09;5", "oslo-05;;oslo-v09;5")
    (problem,) = errors_of(folder)
    assert (problem.file, problem.row) == ("sessions.csv", 6)


def test_a_file_that_is_not_there_brings_no_other_errors(folder, errors_of):
    (folder / "sessions.csv").unlink()
    (problem,) = errors_of(folder)
    assert problem.file == "sessions.csv"


def test_a_session_without_its_id_brings_no_other_errors(folder, edit, errors_of):
    edit("sessions.csv", "oslo-05;oslo-v09;5", ";oslo-v09;5")
    (problem,) = errors_of(folder)
    assert (problem.file, problem.row, problem.column) == ("sessions.csv", 6, "session_id")


def test_a_formula_never_computed_is_one_error(make_study, errors_of):
    folder = make_study('[groups."a"]', sessions="session_id;group_id;number\n")
    book = openpyxl.Workbook()
    for row in (["session_id", "group_id", "number"], ["s1", "a", "=1+1"]):
        book.active.append(row)
    book.save(folder / "sessions.xlsx")
    text = (folder / "study.toml").read_text("utf-8").replace("sessions.csv", "sessions.xlsx")
    (folder / "study.toml").write_text(text, "utf-8")
    (problem,) = [p for p in errors_of(folder) if p.severity == "error"]
    assert (problem.row, problem.column, problem.value) == (2, "number", "=1+1")


def test_headcounts_without_sessions_are_one_error(make_study, errors_of):
    text = "session_id;role;present;expected\ns1;child;7;9\ns2;child;7;9\n"
    (problem,) = errors_of(make_study(headcounts=text))
    assert "no file that holds sessions" in problem.problem


def with_entry(folder, name, more):
    path = folder / "study.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(f'path = "{name}"\n', f'path = "{name}"\n{more}\n'), "utf-8")


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("sessions.csv", 'group = "oslo-v09"', "the file has a column 'group_id' for it"),
        ("headcounts.csv", 'group = "oslo-v09"', "take their group from their sessions"),
        ("sessions.csv", 'columns = { leaders = "number" }', "has no column for number"),
        (
            "sessions.csv",
            'columns = { leaders = "kind", theme = "kind" }',
            "both leaders and theme",
        ),
        ("sessions.csv", 'columns = { numbr = "number" }', "Did you mean 'number'"),
    ],
)
def test_entries_of_files_that_do_not_fit(folder, errors_of, name, more, words):
    with_entry(folder, name, more)
    (problem,) = errors_of(folder)
    assert problem.file == "study.toml"
    assert words in problem.problem
    text = (folder / "study.toml").read_text("utf-8").split("\n")
    assert text[problem.row - 1] == "[[files]]"
    assert name in text[problem.row]


def test_a_file_named_twice_is_one_error(folder, errors_of, edit):
    edit("study.toml", "margins.csv", "./sessions.csv")
    edit("study.toml", 'holds = "margins"', 'holds = "sessions"')
    found = [p for p in errors_of(folder) if p.severity == "error" and p.file == "study.toml"]
    assert "named already in line" in found[0].problem


def test_a_dot_in_a_path_is_the_same_file(folder, smil, edit):
    edit("study.toml", '"margins.csv"', '"./margins.csv"')
    study = ek.read_study(folder)
    assert study.problems.empty
    pd.testing.assert_frame_equal(study.margins, smil.margins)


def test_errors_across_tables_name_the_column_as_the_file_does(folder, errors_of, edit):
    edit("sessions.csv", "session_id;group_id", "session_id;Gruppe")
    edit("sessions.csv", "oslo-05;oslo-v09", "oslo-05;OSLO-V09")
    with_entry(folder, "sessions.csv", 'columns = { group_id = "Gruppe" }')
    (problem,) = errors_of(folder)
    assert (problem.row, problem.column, problem.value) == (6, "Gruppe", "OSLO-V09")
    assert "Did you mean 'oslo-v09'" in problem.problem


def test_margins_written_another_way_are_the_same(folder, smil, edit):
    edit("margins.csv", "gender;girl", "Gender;Girl")
    edit("margins.csv", "age_years;9;2", "Age_years;09;2")
    pd.testing.assert_frame_equal(ek.read_study(folder).margins, smil.margins)
    edit("margins.csv", "age_years;10;1", "age_years;9;1")
    with pytest.raises(StudyError, match="stands already in"):
        ek.read_study(folder)


@pytest.mark.parametrize("value", ["today", "now", "2009-02-03T99:99x", "2009-13-01", "٣"])
def test_what_is_no_date_is_never_guessed(make_study, errors_of, value):
    text = f"session_id;group_id;number;held_on\ns1;a;1;{value}\n"
    (problem,) = errors_of(make_study('[groups."a"]', sessions=text))
    assert (problem.column, problem.value) == ("held_on", value)


def test_only_digits_are_counts(make_study, errors_of):
    text = "session_id;group_id;number;leaders\ns1;a;1;٣\n"
    (problem,) = errors_of(make_study('[groups."a"]', sessions=text))
    assert (problem.column, problem.value) == ("leaders", "٣")


def test_groups_that_readers_could_not_tell_apart(folder, errors_of, edit):
    edit("study.toml", "Mo i Rana, spring 2009", "Oslo, spring 2009")
    (problem,) = errors_of(folder)
    assert "have the same title, 'Oslo, spring 2009'" in problem.problem
    text = (folder / "study.toml").read_text("utf-8").split("\n")
    assert text[problem.row - 1] == '[groups."mo-v09"]'


def test_a_group_that_ends_before_it_starts(folder, errors_of, edit):
    edit("study.toml", "2009-05-25", "2009-01-25")
    (problem,) = errors_of(folder)
    assert "ends before it starts" in problem.problem
    assert problem.row is not None


@pytest.mark.parametrize("given", [None, 3, "a\0b"])
def test_what_is_no_path(given):
    with pytest.raises(ek.EvalkitError):
        ek.read_study(given)


def test_the_toml_file_itself_and_a_folder_that_is_not_there(folder, tmp_path):
    with pytest.raises(StudyError, match="is a file. Name the folder"):
        ek.read_study(folder / "study.toml")
    with pytest.raises(StudyError, match="there is no folder"):
        ek.read_study(tmp_path / "nowhere")


def test_letters_composed_on_a_mac_are_the_same(make_study):
    folder = make_study(
        '[groups."mo\u0308-a\u030a"]', sessions="session_id;group_id;number\ns1;mö-å;1\n"
    )
    assert ek.read_study(folder).sessions["group_id"].tolist() == ["mö-å"]


def test_a_file_whose_name_was_composed_on_a_mac(folder, smil, edit):
    (folder / "margins.csv").rename(folder / "pa\u030a.csv")
    edit("study.toml", "margins.csv", "på.csv")
    study = ek.read_study(folder)
    pd.testing.assert_frame_equal(study.margins, smil.margins)
    assert study.problems.empty


def test_many_unknown_ids_are_told_in_no_time(make_study, errors_of):
    sessions = "session_id;group_id;number\n" + "".join(f"s{n};a;{n}\n" for n in range(1, 3001))
    heads = "session_id;role;present;expected\n" + "".join(f"x{n};child;1;1\n" for n in range(3000))
    assert len(errors_of(make_study('[groups."a"]', sessions=sessions, headcounts=heads))) == 3000
