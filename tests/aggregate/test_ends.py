"""The first and last valid row of every group: the same as a plain search, on every engine."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.aggregate import ends_pandas, first_and_last, repeated

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda frame: duckdb.from_df(frame),
}
BY = ["about", "informant"]


def to_pandas(frame):
    if isinstance(frame, pd.DataFrame):
        return frame
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.df()
    return (frame.collect() if isinstance(frame, pl.LazyFrame) else frame).to_pandas()


def ends_of(frame, order=("occasion", "day"), engine="pandas"):
    ends = first_and_last(
        ENGINES[engine](frame),
        BY,
        order=order,
        valid="score",
        at_first={"first": "score", "first_day": "day", "group": "group"},
        at_last={"last": "score", "last_day": "day"},
    )
    return to_pandas(ends.table), ends.unclear


def forms(*rows):
    columns = ["about", "informant", "occasion", "day", "score", "group"]
    frame = pd.DataFrame(rows, columns=columns).astype(
        {"about": "str", "informant": "str", "occasion": "Int64", "score": "Float64"}
    )
    return frame.astype({"group": "str"}).assign(day=pd.to_datetime(frame["day"]))


FORMS = forms(
    ("b", "self", 2, "2024-02-01", 7.1, "g2"),
    ("a", "self", 3, "2024-03-01", 9.0, "g3"),
    ("a", "self", 1, "2024-03-09", None, "g1"),
    ("a", "self", 2, "2024-02-01", 8.0, "g2"),
    ("a", "mother", 1, "2024-01-02", 5.0, "g1"),
    ("a", "mother", 1, "2024-01-01", 4.0, "g0"),
    ("c", "self", 1, None, None, "g1"),
    ("c", "self", 2, None, None, "g2"),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_first_and_last_valid_row(engine):
    table, unclear = ends_of(FORMS, engine=engine)
    assert table[BY].to_numpy().tolist() == [
        ["a", "mother"],
        ["a", "self"],
        ["b", "self"],
        ["c", "self"],
    ]
    assert table["first"].tolist()[:3] == [4.0, 8.0, 7.1]
    assert table["last"].tolist()[:3] == [5.0, 9.0, 7.1]
    assert table[["first", "last"]].iloc[3].isna().all()
    assert table["group"].tolist() == ["g0", "g2", "g2", "g1"]
    assert table["first_day"].astype("str").tolist()[:2] == ["2024-01-01", "2024-02-01"]
    assert table["last_day"].astype("str").tolist()[:2] == ["2024-01-02", "2024-03-01"]
    assert table["rows"].tolist() == [2, 3, 1, 2]
    assert table["valid_rows"].tolist() == [2, 2, 1, 0]
    assert unclear.empty


UNCLEAR = {
    "all the same": (
        forms(("a", "s", 1, "2024-01-01", 1, ""), ("a", "s", 1, "2024-01-01", 2, "")),
        1,
    ),
    "one without a day": (forms(("a", "s", 1, "2024-01-01", 1, ""), ("a", "s", 1, None, 2, "")), 1),
    "both without": (forms(("a", "s", 1, None, 1, ""), ("a", "s", 1, None, 2, "")), 1),
    "one without an occasion": (
        forms(("a", "s", None, "2024-01-01", 1, ""), ("a", "s", 1, "2024-02-01", 2, "")),
        1,
    ),
    "nothing known": (forms(("a", "s", None, None, 1, ""), ("a", "s", None, None, 2, "")), 1),
    "another day": (
        forms(("a", "s", 1, "2024-01-01", 1, ""), ("a", "s", 1, "2024-01-02", 2, "")),
        0,
    ),
    "another occasion": (forms(("a", "s", 1, None, 1, ""), ("a", "s", 2, None, 2, "")), 0),
    "days alone": (
        forms(("a", "s", None, "2024-01-01", 1, ""), ("a", "s", None, "2023-01-01", 2, "")),
        0,
    ),
    "one row": (forms(("a", "s", None, None, 1, "")), 0),
    "another informant": (forms(("a", "s", 1, None, 1, ""), ("a", "m", 1, None, 2, "")), 0),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", UNCLEAR)
def test_what_cannot_be_put_in_order_is_told(case, engine):
    frame, expected = UNCLEAR[case]
    if engine == "pandas" or frame["day"].notna().any():  # a column of blanks has no kind in DuckDB
        assert len(ends_of(frame, engine=engine)[1]) == expected
    both = pd.concat([frame, forms(("z", "s", 1, "2024-05-01", 1, ""))])
    assert len(ends_of(both, engine=engine)[1]) == expected


def test_a_time_of_day_does_not_count():
    frame = forms(
        ("a", "s", 1, "2024-01-01 09:00", 1, ""), ("a", "s", 1, "2024-01-01 15:00", 2, "")
    )
    for engine in ENGINES:
        assert len(ends_of(frame, engine=engine)[1]) == 1


def test_days_are_those_of_the_clock_on_the_wall():
    frame = forms(
        ("a", "s", 1, "2024-01-01 23:30", 1, ""), ("a", "s", 1, "2024-01-02 00:30", 2, "")
    )
    frame["day"] = frame["day"].dt.tz_localize("Europe/Oslo")
    for engine in ("pandas", "polars"):
        table, unclear = ends_of(frame, engine=engine)
        assert unclear.empty
        assert (table["first"][0], table["last"][0]) == (1, 2)


def test_dates_before_1970():
    frame = forms(("a", "s", None, "1969-12-31", 1, ""), ("a", "s", None, "1970-01-01", 2, ""))
    for engine in ENGINES:
        table, unclear = ends_of(frame, order=["day"], engine=engine)
        assert unclear.empty
        assert (table["first"][0], table["last"][0]) == (1, 2)


def test_dates_as_polars_has_them():
    frame = pl.from_pandas(FORMS).with_columns(pl.col("day").cast(pl.Date))
    ends = first_and_last(
        frame, BY, order=["day"], valid="score", at_first={"first": "day"}, at_last={"last": "day"}
    )
    assert ends.table["first"].to_list()[:2] == [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_in_nothing_out(engine):
    table, unclear = ends_of(FORMS.head(0), engine=engine)
    assert table.empty
    assert unclear.empty
    assert list(unclear.columns) == BY


@pytest.mark.parametrize("engine", ENGINES)
def test_null_keys_are_a_group_and_come_last(engine):
    frame = forms(
        ("a", None, 1, None, 1, "g"), ("a", "self", 1, None, 2, "g"), ("a", None, 2, None, 3, "g")
    )
    frame["day"] = pd.Timestamp("2024-01-01")
    table, unclear = ends_of(frame, engine=engine)
    assert table["informant"].isna().tolist() == [False, True]
    assert table["first"].tolist() == [2, 1]
    assert table["last"].tolist() == [2, 3]
    assert unclear.empty


def test_letters_sort_the_same_on_every_engine():
    names = ["Å", "a", "B", "å", "Z", "æ", "10", "9", "ø", "zz", "É"]
    frame = forms(*((name, "self", 1, "2024-01-01", 1, "g") for name in names))
    expected = sorted(names)
    for engine in ENGINES:
        assert ends_of(frame, engine=engine)[0]["about"].tolist() == expected
    categories = frame.assign(about=pd.Categorical(frame["about"], categories=names[::-1]))
    table, _ = ends_of(categories)
    assert table["about"].tolist() == expected
    assert table["about"].dtype == categories["about"].dtype


def plain_search(frame):
    """The same by plain Python, one group after the other."""
    out = {}
    for row in frame.sort_values(["occasion"]).to_dict("records"):
        out.setdefault((row["about"], row["informant"]), []).append(row)
    for key, mine in out.items():
        valid = [row["score"] for row in mine if not pd.isna(row["score"])]
        ends = (valid[0], valid[-1]) if valid else (None, None)
        out[key] = (*ends, len(mine), len(valid))
    return out


rows = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["self", "mother"]),
        st.integers(-3, 5),
        st.one_of(st.none(), st.integers(0, 400).map(lambda ticks: ticks / 10)),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(["pandas", "polars"]), st.sampled_from([63, 20, 4]))
def test_any_rows_give_what_a_plain_search_gives(found, engine, widest):
    frame = forms(*((*row[:3], "2024-01-01", row[3], "g") for row in found))
    before = ends_pandas.WIDEST
    ends_pandas.WIDEST = widest  # the three ways of sorting agree
    try:
        table, unclear = ends_of(frame, engine=engine)
    finally:
        ends_pandas.WIDEST = before
    assert unclear.empty
    known = table[["first", "last"]].astype("object").where(table["first"].notna(), None)
    got = zip(known["first"], known["last"], table["rows"], table["valid_rows"], strict=True)
    keys = zip(table["about"], table["informant"], strict=True)
    assert dict(zip(keys, got, strict=True)) == plain_search(frame)


def test_the_order_of_rows_and_the_index_do_not_matter():
    expected, _ = ends_of(FORMS)
    mixed = FORMS.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(ends_of(mixed)[0], expected)
    pd.testing.assert_frame_equal(ends_of(mixed.set_index(np.zeros(len(mixed))))[0], expected)


def test_the_frame_is_not_changed():
    before = FORMS.copy(deep=True)
    ends_of(FORMS)
    pd.testing.assert_frame_equal(FORMS, before)


@pytest.mark.parametrize("engine", ENGINES)
def test_repeated_groups(engine):
    frame = pd.DataFrame({"a": ["y", "x", "y", "x", "z"], "b": [1, 1, 1, 2, 1]})
    assert repeated(ENGINES[engine](frame), ["a", "b"]).to_numpy().tolist() == [["y", 1]]
    assert repeated(ENGINES[engine](frame), ["a"])["a"].tolist() == ["x", "y"]
    assert repeated(ENGINES[engine](frame.head(2)), ["a"]).empty
