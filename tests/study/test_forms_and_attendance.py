"""Forms, attendance and consents of a study: what is read, what is refused, what is left out."""

from __future__ import annotations

import pandas as pd
import pytest

import evalkit as ek

SETTINGS = """
[groups.a]
starts_on = 2024-01-01
ends_on = 2024-03-31
[groups.b]
"""
PEOPLE = """person_id;group_id;role;age_years;enrolled_on;ended_on
B1;a;child;9;2024-01-09;
B2;a;child;10;2024-01-16;
B3;a;child;13;2024-01-09;2024-01-16
P1;a;parent;;;
B4;b;child;8;;
"""
SESSIONS = """session_id;group_id;number;held_on
a-1;a;1;2024-01-09
a-2;a;2;2024-01-16
a-3;a;3;2024-01-23
b-1;b;1;
"""
ATTENDANCE = """person_id;session_id;status
B1;a-1;present
B1;a-2;absent
B1;a-3;present
B2;a-2;present
B2;a-3;unknown
B3;a-1;present
B3;a-2;excused
B4;b-1;present
"""
CORS = """about_id;occasion;answered_on;individual;family;school;overall
B1;1;2024-01-09;7,1;8;6,5;7
B1;Samling 3;2024-01-23;8,1;8;7,5;7
B2;2;2024-01-16;5,0;;6,5;7
"""
INFORMANT = 'informant = "self"'


@pytest.fixture
def make(make_study):
    """Return a function that writes the study above, some tables replaced, keys of CORS added."""

    def write(settings="", cors_keys=INFORMANT, **tables):
        texts = {
            "participants": PEOPLE,
            "sessions": SESSIONS,
            "attendance": ATTENDANCE,
            "CORS": CORS,
            **tables,
        }
        texts = {name: text for name, text in texts.items() if text is not None}
        folder = make_study(settings + SETTINGS, **texts)
        toml = folder / "study.toml"
        text = toml.read_text("utf-8").replace('holds = "CORS"', f'holds = "CORS"\n{cors_keys}')
        toml.write_text(text, "utf-8")
        return folder

    return write


@pytest.fixture
def refuse(make, errors_of):
    """Return a function that gives the one error of a study."""

    def one(*args, **kwargs):
        (problem,) = (p for p in errors_of(make(*args, **kwargs)) if p.severity == "error")
        return problem

    return one


def warnings_of(study):
    return study.problems["problem"].tolist()


# Forms


def test_forms_are_completed_from_participants(make):
    forms = ek.read_study(make()).forms["CORS"]
    assert forms["about_id"].tolist() == ["B1", "B1", "B2"]
    assert forms["respondent_id"].tolist() == ["B1", "B1", "B2"]
    assert forms["group_id"].tolist() == ["a"] * 3
    assert forms["age_years"].tolist() == [9, 9, 10]
    assert forms["occasion"].tolist() == [1, 3, 2]
    assert forms["individual"].tolist() == [7.1, 8.1, 5.0]
    assert forms["family"].isna().tolist() == [False, False, True]
    assert forms["form_id"].tolist() == ["CORS-1", "CORS-2", "CORS-3"]
    assert list(forms.columns[:8]) == [
        *("form_id", "about_id", "respondent_id", "informant", "group_id"),
        *("occasion", "answered_on", "age_years"),
    ]


def test_the_order_of_forms_in_the_file_does_not_matter(make):
    header, *rows = CORS.splitlines()
    first = ek.read_study(make()).forms["CORS"]
    again = ek.read_study(make(CORS="\n".join([header, *reversed(rows)]) + "\n")).forms["CORS"]
    pd.testing.assert_frame_equal(first, again)


def test_items_and_values_by_other_names(make):
    text = CORS.replace("individual", "Meg selv").replace("occasion", "Hvem;occasion")
    text = text.replace("B1;", "B1;Barnet;").replace("B2;", "B2;BARNET;")
    keys = """columns = { informant = "Hvem" }
items = { individual = "Meg selv" }
values = { informant = { barnet = "self" } }"""
    study = ek.read_study(make(cors_keys=keys, CORS=text))
    assert study.forms["CORS"]["informant"].tolist() == ["self"] * 3
    assert study.forms["CORS"]["individual"].tolist() == [7.1, 8.1, 5.0]


