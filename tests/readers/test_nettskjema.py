"""Reports of Nettskjema: an invented form in its layout, and real ones where they are at hand."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.readers.nettskjema import questions_and_parts

ROOT = Path(__file__).parent.parent.parent
REAL = "data-123823-2025-08-19-2249"

HEADER = ["$submission_id", "$created", "nytte", "tilbud.smil", "tilbud.bup", "enig.samarbeid"]
HEADER += ["enig.nytte", "kommentar", "vedlegg", "klokken", "alder", "$answer_time_ms"]
ROWS = [
    [
        "101",
        "2024-05-02T10:00:00+02:00",
        "5",
        "1",
        "0",
        "2",
        "3",
        "Takk; fint",
        "a.pdf",
        "12:00",
        "41.0",
        "7000",
    ],
    ["102", "2024-05-03T23:59:59+02:00", "-1", "0", "0", "1", "1", "", "", "", "", "3000"],
    ["103", "2024-05-04T08:00:00+02:00", "", "0", "0", "", "", "", "", "", "", "900"],
]
SYNTAX = """* Encoding: UTF-8.

*nytte.
VARIABLE LABELS nytte 'Hvor nyttig var det?'.
VALUE LABELS nytte
  5 'Svært nyttig'
  '-1' 'Vet ikke'.

VARIABLE LABELS tilbud.smil 'Hva kjenner du? SMIL-kurs'.
VALUE LABELS tilbud.smil
  1 'Ja'
  0 'Nei'.
VARIABLE LABELS tilbud.bup 'Hva kjenner du? SMIL i BUP'.
VALUE LABELS tilbud.bup
  1 'Ja'
  0 'Nei'.
VARIABLE LABELS enig.samarbeid 'Samarbeidet ble bedre'.
VALUE LABELS enig.samarbeid
  1 'Uenig'
  2 'Enig'
  3 'Helt enig'.
VARIABLE LABELS enig.nytte 'Kurset var nyttig'.
VALUE LABELS enig.nytte
  1 'Uenig'
  2 'Enig'
  3 'Helt enig'.

