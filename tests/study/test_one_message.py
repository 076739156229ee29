"""One mistake, one message: each study below is broken in one place, and told of it once."""

from __future__ import annotations

import unicodedata

import openpyxl
import pytest

import evalkit as ek

PEOPLE = "person_id,group_id,role,age_years,enrolled_on,ended_on\n"
PEOPLE += "B1,a,child,9,2024-01-09,\nB2,a,child,10,2024-01-09,\nP1,a,parent,,,\n"
SESSIONS = "session_id,group_id,number,held_on\n"
SESSIONS += "a-1,a,1,2024-01-09\na-2,a,2,2024-01-16\na-3,a,3,2024-01-23\n"
CORS = "Kode,occasion,answered_on,individual,family,school,overall\n"
CORS += "B1,1,2024-01-09,7.1,8,6.5,7\nB1,3,2024-01-23,8.1,8,7.5,7\nB2,1,2024-01-09,5,6,6.5,7\n"
CONSENTS = "person_id,scope,status\nB1,forms,given\nB2,forms,given\n"
REGISTER = [
    ["Oppmøte"],
    ["Navn", "Samling 1", "Samling 2", "Samling 3", "Sum"],
    ["B1", "x", "x", "-", 2],
    ["B2", "x", "-", "x", 2],
]
TOML = """title = "Made up"
[groups.a]
starts_on = 2024-01-01
ends_on = 2024-03-31
[[files]]
path = "people.csv"
holds = "participants"
legal_basis = "quality_assurance"
[files.values]
role = { barn = "child", forelder = "parent" }
[[files]]
path = "sessions.csv"
holds = "sessions"
legal_basis = "quality_assurance"
[[files]]
path = "consents.csv"
holds = "consents"
legal_basis = "quality_assurance"
[[files]]
path = "CORS.csv"
holds = "CORS"
legal_basis = "consent"
informant = "self"
columns = { about_id = "Kode" }
[[files]]
path = "register.xlsx"
holds = "attendance"
legal_basis = "quality_assurance"
layout = "register"
group = "a"
"""


@pytest.fixture
def make(tmp_path):
    """Return a function that writes the study above, some of its files replaced or left away."""

    def write(toml=TOML, register=REGISTER, sheet="Våren", **files):
        texts = {"people": PEOPLE, "sessions": SESSIONS, "consents": CONSENTS, "CORS": CORS}
        for name, text in {**texts, **files}.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in register:
            book.active.append(row)
        book.save(tmp_path / "register.xlsx")
        (tmp_path / "study.toml").write_text(toml, "utf-8")
        return tmp_path

    return write


@pytest.fixture
def the_error(make, errors_of):
    """Return a function that gives the one error of such a study."""

    def one(**broken):
        (problem,) = (p for p in errors_of(make(**broken)) if p.severity == "error")
        return problem

    return one


def with_cell(row, column, value):
    return [
        [value if (i, j) == (row, column) else cell for j, cell in enumerate(cells)]
        for i, cells in enumerate(REGISTER)
    ]


def test_the_study_itself_has_no_error(make):
    study = ek.read_study(make())
    assert (len(study.attendance), len(study.forms["CORS"])) == (6, 3)


def test_a_stranger_in_a_register_stands_in_the_column_of_persons(the_error):
    problem = the_error(register=with_cell(2, 0, "B7"))
    assert (problem.row, problem.column, problem.value) == (3, "Navn", "B7")


def test_a_person_twice_in_a_register(the_error):
    problem = the_error(register=with_cell(3, 0, "B1"))
    assert (problem.row, problem.column) == (4, "Navn")
    assert "stands in row 3 already" in problem.problem


def test_a_person_in_two_registers_of_a_group_is_told_once(make, errors_of):
    again = TOML[TOML.rindex("[[files]]") :].replace("register.xlsx", "again.xlsx")
    folder = make(toml=TOML + again)
    book = openpyxl.load_workbook(folder / "register.xlsx")
    book.active.delete_rows(4)
    book.save(folder / "again.xlsx")
    (problem,) = (p for p in errors_of(folder) if p.severity == "error")
    assert (problem.file, problem.row, problem.column) == ("again.xlsx", 3, "Navn")
    assert "stands already in register.xlsx" in problem.problem