def test_choices_by_code_and_by_label_and_open_answers(make):
    degree = ek.load_instrument("SMIL_PROFESSIONALS").item("competence_useful").answers
    items = [i for i in ek.load_instrument("SMIL_PROFESSIONALS").items if i.kind == "choice"]
    header = ";".join(["informant", *(i.id for i in items), "missed"])
    row = ";".join(["professional", *["5"] * (len(items) - 1), degree[4]["nb"].upper(), "Mer tid"])
    study = ek.read_study(make(SMIL_PROFESSIONALS=f"{header}\n{row}\n"))
    forms = study.forms["SMIL_PROFESSIONALS"]
    assert forms[[i.id for i in items]].iloc[0].tolist() == [5] * (len(items) - 1) + [4]
    assert "missed" not in forms
    assert study.comments[["question", "text", "role"]].to_numpy().tolist() == [
        ["missed", "Mer tid", "professional"]
    ]


def test_an_answer_of_73_on_a_10_cm_line(refuse):
    problem = refuse(CORS=CORS.replace("B1;1;2024-01-09;7,1", "B1;1;2024-01-09;73"))
    assert (problem.file, problem.row, problem.column) == ("CORS.csv", 2, "individual")
    assert "73" in problem.problem
    assert "millimet" in problem.problem


@pytest.mark.parametrize(
    ("old", "new", "column", "says"),
    [
        ("7,1", "sju", "individual", "'sju' is not a number"),
        ("7,1", "7,123", "individual", "step"),
        ("7,1", "-1", "individual", "0"),
        ("Samling 3", "tre", "occasion", "'tre' holds no single number"),
        ("B1;1;", "B7;1;", "about_id", "'B7' is not in the table participants"),
        ("2024-01-23", "2024-13-01", "answered_on", "not a date"),
    ],
)
def test_cells_of_forms_that_are_refused(refuse, old, new, column, says):
    problem = refuse(CORS=CORS.replace(old, new, 1))
    assert problem.file == "CORS.csv"
    assert problem.column == column
    assert problem.row in {2, 3}
    assert says in problem.problem


def test_an_unknown_person_is_named_with_the_nearest(refuse):
    people = PEOPLE.replace("B1;a", "Barn-01;a")
    attendance = ATTENDANCE.replace("B1;", "Barn-01;")
    cors = CORS.replace("B1;1", "Barn-O1;1").replace("B1;S", "Barn-01;S")
    problem = refuse(participants=people, attendance=attendance, CORS=cors)
    assert "Did you mean 'Barn-01'?" in problem.problem


def test_the_same_form_twice(refuse):
    problem = refuse(CORS=CORS + "B1;1;2024-01-10;7;8;6;7\n")
    assert (problem.row, problem.column) == (5, "about_id")
    assert "'B1' has filled in CORS for occasion 1 already in row 2" in problem.problem
    assert "leave_out" in problem.problem


def test_mother_and_father_are_two_respondents(make):
    people = PEOPLE + "P2;a;parent;;;\n"
    cors = """about_id;respondent_id;informant;occasion;individual;family;school;overall
B1;P1;mother;1;7;8;6;7
B1;P2;father;1;7;8;6;7
B1;B1;self;1;7;8;6;7
"""
    assert len(ek.read_study(make(cors_keys="", participants=people, CORS=cors)).forms["CORS"]) == 3


def test_a_lacking_item_is_refused_with_the_way_out(refuse):
    problem = refuse(CORS=CORS.replace("family", "Familien"))
    assert "no column for the item 'family'" in problem.problem
    assert "items = { family = '…' }" in problem.problem


def test_left_out_rows_are_noted_with_their_reason(make):
    keys = (
        INFORMANT
        + """
leave_out = [
  { where = { about_id = "TEST" }, because = "test answer" },
  { row = 5, because = "typed in twice" },
]"""
    )
    study = ek.read_study(make(cors_keys=keys, CORS=CORS + "B1;1;;7;8;6;7\nTEST;1;;1;1;1;1\n"))
    assert len(study.forms["CORS"]) == 3
    assert study.excluded[["row", "reason", "table"]].to_numpy().tolist() == [
        [5, "typed in twice", "CORS"],
        [6, "test answer", "CORS"],
    ]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('{ row = 99, because = "x" }', "fits no row (row 99)"),
        ('{ where = { Navn = "x" }, because = "x" }', "names a column 'Navn'"),
        ('{ because = "x" }', "must say either which row, or where"),
    ],
)
def test_rules_that_leave_out_nothing_are_refused(refuse, rule, says):
    assert says in refuse(cors_keys=f"{INFORMANT}\nleave_out = [{rule}]").problem


def test_odd_but_no_error(make):
    cors = CORS + "B3;9;2024-05-01;7;8;6;7\n"
    told = " ".join(warnings_of(ek.read_study(make(CORS=cors))))
    assert "'B3' is 13 years old, but CORS is made for ages 6–12" in told
    assert "the group 'a' has no session 9" in told
    assert "2024-05-01 lies outside the period of the group 'a'" in told


