"""What the page leaves out: it says so, and never more than protection allows."""

from __future__ import annotations

import pandas as pd
import pytest

import evalkit as ek
from evalkit.locale import words
from evalkit.privacy import Cells, Policy, protect
from evalkit.report import shortening
from evalkit.report.exhibits import Drawing

SAY = words("en")
CELLS = Cells("children", keys=("group_id",), count="count")


def result(counts):
    frame = pd.DataFrame({"group_id": list("abcdefgh")[: len(counts)], "count": counts})
    return protect(frame, CELLS, Policy(min_cell=5))


def drawing(**options):
    return Drawing(draw=lambda *_: None, describe=lambda *_: "", caption="Course", **options)


@pytest.mark.parametrize(
    ("counts", "shown", "said"),
    [
        ([7, 8, 9], 3, []),
        ([7, 8, 2, 1], 4, []),
        ([7, 2, 1], 1, ["2 rows are left out here"]),
        ([2, 1], 0, ["No table"]),
    ],
)
def test_rows_that_are_mostly_hidden_are_one_line(counts, shown, said):
    rows, remarks = shortening.rows_for_page(result(counts), SAY)
    assert len(rows) == shown
    assert len(remarks) == len(said)
    assert all(remark.startswith(text) for remark, text in zip(remarks, said, strict=True))


def test_rows_of_nobody_beside_hidden_ones_are_no_table():
    frame = pd.DataFrame({"n": [0, 3], "count": [0, 2]})
    public = protect(frame, Cells("children", count="count", total="n"), Policy(min_cell=5))
    assert shortening.rows_for_page(public, SAY)[0].empty
    nobody = protect(frame[:1], Cells("children", count="count", total="n"), Policy())
    assert len(shortening.rows_for_page(nobody, SAY)[0]) == 1


@pytest.mark.parametrize(
    ("counts", "options", "enough"),
    [
        ([7, 2, 1], {}, True),
        ([3, 2, 1], {}, False),
        ([7, 2, 1], {"least": 2}, False),
        ([7], {"least": 2}, True),
        ([7, 8, 1, 2], {"least_share": 0.5}, True),
        ([7, 2, 1, 2], {"least_share": 0.5}, False),
    ],
)
def test_a_figure_takes_enough_numbers(counts, options, enough):
    (part,) = shortening.parts_of(drawing(per=None, **options), result(counts), "count")
    assert part.enough == enough
    assert len(part.rows) == len(counts)


def test_an_item_is_drawn_whole_or_not_at_all():
    form = pd.DataFrame({"a": [1] * 10 + [2] * 2, "b": [1] * 6 + [2] * 6, "c": [2] * 5 + [1] * 7})
    answers = ek.satisfaction.distribution(form, ["a", "b", "c"])
    public = protect(answers, ek.satisfaction.DISTRIBUTION_CELLS, Policy(min_cell=5))
    of_items = drawing(per=None, least=2, whole="item")
    (part,) = shortening.parts_of(of_items, public, "count")
    assert (part.hidden, part.enough) == (["a"], True)
    assert set(part.rows["item"]) == {"b", "c"}
    assert shortening.rows_not_drawn(part, "item", SAY, {}).endswith(": a.")
    (part,) = shortening.parts_of(of_items, public[public["item"] != "b"], "count")
    assert not part.enough


GROUPS = range(10)
MANY = {
    "sessions": "session_id;group_id;number;kind\n"
    + "".join(f"s{g}-{n};g{g};{n};children\n" for g in GROUPS for n in range(1, 5)),
    "headcounts": "session_id;role;present;expected\n"
    + "".join(f"s{g}-{n};child;{5 + n};15\n" for g in GROUPS for n in range(1, 5)),
}


def test_many_groups_make_a_short_page_and_a_whole_workbook(make_study, tmp_path):
    toml = "".join(f'[groups."g{g}"]\nabout = "Ten weeks."\n' for g in GROUPS)
    report = ek.report.build(
        ek.read_study(make_study(toml, **MANY)), tmp_path / "out", language="en"
    )
    page = report.page.read_text("utf-8")
    assert "The table has 40 rows: see the sheet “Attendance by session” in tables.xlsx." in page
    assert "10 figures, one for each group, stand in the folder “figures”." in page
    assert 'id="figure-attendance-by-session-g0"' not in page
    assert (report.figures / "attendance-by-session-g9.svg").exists()
    assert "<summary>About each group</summary>" in page
    assert (
        pd.read_excel(report.tables, sheet_name="Attendance by session", engine="openpyxl").shape[0]
        >= 40
    )