def test_an_unknown_person_is_told_once_in_a_file_and_counted(the_error):
    problem = the_error(CORS=CORS.replace("B1", "B7"))
    assert problem.row == 2
    assert "'B7' is not in the table participants (and so in 1 more row)" in problem.problem


def test_an_unknown_group_of_a_person(the_error):
    problem = the_error(people=PEOPLE.replace("B1,a", "B1,aa"))
    assert "the group 'aa' is not in study.toml" in problem.problem


def test_an_unknown_group_of_a_register(the_error):
    problem = the_error(toml=TOML.replace('group = "a"', 'group = "b"'))
    assert "'group' of 'register.xlsx' is 'b', not under [groups]" in problem.problem


def test_a_group_without_sessions(the_error):
    toml = TOML.replace("[[files]]", "[groups.b]\n[[files]]", 1).replace('p = "a"', 'p = "b"')
    problem = the_error(toml=toml, people=PEOPLE.replace(",a,", ",b,"))
    assert "has no sessions of the group 'b'" in problem.problem


def test_a_lacking_file_of_sessions(the_error):
    assert the_error(sessions=None).file == "sessions.csv"


def test_a_column_that_is_called_something_else_now(the_error):
    problem = the_error(CORS=CORS.replace("Kode", "Kodenr"))
    assert "says that about_id is called 'Kode'. Did you mean 'Kodenr'?" in problem.problem


def test_a_lacking_item(the_error):
    assert "no column for the item 'school'" in the_error(CORS=CORS.replace("school", "s")).problem


def test_an_end_before_the_start(the_error):
    problem = the_error(
        people=PEOPLE.replace("B1,a,child,9,2024-01-09,", "B1,a,child,9,2024-01-09,2023-01-09")
    )
    assert (problem.file, problem.row) == ("people.csv", 2)


def test_a_session_outside_the_period(the_error):
    problem = the_error(
        sessions=SESSIONS.replace("2024-01-23", "2025-01-23"),
        people=PEOPLE.replace("2024-01-09,\nB2", "2024-01-09,2024-03-01\nB2"),
    )
    assert (problem.file, problem.row) == ("sessions.csv", 4)


def test_presence_after_the_end_is_told_once_for_a_person(the_error):
    problem = the_error(people=PEOPLE.replace("2024-01-09,\nP1", "2024-01-09,2024-01-08\nP1"))
    assert "before starting" in problem.problem
    problem = the_error(people=PEOPLE.replace("2024-01-09,\nP1", "2024-01-01,2024-01-08\nP1"))
    assert (problem.row, problem.column) == (4, "Samling 1")
    assert "; so at 1 more session. Mend" in problem.problem


def test_an_occasion_that_is_no_session_is_no_lost_bundle(make):
    cors = CORS + "".join(f"B{n},1,2024-01-09,5,6,6.5,7\n" for n in (3, 4, 5))
    people = PEOPLE + "".join(f"B{n},a,child,9,,\n" for n in (3, 4, 5))
    consents = CONSENTS + "".join(f"B{n},forms,given\n" for n in (3, 4, 5))
    cors = cors.replace("B1,3,", "B1,112,")
    study = ek.read_study(make(CORS=cors, people=people, consents=consents))
    assert study.problems["problem"].tolist() == [
        "the group 'a' has no session 112. Is the number right?"
    ]


def test_who_does_not_fill_in_a_form_is_told_once(make):
    study = ek.read_study(make(toml=TOML.replace('"self"', '"teacher"')))
    assert study.problems["problem"].str.contains("not filled in by 'teacher'").sum() == 1


def test_the_words_of_the_file_are_known_too(the_error):
    problem = the_error(people=PEOPLE.replace("B1,a,child", "B1,a,bran"))
    assert "Did you mean 'barn'? Known: barn, forelder, child" in problem.problem


def test_leading_zeros_lost_in_excel(the_error):
    texts = {"people": PEOPLE, "consents": CONSENTS, "CORS": CORS}
    texts = {name: text.replace("B1,", "007,") for name, text in texts.items()}
    problem = the_error(register=with_cell(2, 0, 7), **texts)
    assert "the person '7' is not in the table participants. Did you mean '007'?" in problem.problem