def test_a_lost_bundle_of_forms_is_told(make):
    rows = [f"B{n};{o};;7;8;6;7" for n in (1, 2, 3) for o in (1, 3)]
    cors = "about_id;occasion;answered_on;individual;family;school;overall\n" + "\n".join(rows)
    told = warnings_of(ek.read_study(make(CORS=cors + "\n")))
    assert sum("go from occasion 1 to 3" in text for text in told) == 1


def test_a_person_in_two_groups_must_say_which(make, errors_of):
    found = errors_of(make(participants=PEOPLE + "B1;b;child;9;;\n"))
    errors = [problem for problem in found if problem.severity == "error"]
    assert [problem.row for problem in errors] == [2, 3]
    assert all("'B1' is in several groups" in problem.problem for problem in errors)


def test_a_form_that_is_not_known(errors_of, make_study):
    (problem,) = errors_of(make_study(SETTINGS, CROS=CORS))
    assert "'holds' of [[files]] 'CROS.csv' is 'CROS'. Did you mean 'CORS'?" in problem.problem


# Attendance and dates


def test_attendance_has_what_one_may_group_by(make):
    table = ek.read_study(make()).attendance
    assert list(table.columns) == [
        *("person_id", "session_id", "status", "group_id", "site", "number", "held_on", "kind"),
        *("theme", "role", "gender", "age_years", "referral_source", "enrolled_on", "ended_on"),
        "ended_how",
    ]
    assert table["session_id"].tolist() == ["a-1", "a-1", "a-2", "a-2", "a-2", "a-3", "a-3", "b-1"]
    assert table["status"].cat.categories.tolist() == ["present", "absent", "excused", "unknown"]


def test_an_absence_before_the_start_is_left_out_and_counted(make):
    study = ek.read_study(make(attendance=ATTENDANCE + "B2;a-1;absent\nB3;a-3;absent\n"))
    assert len(study.attendance) == 8
    assert study.excluded["reason"].tolist() == [
        "the session was before the person started",
        "the session was after the person ended",
    ]


def test_presence_outside_the_stay_is_refused(refuse):
    problem = refuse(attendance=ATTENDANCE + "B2;a-1;present\n")
    assert (problem.row, problem.column) == (10, "status")
    assert "'B2' was present on 2024-01-09, but the session was before the person started" in (
        problem.problem
    )


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("B9;a-1;present", "person_id", "'B9' is not in the table participants"),
        ("B1;a-9;present", "session_id", "'a-9' is not in the table sessions"),
        ("B4;a-1;present", "person_id", "but not in the group 'a' of this session"),
        ("B1;a-1;absent", "person_id", "stands already in attendance.csv, row 2"),
        ("B2;a-1;kanskje", "status", "'kanskje' is not known here"),
    ],
)
def test_attendance_that_is_refused(refuse, row, column, says):
    problem = refuse(attendance=ATTENDANCE + row + "\n")
    assert (problem.row, problem.column) == (10, column)
    assert says in problem.problem


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("sessions", "2024-01-16", "2024-01-02", "before an earlier session, 2024-01-09"),
        ("sessions", "2024-01-23", "2024-05-01", "outside the period of the group 'a'"),
        ("participants", "2024-01-09;2024-01-16", "2024-01-20;2024-01-16", "ended on 2024-01-16"),
    ],
)
def test_dates_out_of_order(make, errors_of, table, old, new, says):
    text = {"sessions": SESSIONS, "participants": PEOPLE}[table]
    found = errors_of(make(**{table: text.replace(old, new)}))
    assert any(says in problem.problem and problem.file == f"{table}.csv" for problem in found)


# Consent


CONSENTS = """person_id;scope;status;dated
B1;forms;given;2024-01-01
B2;forms;withdrawn;2024-02-01
B2;interview;given;2024-01-01
"""


def on_consent(folder):
    toml = folder / "study.toml"
    text = toml.read_text("utf-8")
    start = text.index('path = "CORS.csv"')
    mine = text[start:].replace('legal_basis = "anonymous"', 'legal_basis = "consent"', 1)
    toml.write_text(text[:start] + mine, "utf-8")
    return folder


def test_forms_without_consent_are_left_out_and_counted(make):
    study = ek.read_study(on_consent(make(consents=CONSENTS, CORS=CORS + "B3;1;;7;7;7;7\n")))
    assert study.forms["CORS"]["about_id"].tolist() == ["B1", "B1"]
    assert study.excluded[["row", "reason"]].to_numpy().tolist() == [
        [4, "consent for forms withdrawn"],
        [5, "no consent for forms"],
    ]


def test_forms_that_rest_on_consent_need_a_table_of_consents(make, errors_of):
    (problem,) = errors_of(on_consent(make()))
    assert "CORS rests on consent, but no file holds consents" in problem.problem


