"""Columns of text: their cells decide together what numbers and dates mean."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.readers.typed import typed_column


def typed(*cells, **options):
    return typed_column(pd.Series(cells, dtype="str"), **options)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["7", "-1", "0"], [7, -1, 0]),
        (["77.0", "45.0"], [77, 45]),
        (["4,5", "10"], [4.5, 10.0]),
        (["4.5", "10"], [4.5, 10.0]),
        (["1.234", "4,5"], [1234.0, 4.5]),
        (["1.234", "4.5"], [1.234, 4.5]),
        (["1,234", "4.5"], [1234.0, 4.5]),
        (["1.234,5"], [1234.5]),
        (["1,234.5"], [1234.5]),
        (["1.234.567"], [1234567]),
        (["12 345", "1\u00a0234,5"], [12345.0, 1234.5]),
        (["\u22120,5"], [-0.5]),
        (["1e-05", "0.5"], [0.00001, 0.5]),
        (["123456789012345678"], [123456789012345678]),
    ],
)
def test_numbers(cells, values):
    found = typed(*cells)
    assert (found.kind, found.doubt) == ("number", None)
    assert found.values.tolist() == values
    whole = all(isinstance(value, int) for value in values)
    assert found.values.dtype == ("Int64" if whole else "Float64")


@pytest.mark.parametrize(
    "cells", [["007"], ["4,5", "ja"], ["1,2,3"], ["+47 900"], ["12 34"], ["1234567890123456789"]]
)
def test_what_is_no_number_is_text(cells):
    found = typed(*cells)
    assert (found.kind, found.doubt) == ("text", None)
    assert found.values.tolist() == cells


@pytest.mark.parametrize(
    ("comma", "dot"), [("4,5", "4.5"), ("1,234", "1.234"), ("1.234,5", "1,234.5")]
)
def test_a_column_with_both_marks_stays_text_and_says_so(comma, dot):
    found = typed(comma, "3", dot)
    assert found.kind == "text"
    assert f"'{comma}' and '{dot}' stand in one column" in found.doubt


def test_what_no_cell_decides_is_read_with_decimals_and_doubted():
    found = typed("1.234", "7")
    assert found.values.tolist() == [1.234, 7.0]
    assert "'1.234' may be more than a thousand" in found.doubt


def test_a_dot_in_a_workbook_parts_no_thousands():
    assert typed("1.234", "4,5", from_workbook=True).kind == "text"
    assert typed("1.234", "0.5", from_workbook=True).values.tolist() == [1.234, 0.5]
    assert typed("1.234,5", from_workbook=True).values.tolist() == [1234.5]
    found = typed("1.234", from_workbook=True)
    assert (found.values.tolist(), found.doubt) == ([1.234], None)


def test_a_blank_cell_is_na_of_the_right_type():
    found = typed_column(pd.Series(["1", np.nan, "3"], index=[5, 6, 9], name="x", dtype="str"))
    assert found.values.isna().tolist() == [False, True, False]
    assert found.values.index.tolist() == [5, 6, 9]
    assert (found.values.name, found.values.dtype) == ("x", "Int64")
    assert typed_column(pd.Series([np.nan], dtype="str")).kind == "text"


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2024-03-12"], ["2024-03-12"]),
        (["12.03.2024", "2024-03-13"], ["2024-03-12", "2024-03-13"]),
        (["08/07/2020", "13/07/2020"], ["2020-07-08", "2020-07-13"]),
        (["7/8/2020", "7/20/2016 12:49"], ["2020-07-08", "2016-07-20 12:49"]),
        (["08-07-2020", "13-07-2020"], ["2020-07-08", "2020-07-13"]),
        (["2023-06-01T20:57:15+02:00"], ["2023-06-01 20:57:15"]),
        (
            ["2023-06-12T13:33", "2023-06-12T13:33:05.750Z"],
            ["2023-06-12 13:33", "2023-06-12 13:33:05"],
        ),
        (["09.04.2017 08:50"], ["2017-04-09 08:50"]),
    ],
)
def test_dates(cells, days):
    found = typed(*cells)
    assert (found.kind, found.doubt) == ("date", None)
    assert found.values.dtype == "datetime64[s]"
    assert found.values.tolist() == [pd.Timestamp(day) for day in days]


def test_dates_that_no_cell_decides_are_day_first_and_doubted():
    found = typed("3/4/2024")
    assert found.values.dt.month.tolist() == [4]
    assert "'3/4/2024' may be day first or month first" in found.doubt


def test_dates_that_contradict_each_other_stay_text():
    found = typed("13/4/2024", "4/13/2024")
    assert found.kind == "text"
    assert "'13/4/2024' and '4/13/2024'" in found.doubt


@pytest.mark.parametrize("cell", ["31.02.2024", "2024-13-01", "2024-03-12 25:00"])
def test_a_day_that_is_not_in_the_calendar(cell):
    found = typed(cell)
    assert found.kind == "text"
    assert found.doubt.startswith(f"'{cell}' is not a date")


@pytest.mark.parametrize("cell", ["12.03.24", "1.2.3", "12.03.", "12:75", "2024-03"])
def test_what_is_no_date_is_text(cell):
    assert typed(cell).kind == "text"


def test_a_time_of_day_stays_text():
    found = typed("12:00", "05:11", "9:30:00")
    assert (found.kind, found.values.tolist()) == ("time", ["12:00", "05:11", "9:30:00"])


@given(
    numbers=st.lists(st.decimals(-99999, 99999, places=2, allow_nan=False), min_size=1, max_size=9),
    decimal=st.sampled_from(",."),
    grouped=st.booleans(),
)
def test_numbers_written_in_any_way_come_back_to_the_last_digit(numbers, decimal, grouped):
    thousands = "." if decimal == "," else ","
    cells = [f"{number:{',' if grouped else ''}.2f}" for number in numbers]
    cells = [cell.translate(str.maketrans(",.", thousands + decimal)) for cell in cells]
    found = typed(*cells)
    assert [float(value) for value in found.values] == [float(Decimal(n)) for n in numbers]


@given(days=st.lists(st.dates(), min_size=1, max_size=9), form=st.sampled_from(["%Y-%m-%d", "dot"]))
def test_days_come_back(days, form):
    cells = [
        day.isoformat() if form != "dot" else f"{day.day:02}.{day.month:02}.{day.year:04}"
        for day in days
    ]
    assert typed(*cells).values.dt.date.tolist() == days