def test_a_sheet_named_on_a_mac(make):
    toml = TOML + 'sheet = "Våren"\n'
    study = ek.read_study(make(toml=toml, sheet=unicodedata.normalize("NFD", "Våren")))
    assert len(study.attendance) == 6


def test_other_columns_of_a_register(make, the_error):
    register = [
        [row[0], bilder, *row[1:]]
        for row, bilder in zip(REGISTER, (None, "Bilder", "x", "x"), strict=False)
        if len(row) > 1
    ]
    assert "name it under 'others' of this file" in the_error(register=register).problem
    study = ek.read_study(make(register=register, toml=TOML + 'others = ["Bilder"]\n'))
    assert len(study.attendance) == 6


def test_registers_that_name_the_sessions_of_a_group_in_two_ways(make, errors_of):
    toml = TOML.replace(
        '[[files]]\npath = "sessions.csv"\nholds = "sessions"\nlegal_basis = "quality_assurance"\n',
        "",
    )
    again = toml[toml.rindex("[[files]]") :].replace("register.xlsx", "again.xlsx")
    folder = make(toml=toml + again, people=PEOPLE, sessions=None)
    book = openpyxl.Workbook()
    for row in (["Navn", "2024-01-09", "2024-01-16"], ["P1", "x", "-"]):
        book.active.append(row)
    book.save(folder / "again.xlsx")
    problem = errors_of(folder)[0]
    assert "no file holds sessions, and the register of 'a' read before" in problem.problem


def test_a_person_in_two_groups_has_a_first_session_in_each(make, errors_of):
    toml = TOML.replace("[[files]]", "[groups.b]\n[[files]]", 1)
    people = PEOPLE + "B1,b,child,9,,\n"
    cors = CORS.replace("Kode", "group_id,Kode").replace("\nB", "\na,B")
    study = ek.read_study(make(toml=toml, people=people, CORS=cors + "b,B1,1,2024-05-01,7,8,6,7\n"))
    assert study.forms["CORS"].query("about_id == 'B1'")["group_id"].tolist() == ["a", "a", "b"]
    folder = make(toml=toml, people=people, CORS=cors + "b,B1,1,2024-01-09,7,8,6,7\n")
    assert "already in row 2" in errors_of(folder)[0].problem


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        ('[thresholds]\nCORS = "pcoms5"', 3, "has no threshold profile 'pcoms5'"),
        ("[expected]\nCOORS = 12", 3, "'expected.COORS' names no form. Did you mean 'CORS'?"),
        (
            '[thresholds.own]\ninstrument = "COORS"\nsource = "x"\nthreshold = 5',
            2,
            "'thresholds.own' is of 'COORS'",
        ),
    ],
)
def test_entries_of_forms_are_placed_in_their_line(the_error, table, line, says):
    problem = the_error(toml=TOML.replace("[groups.a]", f"{table}\n[groups.a]"))
    assert (problem.file, problem.row) == ("study.toml", line)
    assert says in problem.problem


def test_a_codebook_that_is_not_there(the_error):
    problem = the_error(
        toml=TOML.replace('informant = "self"', 'informant = "self"\ncodebook = "raw/CORS.sps"')
    )
    assert problem.file == "raw/CORS.sps"
    assert "the file is named in study.toml, line 19, but is not there" in problem.problem


def test_a_rule_that_leaves_out_nothing_names_the_nearest_value(the_error):
    rule = 'leave_out = [{ where = { Kode = "B11" }, because = "test" }]'
    problem = the_error(toml=TOML.replace('informant = "self"', f'informant = "self"\n{rule}'))
    assert "fits no row (Kode = 'B11'; nearest is 'B1')" in problem.problem


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("B1,3,2024-01-23", "B1,,2024-01-23", "occasion"),
        ("B1,1,2024-01-09,7.1,8,6.5,7\nB1,3,", "B1,,,7.1,8,6.5,7\nB1,,", "answered_on"),
    ],
)
def test_forms_that_nothing_puts_in_order(the_error, old, new, column):
    problem = the_error(CORS=CORS.replace(old, new))
    assert problem.column == column
    assert "are put in order by their occasion or date, but this one has none" in problem.problem


def test_a_form_that_is_no_name():
    with pytest.raises(ek.errors.ArgumentError, match="name must be that of a form or a path"):
        ek.load_instrument(None)