def test_nobody_is_expected_to_hand_in_what_was_not_consented_to(make):
    expected = '[expected]\nCORS = "each session attended"\n'
    study = ek.read_study(on_consent(make(expected, consents=CONSENTS)))
    assert study.expected["person_id"].tolist() == ["B1", "B1"]


# What was expected


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ('"each session attended"', [("B1", 1), ("B1", 3), ("B2", 2), ("B4", 1)]),
        (
            '"each session held"',
            [("B1", 1), ("B1", 2), ("B1", 3), ("B2", 2), ("B2", 3), ("B4", 1)],
        ),
        ("[1, 3]", [("B1", 1), ("B1", 3), ("B2", 3), ("B4", 1)]),
        ('"each parent"', [("P1", None)]),
        ("2", [(None, None), (None, None)]),
    ],
)
def test_expected_forms(make, rule, rows):
    """B3 is 13 and has answered no CORS, so none is expected."""
    expected = ek.read_study(make(f"[expected]\nCORS = {rule}\n")).expected
    got = expected[["person_id", "occasion"]].astype(object).where(expected.notna(), None)
    assert sorted(map(tuple, got.to_numpy().tolist()), key=str) == sorted(rows, key=str)


def test_expected_by_informant(make):
    rule = '[expected]\nCORS = { self = "each session attended", caretaker = [1] }\n'
    expected = ek.read_study(make(rule)).expected
    counts = expected["informant"].value_counts().to_dict()
    assert counts == {"self": 4, "caretaker": 2}


# Thresholds and own forms


def test_a_stated_profile_and_one_of_the_studys_own(make):
    settings = """
[thresholds]
CORS = "ours"
ORS = "pcoms_6"
[thresholds.ours]
instrument = "CORS"
sd = 6.8
reliability = 0.84
source = "our own sample"
"""
    profiles = ek.read_study(make(settings)).profiles
    assert profiles["ORS"].threshold == 6
    assert profiles["CORS"].threshold == pytest.approx(1.959963985 * 6.8 * (2 * 0.16) ** 0.5)
    assert profiles["CORS"].evidence.evidence == "stated"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('[thresholds]\nCORS = "pcoms_7"', "no threshold profile 'pcoms_7'"),
        ('[thresholds]\nCROS = "pcoms_5"', "'thresholds.CROS' names no form"),
        ('[expected]\nCORS = "each sesion attended"', "but should be one of"),
        ('[expected]\nCROS = "each parent"', "'expected.CROS' names no form"),
        (
            '[thresholds]\nCORS = "own"\n[thresholds.own]\ninstrument = "CORS"\nsource = "x"\nsd = 3',
            "either threshold, or sd and reliability",
        ),
    ],
)
def test_settings_of_forms_that_are_refused(make, errors_of, settings, says):
    assert any(says in problem.problem for problem in errors_of(make(settings + "\n")))


@pytest.mark.parametrize(
    "key", ['empty = "absent"', 'marks = { present = ["x"] }', 'layout = "register"']
)
def test_keys_that_mean_nothing_for_a_file(refuse, key):
    assert "means nothing here" in refuse(cors_keys=f"{INFORMANT}\n{key}").problem


def test_the_study_prints_its_forms(make):
    text = repr(ek.read_study(make()))
    assert "attendance" in text
    assert "CORS" in text


def test_empty_cells_are_told_only_of_people_who_were_in_the_group(make_study):
    """B2 starts at the second session and B3 ends there: their other cells say nothing."""
    register = (
        "Kode;Samling 1;Samling 2;Samling 3;Kommentar\nB1;x;-;{b1};\nB2;;x;x;kom sent\nB3;x;x;;\n"
    )
    study = SETTINGS.replace("[groups.b]", "")
    people = "\n".join(PEOPLE.splitlines()[:4]) + "\n"
    for b1, told in (("x", 0), ("", 1)):
        folder = make_study(
            study, participants=people, sessions="\n".join(SESSIONS.splitlines()[:4])
        )
        (folder / "register.csv").write_text(register.format(b1=b1), "utf-8")
        entry = (
            '\n[[files]]\npath = "register.csv"\nholds = "attendance"\nlayout = "register"\n'
            'group = "a"\nlegal_basis = "anonymous"\n'
        )
        toml = folder / "study.toml"
        toml.write_text(toml.read_text("utf-8") + entry, "utf-8")
        read = ek.read_study(folder)
        assert sum("read as unknown" in text for text in warnings_of(read)) == told
        unread = read.problems[read.problems["column"] == "Kommentar"]
        assert unread["problem"].str.contains("was not read").tolist() == [True]
        assert len(read.attendance) == 7