EXECUTE."""


@pytest.fixture
def report(tmp_path):
    """Return a function that writes the invented report: header, rows, perhaps its syntax."""

    def write(rows=ROWS, header=HEADER, syntax=None, name="data-1-2024-05-05-1200.txt"):
        path = tmp_path / name
        lines = [";".join(f'"{cell}"' for cell in row) for row in [header, *rows]]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        if syntax is not None:
            path.with_suffix(".sps").write_text(syntax, "utf-8")
        return path

    return write


@pytest.fixture
def real():
    """Return the path of the real reports, without their ending; skip where they are not."""
    for root in (ROOT.parent, ROOT.parent.parent):
        path = root / "shared" / "samples" / "nettskjema" / REAL
        if path.with_suffix(".txt").is_file():
            return path
    pytest.skip("the real reports are not at hand")


def kinds(export):
    return dict(zip(export.questions["variable"], export.questions["kind"], strict=True))


def test_it_is_known_by_its_columns_not_its_name(report):
    assert ek.read_export(report()).platform == "nettskjema"
    assert ek.read_export(report(), platform="plain").platform == "plain"
    assert (
        ek.read_export(report(header=["id", *HEADER[1:-1], "t"], name="b.txt")).platform
        == "nettskjema"
    )
    assert ek.read_export(report([["1", "2"]], ["a", "b"], name="c.txt")).platform == "plain"


def test_answers_keep_their_codes_and_local_time(report):
    answers = ek.read_export(report(syntax=SYNTAX)).answers
    assert answers["nytte"].tolist() == [5, -1]
    assert answers["$created"].tolist() == [
        pd.Timestamp("2024-05-02 10:00:00"),
        pd.Timestamp("2024-05-03 23:59:59"),
    ]
    assert answers["kommentar"].tolist()[0] == "Takk; fint"
    assert answers["kommentar"].isna().tolist() == [False, True]
    assert answers["alder"].tolist() == [41, pd.NA]
    assert answers["alder"].dtype == "Int64"
    assert list(answers) == HEADER


def test_an_answer_to_nothing_is_left_out_with_its_reason(report):
    export = ek.read_export(report())
    assert export.answers.index.tolist() == [2, 3]
    assert export.text.index.tolist() == [2, 3]
    assert export.excluded[["row", "reason"]].to_numpy().tolist() == [
        [4, "no question was answered"]
    ]


def test_a_form_of_tick_boxes_only_keeps_those_who_ticked_none(report):
    header = ["$submission_id", "tilbud.smil", "tilbud.bup"]
    export = ek.read_export(report([["1", "0", "0"], ["2", "1", "0"]], header))
    assert export.answers.index.tolist() == [2, 3]


def test_kinds_with_and_without_a_codebook(report):
    with_labels = kinds(ek.read_export(report(syntax=SYNTAX)))
    assert with_labels == {
        "$submission_id": "system",
        "$created": "system",
        "nytte": "single",
        "tilbud.smil": "multiple",
        "tilbud.bup": "multiple",
        "enig.samarbeid": "matrix",
        "enig.nytte": "matrix",
        "kommentar": "text",
        "vedlegg": "attachment",
        "klokken": "time",
        "alder": "number",
        "$answer_time_ms": "system",
    }
    without = kinds(ek.read_export(report(name="b.txt")))
    assert without == with_labels | {"nytte": "number"}


def test_a_matrix_of_no_and_yes_is_not_one_of_tick_boxes(report):
    header = ["$submission_id", "enig.a", "enig.b", "x"]
    syntax = "VALUE LABELS enig.a 0 'Nei' 1 'Ja'.\nVALUE LABELS enig.b 0 'Nei' 1 'Ja'.\n"
    export = ek.read_export(report([["1", "0", "1", "y"]], header, syntax))
    assert kinds(export)["enig.a"] == "matrix"
    export = ek.read_export(report([["1", "0", "", "y"]], header, name="b.txt"))
    assert kinds(export)["enig.a"] == "matrix"


def test_questions_and_their_parts(report):
    questions = ek.read_export(report(syntax=SYNTAX)).questions.set_index("variable")
    assert questions.loc["nytte", "question"] == "Hvor nyttig var det?"
    assert questions.loc["tilbud.bup", ["question", "part"]].tolist() == [
        "Hva kjenner du?",
        "SMIL i BUP",
    ]
    assert questions.loc["enig.nytte", ["question", "part"]].tolist() == [
        "enig",
        "Kurset var nyttig",
    ]
    assert questions.loc["kommentar", "question"] == "kommentar"
    questions = ek.read_export(report(name="b.txt")).questions.set_index("variable")
    assert questions.loc["tilbud.bup", ["question", "part"]].tolist() == ["tilbud", "bup"]


@pytest.mark.parametrize(
    ("texts", "question", "parts"),
    [
        (["Help from IT", "Help from A friend"], "Help from", ["IT", "A friend"]),
        (["Hva? Te med melk", "Hva? Te uten melk"], "Hva?", ["Te med melk", "Te uten melk"]),
        (["Te", "Kaffe"], "q", ["Te", "Kaffe"]),
        (["Hva? Te", "Hva? Te"], "Hva?", ["Te", "Te"]),
    ],
)
def test_what_tick_boxes_have_in_common_is_the_question(texts, question, parts):
    names = pd.Index(["q.a", "q.b"])
    table = questions_and_parts(
        names, dict.fromkeys(names, "multiple"), dict(zip(names, texts, strict=True))
    )
    assert table["question"].tolist() == [question] * 2
    assert table["part"].tolist() == parts


def test_the_syntax_beside_the_report_is_used_and_nothing_is_guessed(report, tmp_path):
    export = ek.read_export(report(syntax=SYNTAX))
    assert export.codebook.name == "data-1-2024-05-05-1200.sps"
    assert export.labels["nytte"] == {5: "Svært nyttig", -1: "Vet ikke"}
    assert list(export.labelled()["nytte"].cat.categories) == ["Svært nyttig", "Vet ikke"]
    bare = ek.read_export(report(name="b.txt"))
    assert (bare.labels, bare.codebook) == ({}, None)
    stated = ek.read_export(report(name="c.txt"), codebook=export.codebook)
    assert stated.labels == export.labels


def test_a_form_without_a_codebook_has_questions_as_headers(report):
    header = ["$submission_id", "Hva&#39;s opp? F.eks. mat", "Kommentar", "Kommentar"]
    export = ek.read_export(report([["1", "7", "a", "b"]], header))
    assert list(export.answers)[1:] == ["Hva's opp? F.eks. mat", "Kommentar", "Kommentar (2)"]
    (warning,) = export.problems
    assert (warning.column, warning.severity) == ("Kommentar", "warning")


def test_a_report_without_answers(report):
    export = ek.read_export(report([]))
    assert len(export.answers) == 0
    assert list(export.answers) == HEADER


def test_the_same_from_csv_and_workbook(report, tmp_path):
    numbers = {"$submission_id", "alder", "$answer_time_ms"}
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for row in ROWS:
        moment = pd.Timestamp(row[1]).tz_localize(None).to_pydatetime()
        cells = [float(c) if h in numbers and c else c for h, c in zip(HEADER, row, strict=True)]
        book.active.append([cells[0], moment, *cells[2:]])
    book.save(tmp_path / "a.xlsx")
    text, workbook = (
        ek.read_export(report(name="a.txt", syntax=SYNTAX)),
        ek.read_export(tmp_path / "a.xlsx"),
    )
    pd.testing.assert_frame_equal(text.labelled(), workbook.labelled())
    pd.testing.assert_frame_equal(text.questions, workbook.questions)
    assert text.labels == workbook.labels


def test_real_reports_give_the_same_from_text_and_workbook(real):
    text, workbook = (ek.read_export(real.with_suffix(suffix)) for suffix in (".txt", ".xlsx"))
    pd.testing.assert_frame_equal(text.answers, workbook.answers)
    pd.testing.assert_frame_equal(text.labelled(), workbook.labelled())
    pd.testing.assert_frame_equal(text.questions, workbook.questions)
    assert text.problems == workbook.problems == ()
    assert text.labels["radio"] == {1: "Very happy!", -1: "Very unhappy!"}
    assert text.answers["number_decimal"].tolist() == [4.5, 2.2, 10.0]
    assert text.answers["number_integer"].tolist() == [77, 45, 98]
    assert text.answers["$created"].tolist()[0] == pd.Timestamp("2023-06-01 20:57:15")
    assert text.answers["freetext"].isna().tolist() == [False, False, True]
    expected = {"radio": "single", "dropdown": "single", "checkbox.logs": "multiple"}
    expected |= {"checkbox_matrix.1.IT": "multiple", "radio_matrix.email": "matrix", "date": "date"}
    expected |= {
        "time": "time",
        "slider": "number",
        "attachment_1": "attachment",
        "freetext": "text",
    }
    assert {name: kinds(text)[name] for name in expected} == expected
