"""A study folder: whole when it is right, every error at once when it is not."""

from __future__ import annotations

import random
import shutil

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ReadError, StudyError
from evalkit.study.model import TABLE_NAMES

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
    for name in TABLE_NAMES:
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
    for name in TABLE_NAMES:
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
    rows = "\n".join(f"s{n};child;x;9" for n in range(100))
    with pytest.raises(StudyError) as caught:
        ek.read_study(make_study(headcounts="session_id;role;present;expected\n" + rows))
    assert len(caught.value.problems) == 200
    assert "... and 170 more" in str(caught.value)


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
