"""Tables as HTML and as a workbook: the same numbers, in the reader's language, as numbers."""

from __future__ import annotations

import datetime as dt
import html.parser
import zipfile

import openpyxl
import pandas as pd
import polars as pl
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.metrics import attendance, background
from evalkit.metrics.attendance_result import NO_INTERVAL
from evalkit.privacy import Policy, protect
from evalkit.tables.workbook import Sheet

NBSP = "\u00a0"


class Cells(html.parser.HTMLParser):
    """The text of every cell, row by row."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.open = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.open = tag in {"td", "th", "span"} or self.open
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.open = self.open and tag not in {"td", "th"}

    def handle_data(self, data):
        if self.open and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def cells(page):
    return [row for row in Cells(page).rows if row]


def rates(smil):
    return attendance.rate(smil.headcounts, by=["group_id", "role"])


def test_html_in_both_languages(smil):
    columns = ["group_id", "role", "present", "n", "estimate"]
    page = ek.tables.html(rates(smil).head(1), columns=columns, labels=smil.labels("nb"))
    assert cells(page) == [
        ["Gruppe", "Hvem", "Til stede", "Forventet", "Andel til stede"],
        ["Oslo, våren 2009", "Barn", "95", "108", f"88,0{NBSP}%"],
    ]
    page = ek.tables.html(
        rates(smil).head(1), columns=columns, labels=smil.labels("en"), language="en"
    )
    assert cells(page) == [
        ["Group", "Who", "Present", "Expected", "Share present"],
        ["Oslo, spring 2009", "Children", "95", "108", "88.0%"],
    ]


def test_html_with_groups_notes_headings_and_once(smil):
    people = background.distribution(smil.margins, "gender")
    page = ek.tables.html(
        people,
        columns=["variable", "value", "count", "n"],
        headings={"n": "Of"},
        rows_by="group_id",
        once=["variable"],
        notes=["A note & more"],
        language="en",
        table_id="people",
    )
    assert cells(page) == [
        ["Background", "Value", "Number", "Of"],
        ["oslo-v09"],
        ["Gender", "Girls", "6", "9"],
        ["", "Boys", "3", "9"],
        ["A note & more"],
    ]
    assert 'id="people"' in page


def test_a_word_is_written_again_in_the_next_group(smil):
    people = background.distribution(smil.margins, "referral_source")
    page = ek.tables.html(
        people, columns=["variable", "value"], rows_by="group_id", once=["variable"], language="en"
    )
    assert [row[0] for row in cells(page)].count("Referred by") == 2


def test_two_sessions_with_one_number_are_two():
    frame = pd.DataFrame({"session_id": ["a", "a", "b"], "number": [1, 1, 1], "role": "child"})
    page = ek.tables.html(frame, columns=["number", "role"], once=["number"], language="en")
    assert [row[0] for row in cells(page)[1:]] == ["1", "", "1"]


def test_unknown_and_hidden_look_different(smil):
    sessions = attendance.by_session(smil.headcounts).head(2)
    public = protect(sessions, attendance.by_session_cells(sessions), Policy(open=()))
    columns = ["role", "present", "n", "estimate"]
    page = ek.tables.html(public, columns=columns, language="en")
    assert cells(page)[1:] == [["Children", ":", "9", ":"], ["Adults", ":", "–", ":"]]
    page = ek.tables.html(sessions, columns=columns, language="en")
    assert cells(page)[1:] == [["Children", "7", "9", "77.8%"], ["Adults", "3", "–", "–"]]


def test_html_escapes_what_comes_from_data():
    frame = pd.DataFrame({"theme": ["<script>alert(1)</script>", "a & b"], "count": [1, 2]})
    page = ek.tables.html(frame, headings={"theme": "<b>"})
    assert "<script>" not in page
    assert "<b>" not in page


def test_html_uses_no_network(smil):
    assert "http" not in ek.tables.html(rates(smil))
    assert "@import" not in ek.tables.html(rates(smil))


def test_only_pandas_results_are_tabled(smil):
    with pytest.raises(ArgumentError, match="must be a pandas DataFrame"):
        ek.tables.html(pl.from_pandas(rates(smil)))


def test_a_column_that_is_not_there(smil):
    with pytest.raises(ArgumentError, match="lacks the column nope"):
        ek.tables.html(rates(smil), rows_by="nope")
    with pytest.raises(ArgumentError, match="Did you mean 'present'"):
        ek.tables.html(rates(smil), columns=["presnt"])


def test_days_and_messages_are_in_the_readers_language():
    frame = pd.DataFrame(
        {"held_on": pd.to_datetime(["2009-02-23", None]), "note": [NO_INTERVAL, None]}
    )
    rows = cells(ek.tables.html(frame))
    assert rows[1][0] == f"23.{NBSP}februar{NBSP}2009"
    assert rows[1][1].startswith("Uten intervall")
    assert rows[2] == ["–", "–"]


def read(path):
    return openpyxl.load_workbook(path)


def test_numbers_are_numbers_in_a_workbook(smil, tmp_path):
    path = ek.tables.xlsx({"Oppmøte": rates(smil)}, tmp_path / "a.xlsx", labels=smil.labels())
    sheet = read(path)["Oppmøte"]
    row = dict(zip([c.value for c in sheet[1]], sheet[2], strict=True))
    assert row["Gruppe"].value == "Oslo, våren 2009"
    assert (row["Til stede"].value, row["Til stede"].data_type) == (95, "n")
    assert row["Andel til stede"].value == pytest.approx(95 / 108, abs=1e-15)
    assert row["Andel til stede"].number_format == "0.0%"
    assert row["Nedre grense"].value is None
    assert row["Merknad"].value.startswith("Uten intervall")


def test_days_are_days_and_formulas_are_text(tmp_path):
    frame = pd.DataFrame(
        {
            "held_on": pd.to_datetime(["2009-02-23", None]).astype("datetime64[s]"),
            "theme": ["=1+1", "a\x0bb"],
            "number": pd.array([1, None], dtype="Int64"),
        }
    )
    sheet = read(ek.tables.xlsx({"A": frame}, tmp_path / "a.xlsx", language="en"))["A"]
    assert [cell.value for cell in sheet[1]] == ["Date", "Theme", "No."]
    assert sheet["A2"].value == dt.datetime(2009, 2, 23)
    assert sheet["A2"].is_date
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")
    assert sheet["B3"].value == "a b"
    assert sheet["A3"].value is None
    assert sheet["C3"].value is None


def test_hidden_banner_notes_and_columns(smil, tmp_path):
    sessions = attendance.by_session(smil.headcounts)
    public = protect(sessions, attendance.by_session_cells(sessions), Policy(open=()))
    sheet = Sheet(public, ["role", "present", "n"], {"n": "Of"}, ["A note"])
    path = ek.tables.xlsx({"S": sheet}, tmp_path / "a.xlsx", language="en", banner="INTERNAL")
    page = read(path)["S"]
    assert page["A1"].value == "INTERNAL"
    assert page.oddHeader.center.text == "INTERNAL"
    assert [cell.value for cell in page[2]] == ["Who", "Present", "Of"]
    assert [cell.value for cell in page[3]] == ["Children", ":", 9]
    assert page.cell(page.max_row, 1).value == "A note"
    assert page.freeze_panes == "A3"


def test_the_same_bytes_and_no_time_of_day(smil, tmp_path):
    one, two = (
        ek.tables.xlsx({"A": rates(smil)}, tmp_path / name).read_bytes()
        for name in ("1.xlsx", "2.xlsx")
    )
    assert one == two
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "at least one sheet"),
        (["a" * 32], "cannot be the name of a sheet"),
        (["a/b"], "cannot be the name of a sheet"),
        ([""], "cannot be the name of a sheet"),
        (["A", "a"], "same name"),
    ],
)
def test_names_no_sheet_can_have(smil, tmp_path, names, message):
    with pytest.raises(ArgumentError, match=message):
        ek.tables.xlsx(dict.fromkeys(names, rates(smil)), tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_numbers_of_a_column_have_the_same_decimals(tmp_path):
    frame = pd.DataFrame({"mean": [34.5, 34.8125, 36.0, None], "n": [3, 12, 1, 4]})
    rows = Cells(ek.tables.html(frame, language="en")).rows
    assert [row[0] for row in rows[1:]] == ["34.50", "34.81", "36.00", "–"]
    assert [row[1] for row in rows[1:]] == ["3", "12", "1", "4"]
    path = ek.tables.xlsx({"Means": frame}, tmp_path / "means.xlsx")
    sheet = openpyxl.load_workbook(path)["Means"]
    assert [sheet.cell(3, 1).value, sheet.cell(3, 1).number_format] == [34.8125, "0.00"]
    assert sheet.cell(3, 2).number_format == "General"


def test_what_a_rate_might_be_is_a_share():
    frame = pd.DataFrame({"estimate_all_absent": [0.8628], "estimate_all_present": [0.8668]})
    assert Cells(ek.tables.html(frame, language="en")).rows[1] == ["86.3%", "86.7%"]
