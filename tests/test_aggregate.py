"""Sums are the same on every engine, and blanks are blanks on all of them."""

from __future__ import annotations

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from evalkit.aggregate import sums

FRAME = pd.DataFrame(
    {
        "group": ["b", "a", "a", None, "b"],
        "present": pd.array([7, 9, None, 3, 2], dtype="Int64"),
        "score": [1.5, float("nan"), 2.0, 4.0, float("nan")],
    }
)


def duck(frame):
    connection = duckdb.connect()
    connection.register("frame", frame)
    return connection.sql("select * from frame")


ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duck,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_sums_by_group(engine):
    above = nw.when(nw.col("score") >= 2).then(nw.lit(1)).otherwise(nw.lit(0))
    result = sums(
        ENGINES[engine](FRAME),
        ["group"],
        {"present": nw.col("present"), "score": nw.col("score"), "above": above},
    )
    assert result["group"].tolist()[:2] == ["a", "b"]
    assert pd.isna(result["group"].iloc[2])
    assert result["present"].tolist() == [9, 9, 3]
    assert result["score"].tolist() == [2.0, 1.5, 4.0]
    assert result["above"].tolist() == [1, 0, 1]  # a NaN is not 2 or more
    assert result["rows"].tolist() == [2, 2, 1]
    assert [str(dtype) for dtype in result.dtypes[1:]] == ["int64", "float64", "int64", "int64"]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_groups_is_one_row(engine):
    result = sums(ENGINES[engine](FRAME), [], {"present": nw.col("present")})
    assert result.to_dict("records") == [{"present": 21, "rows": 5}]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_in_nothing_out(engine):
    result = sums(ENGINES[engine](FRAME.head(0)), ["group"], {"present": nw.col("present")})
    assert list(result.columns) == ["group", "present", "rows"]
    assert result.empty


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", ["str", "category"])
def test_closed_vocabularies_keep_their_order_on_every_engine(engine, dtype):
    roles = pd.DataFrame({"role": ["parent", "adult", "child", "adult"]}, dtype=dtype)
    result = sums(ENGINES[engine](roles), ["role"], {})
    assert result["role"].tolist() == ["child", "parent", "adult"]
    assert result["rows"].tolist() == [1, 1, 2]


@pytest.mark.parametrize("engine", ENGINES)
def test_other_categories_are_sorted_by_their_letters(engine):
    letters = pd.Categorical(["z", "a", "z"], categories=["z", "m", "a"])
    result = sums(ENGINES[engine](pd.DataFrame({"letter": letters})), ["letter"], {})
    assert result["letter"].tolist() == ["a", "z"]


def test_the_frame_is_not_changed():
    before = FRAME.copy(deep=True)
    sums(FRAME, ["group"], {"present": nw.col("present")})
    pd.testing.assert_frame_equal(FRAME, before)
