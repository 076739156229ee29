"""read_export on plain tables: types by column, labels by codebook, nothing lost."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError, ReadError
from evalkit.readers.codebooks import read_codebook


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a text file."""

    def to(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return to


@pytest.fixture
def workbook(tmp_path):
    """Return a function that writes rows as a workbook."""

    def to(name, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return to


def refused(path, **options):
    with pytest.raises(ReadError) as caught:
        ek.read_export(path, **options)
    return [str(problem) for problem in caught.value.found]


PLAIN = (
    "Kode;Dato;Meg selv;Familie;Merknad\nB1;12.03.2024;4,5;7;\n;;;;\nB2;13.03.2024;10;-1;fint; \n"
)


def test_a_plain_table(write):
    export = ek.read_export(write("kor.csv", PLAIN.replace("; \n", "\n")))
    assert export.platform == "plain"
    assert export.answers.index.tolist() == [2, 4]
    assert export.answers.index.name == "row"
    assert export.answers["Kode"].tolist() == ["B1", "B2"]
    assert export.answers["Dato"].tolist() == [
        pd.Timestamp("2024-03-12"),
        pd.Timestamp("2024-03-13"),
    ]
    assert export.answers["Meg selv"].tolist() == [4.5, 10.0]
    assert export.answers["Familie"].tolist() == [7, -1]
    assert export.answers["Merknad"].isna().tolist() == [True, False]
    assert export.answers.dtypes.astype(str).to_dict() == {
        "Kode": "str",
        "Dato": "datetime64[s]",
        "Meg selv": "Float64",
        "Familie": "Int64",
        "Merknad": "str",
    }
    assert export.text["Meg selv"].tolist() == ["4,5", "10"]
    assert list(export.excluded) == ["file", "sheet", "row", "reason"]
    assert export.excluded[["row", "reason"]].to_numpy().tolist() == [[3, "blank row"]]
    assert export.labels == {}
    assert export.problems == ()


def test_questions_of_a_plain_table(write):
    questions = ek.read_export(write("kor.csv", PLAIN.replace("; \n", "\n"))).questions
    assert list(questions) == ["variable", "question", "part", "kind"]
    assert questions["question"].tolist() == ["Kode", "Dato", "Meg selv", "Familie", "Merknad"]
    assert questions["kind"].tolist() == ["text", "date", "number", "number", "text"]
    assert questions["part"].isna().all()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_from_every_delimiter_and_encoding(write, delimiter, encoding):
    text = "\n".join(delimiter.join(row) for row in (["tema", "skår"], ["følelser", '"4,5"']))
    export = ek.read_export(write("a.csv", text, encoding))
    assert export.answers.to_dict("records") == [{"tema": "følelser", "skår": 4.5}]
    assert [p.severity for p in export.problems] == (["warning"] if encoding == "cp1252" else [])


def test_the_same_from_csv_and_workbook(write, workbook):
    rows = [
        ["Kode", "Dato", "Skår", "Antall"],
        ["B1", dt.date(2024, 3, 12), 4.5, 7],
        ["B2", None, 10, None],
    ]
    one = ek.read_export(workbook("a.xlsx", *rows))
    other = ek.read_export(write("a.csv", "Kode;Dato;Skår;Antall\nB1;12.03.2024;4,5;7\nB2;;10;\n"))
    pd.testing.assert_frame_equal(one.answers, other.answers)
    assert (one.sheet, other.sheet) == ("Sheet", None)


def test_decimals_that_contradict_are_a_warning_and_stay_text(workbook):
    export = ek.read_export(workbook("a.xlsx", ["x", "y"], ["4,5", 1], [4.5, 2]))
    assert export.answers["x"].tolist() == ["4,5", "4.5"]
    (problem,) = export.problems
    assert (problem.column, problem.severity) == ("x", "warning")


def test_all_problems_at_once(write):
    found = refused(write("a.csv", "a;b\n1;2;3\n4\n"))
    assert len(found) == 2
    assert "row 2" in found[0]
    assert refused(write("b.csv", "a;b\n1;2;3\n"), name="raw/b.csv")[0].startswith("raw/b.csv")


def test_calls_that_cannot_be_used(write):
    path = write("a.csv", "a\n1\n")
    with pytest.raises(
        ArgumentError, match=r"Did you mean 'nettskjema'\? Known: plain, nettskjema"
    ):
        ek.read_export(path, platform="netskjema")
    with pytest.raises(ArgumentError, match="path must be the path of a file"):
        ek.read_export(None)
    assert "cannot be opened" in refused(path, codebook="no.sps")[0]


def test_how_an_export_prints(write):
    assert repr(ek.read_export(write("a.csv", "a;b\n1;2\n"))) == (
        "Export (plain): 1 rows, 2 variables, 0 with labels, 0 rows left out"
    )


# Labels

SCALE = "variable;code;label\nq;;Hvor nyttig?\nq;1;ikke\nq;2;litt\nq;3;svært\nq;-1;ikke aktuelt\n"


def test_a_codebook_of_a_plain_table(write):
    path, book = write("a.csv", "id;q\nA;3\nB;-1\nC;\n"), write("book.csv", SCALE)
    export = ek.read_export(path, codebook=book)
    assert export.labels == {"q": {1: "ikke", 2: "litt", 3: "svært", -1: "ikke aktuelt"}}
    assert list(export.labels["q"]) == [1, 2, 3, -1]
    assert export.answers["q"].tolist() == [3, -1, pd.NA]
    assert export.questions.loc[1].tolist()[:2] == ["q", "Hvor nyttig?"]
    assert export.questions.loc[1, "kind"] == "single"
    assert export.codebook == book
    labelled = export.labelled()["q"]
    assert list(labelled.cat.categories) == ["ikke", "litt", "svært", "ikke aktuelt"]
    assert labelled.cat.ordered
    assert labelled.tolist()[:2] == ["svært", "ikke aktuelt"]
    assert labelled.isna().tolist() == [False, False, True]
    assert labelled.index.tolist() == [2, 3, 4]
    assert export.labelled()["id"].tolist() == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("labels", "answers", "categories"),
    [
        ("q;0;aldri\nq;10;alltid\n", "0\n7\n3\n", ["aldri", "3", "7", "alltid"]),
        ("q;10;alltid\nq;0;aldri\n", "0\n7\n3\n", ["alltid", "7", "3", "aldri"]),
        ("q;2;b\nq;1;a\nq;3;c\n", "4\n2\n", ["b", "a", "c", "4"]),
        ("q;1;ja\nq;2;ja\nq;3;nei\n", "1\n2\n", ["ja (1)", "ja (2)", "nei"]),
        ("q;0;aldri\nq;1;alltid\n", "0,5\n1\n", ["aldri", "0.5", "alltid"]),
        ("q;A;ja\nq;B;nei\n", "B\nC\n", ["ja", "nei", "C"]),
    ],
)
def test_scales_are_in_order_and_no_answer_is_lost(write, labels, answers, categories):
    book = write("book.csv", "variable;code;label\n" + labels)
    export = ek.read_export(write("a.csv", "q;id\n" + answers.replace("\n", ";i\n")), codebook=book)
    labelled = export.labelled()["q"]
    assert list(labelled.cat.categories) == categories
    assert labelled.notna().all()
    extra = [word for word in categories if word.replace(".", "").isdigit() or word == "C"]
    assert [p.problem.split(":")[0] for p in export.problems] == (
        [", ".join(sorted(extra))] if extra else []
    )


def test_codes_of_a_column_that_also_holds_words_stay_text(write):
    export = ek.read_export(write("a.csv", "q;i\n1;x\nannet;x\n"), codebook=write("b.csv", SCALE))
    assert list(export.labels["q"]) == ["1", "2", "3", "-1"]
    assert export.labelled()["q"].tolist()[:1] == ["ikke"]


def test_a_codebook_of_another_form(write):
    path = write("a.csv", "id;quality\nA;3\n")
    (message,) = refused(path, codebook=write("book.csv", SCALE))
    assert message.startswith("book.csv: none of its variables is in a.csv")
    export = ek.read_export(path, codebook=write("book.csv", SCALE + "id;;Hvem?\n"))
    assert [str(p) for p in export.problems] == [
        "book.csv: q: a.csv has no such column, so the labels were not used."
    ]


@pytest.mark.parametrize(
    ("table", "question", "labels"),
    [
        ("* Variabel\tEtikett\nq\tHvor nyttig?\n", "Hvor nyttig?", {}),
        (
            "Variabel;Kode;Etikett;Tekst\nq;1;Hvor nyttig?;litt\n;2;;svært\n",
            "Hvor nyttig?",
            {"1": "litt", "2": "svært"},
        ),
        (
            "variable,question,code,label\nq,How?,1,little\nq,How?,2,much\n",
            "How?",
            {"1": "little", "2": "much"},
        ),
        ("navn;svar;kode\nq;nei;0\nq;ja;1\n", None, {"0": "nei", "1": "ja"}),
        ("Variabel;Etikett;Kode\nq;Hvor?;null\nq;her;1\n", "Hvor?", {"1": "her"}),
    ],
)
def test_codebooks_as_tables(write, table, question, labels):
    book = read_codebook(write("book.txt", table))
    assert book.questions.get("q") == question
    assert book.labels.get("q", {}) == labels
    assert list(book.labels.get("q", {})) == list(labels)


def test_a_codebook_in_a_workbook(workbook):
    path = workbook("book.xlsx", ["variable", "code", "label"], ["q", 1, "ja"], [None, 0, "nei"])
    assert read_codebook(path).labels == {"q": {"1": "ja", "0": "nei"}}


def test_a_table_that_is_no_codebook(write):
    with pytest.raises(ReadError, match="are not those of a codebook"):
        read_codebook(write("book.csv", "a;b\n1;2\n"))


SYNTAX = """* Encoding: UTF-8.
* Don't read this.

VARIABLE LABELS q.1 'It''s a "long" label
   over several lines' /q2 "Ends with a stop.".
VALUE LABELS q.1 q2
  1 'Yes, it''s so'
  '-1' 'Not
at all / never'
  / other 'A' 'first ' + 'and last'.
FREQUENCIES q2.
ADD VALUE LABELS q2 9 "Don't know".
EXECUTE."""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_spss_syntax(write, line_end):
    book = read_codebook(write("a.sps", SYNTAX.replace("\n", line_end)))
    assert book.questions == {
        "q.1": 'It\'s a "long" label over several lines',
        "q2": "Ends with a stop.",
    }
    scale = {"1": "Yes, it's so", "-1": "Not at all / never"}
    assert book.labels == {
        "q.1": scale,
        "q2": scale | {"9": "Don't know"},
        "other": {"A": "first and last"},
    }


@pytest.mark.parametrize(
    ("first", "rest"),
    [("1", "'-1' 'b' 2 'c'"), ("'1'", "'-1' 'b' 2 'c'"), ("'1'", "-1 'b' '2' 'c'")],
)
def test_codes_with_and_without_quotation_marks(write, first, rest):
    book = read_codebook(write("a.sps", f"VALUE LABELS q\n {first} 'a' {rest}.\n"))
    assert book.labels == {"q": {"1": "a", "-1": "b", "2": "c"}}


def test_a_command_without_a_stop_ends_at_a_blank_line(write):
    text = "VARIABLE LABELS a 'one'\n\nVARIABLE LABELS b 'two'."
    assert read_codebook(write("a.sps", text)).questions == {"a": "one", "b": "two"}


def test_syntax_that_cannot_be_read(write):
    with pytest.raises(ReadError, match="line|row 2") as caught:
        read_codebook(write("a.sps", "\nVARIABLE LABELS a 'one.\n"))
    assert caught.value.found[0].row == 2
    with pytest.raises(ReadError, match="no VARIABLE LABELS"):
        read_codebook(write("a.sps", "EXECUTE.\n"))
