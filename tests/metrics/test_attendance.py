"""Attendance from headcounts: the published rate, and identities that must hold."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.metrics import attendance, attendance_result

GOLDEN = Path(__file__).parents[1] / "golden"
COLUMNS = [
    *("estimate", "lower", "upper", "n", "n_missing", "method", "present", "n_unknown"),
    *("n_excused", "estimate_all_absent", "estimate_all_present", "n_persons", "n_persons_absent"),
    *("n_groups", "n_sessions", "expected_at_once", "design_effect", "note"),
]


def r_interval(x, n, level=0.95):
    """Wilson's interval as R gives it (tests/golden/proportions.R)."""
    with (GOLDEN / "proportions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            same = (float(row["x"]), float(row["n"]), float(row["level"]))
            if same == pytest.approx((x, n, level), rel=1e-12):
                return float(row["wilson_lower"]), float(row["wilson_upper"])
    raise AssertionError(f"{x} of {n} is not in the golden file")


def heads(**columns):
    frame = pd.DataFrame(columns)
    whole = {name: "Int64" for name in ("present", "expected") if name in frame}
    return frame.astype(whole)


def test_the_published_rate(smil):
    overall = attendance.rate(smil.headcounts)
    assert overall.columns.tolist() == COLUMNS
    row = overall.iloc[0]
    assert (row["present"], row["n"]) == (95, 108)
    assert row["estimate"] == pytest.approx(0.8796296296296297, abs=1e-15)
    assert f"{row['estimate']:.1%}" == "88.0%"
    assert (row["n_missing"], row["n_unknown"]) == (4, 0)
    assert (row["n_sessions"], row["n_groups"]) == (12, 1)
    assert pd.isna(row["n_persons"])


def test_twelve_sessions_of_nine_children_have_no_interval(smil):
    row = attendance.rate(smil.headcounts).iloc[0]
    assert np.isnan(row["lower"])
    assert np.isnan(row["upper"])
    assert np.isnan(row["design_effect"])
    assert row["method"] == "none"
    assert row["expected_at_once"] == 9
    assert row["note"] == attendance_result.NO_INTERVAL
    assert "attendances are not independent" in row["note"]


@pytest.mark.parametrize("effect", [1.8, 3.0])
def test_a_stated_design_effect_gives_wilson_at_the_effective_n(smil, effect):
    row = attendance.rate(smil.headcounts, design_effect=effect).iloc[0]
    lower, upper = r_interval(95 / effect, 108 / effect)
    assert row["lower"] == pytest.approx(lower, abs=1e-12)
    assert row["upper"] == pytest.approx(upper, abs=1e-12)
    assert row["estimate"] == pytest.approx(95 / 108, abs=1e-15)
    assert row["method"] == "wilson_effective_n"
    assert row["design_effect"] == effect


def test_a_design_effect_of_1_is_plain_wilson(smil):
    row = attendance.rate(smil.headcounts, design_effect=1).iloc[0]
    plain = ek.statistics.proportion(95, 108)
    assert (row["lower"], row["upper"]) == pytest.approx((plain.lower, plain.upper), abs=1e-15)


def test_by_role_leaves_no_headcount_out(smil):
    roles = attendance.rate(smil.headcounts, by="role")
    assert roles["role"].tolist() == ["child", "parent", "adult", "family_member"]
    assert roles["n"].tolist() == [108, 0, 0, 0]
    assert roles["present"].tolist()[0] == 95
    assert roles["present"].isna().tolist() == [False, True, True, True]
    assert roles["n_missing"].tolist() == [0, 2, 1, 1]
    assert set(roles["note"][1:]) == {attendance_result.NOTHING_KNOWN}
    used = roles["n_missing"].sum() + roles["n_sessions"].sum()
    assert used == len(smil.headcounts)


@pytest.mark.parametrize("by", ["kind", "number", "theme", ["group_id", "kind"], "session_id"])
def test_parts_add_up_to_the_whole(smil, by):
    parts = attendance.rate(smil.headcounts.query("role == 'child'"), by=by)
    assert parts["present"].sum() == 95
    assert parts["n"].sum() == 108
    assert parts["n_sessions"].sum() == 12
    assert (parts["estimate"] * parts["n"]).sum() == pytest.approx(95)


def test_by_kind_against_the_published_counts(smil):
    kinds = attendance.rate(smil.headcounts, by="kind").set_index("kind")
    assert kinds["present"].to_dict() == {"children": 54, "family": 23, "activity": 18}
    assert kinds["n"].to_dict() == {"children": 63, "family": 27, "activity": 18}


def test_by_session_gives_the_counts_as_published(smil):
    sessions = attendance.by_session(smil.headcounts)
    children = sessions[sessions["role"] == "child"]
    assert children["present"].tolist() == [7, 9, 8, 9, 7, 8, 8, 7, 9, 7, 8, 8]
    assert children["n"].tolist() == [9] * 12
    assert children["estimate"].tolist() == pytest.approx(
        [count / 9 for count in children["present"]]
    )
    others = sessions[sessions["role"] != "child"]
    assert others["present"].tolist() == [3, 10, 9, 11]
    assert others["n"].isna().all()
    assert others["estimate"].isna().all()
    assert sessions["lower"].isna().all()
    assert set(children["note"]) == {attendance_result.FULL_COUNT}
    assert sessions["n_groups"].tolist() == sessions["n_sessions"].tolist()


def test_by_session_with_a_design_effect(smil):
    row = attendance.by_session(smil.headcounts, design_effect=2).iloc[0]
    assert (row["lower"], row["upper"]) == pytest.approx(r_interval(3.5, 4.5), abs=1e-12)


def test_what_is_not_known_is_counted_and_left_out():
    frame = heads(
        session_id=["1", "2", "3", "4"],
        role=["child"] * 4,
        present=[7, None, 5, None],
        expected=[9, 9, None, None],
    )
    row = attendance.rate(frame).iloc[0]
    assert (row["present"], row["n"], row["n_missing"], row["n_unknown"]) == (7, 9, 3, 9)
    sessions = attendance.by_session(frame)
    assert sessions["present"].isna().tolist() == [False, True, False, True]
    assert sessions["n"].isna().tolist() == [False, False, True, True]
    assert sessions["n_unknown"].tolist() == [0, 9, 0, 0]


def test_blank_groups_are_a_group():
    frame = heads(session_id=["1", "2"], role=["child"] * 2, present=[7, 8], expected=[9, 9])
    by = attendance.rate(frame.assign(kind=["family", None]), by="kind")
    assert by["present"].tolist() == [7, 8]
    assert by["kind"].isna().tolist() == [False, True]


def test_always_everyone_and_nobody():
    frame = heads(session_id=["1", "2"], role=["child"] * 2, present=[9, 0], expected=[9, 9])
    by = attendance.rate(frame, by="session_id", design_effect=1.5)
    assert by["estimate"].tolist() == [1.0, 0.0]
    assert by["upper"].iloc[0] == 1.0
    assert by["lower"].iloc[1] == 0.0


def test_no_rows():
    frame = heads(session_id=[], role=[], present=[], expected=[])
    assert np.isnan(attendance.rate(frame)["estimate"].iloc[0])
    assert attendance.rate(frame, by="role").empty
    assert attendance.by_session(frame).empty


ENGINES = {
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda frame: duckdb.from_df(frame),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [None, "group_id", ["kind", "role"]])
def test_engines_agree(smil, engine, by):
    frame = smil.headcounts.astype({"kind": "str", "role": "str"})
    frame = frame.assign(held_on=pd.NaT)
    pd.testing.assert_frame_equal(
        attendance.rate(ENGINES[engine](frame), by=by, design_effect=2),
        attendance.rate(frame, by=by, design_effect=2),
        check_dtype=False,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_by_session(smil, engine):
    frame = smil.headcounts.astype({"kind": "str", "role": "str"}).drop(columns="held_on")
    pd.testing.assert_frame_equal(
        attendance.by_session(ENGINES[engine](frame)),
        attendance.by_session(frame),
        check_dtype=False,
    )


def test_the_order_of_rows_does_not_matter(smil):
    mixed = smil.headcounts.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        attendance.rate(mixed, by=["kind", "role"]),
        attendance.rate(smil.headcounts, by=["kind", "role"]),
    )
    pd.testing.assert_frame_equal(
        attendance.by_session(mixed), attendance.by_session(smil.headcounts)
    )


def test_without_groups_their_number_is_not_known():
    frame = heads(session_id=["1"], role=["child"], present=[7], expected=[9])
    assert attendance.rate(frame)["n_groups"].isna().all()
    assert attendance.by_session(frame)["n_groups"].isna().all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", ["role", ["kind", "role"]])
def test_engines_agree_on_categories_too(smil, engine, by):
    frame = smil.headcounts.drop(columns="held_on")
    pd.testing.assert_frame_equal(
        attendance.rate(ENGINES[engine](frame), by=by),
        attendance.rate(frame, by=by),
        check_dtype=False,
    )


@pytest.mark.parametrize(
    ("present", "expected"), [([10, 3], [9, 9]), ([-1, 3], [9, 9]), ([7.5, 3], [9, 9])]
)
def test_counts_that_cannot_be(present, expected):
    frame = pd.DataFrame(
        {"session_id": ["1", "2"], "role": "child", "present": present, "expected": expected}
    )
    with pytest.raises(ArgumentError, match="1 headcount cannot be"):
        attendance.rate(frame)


@pytest.mark.parametrize("engine", ["pandas", *ENGINES])
def test_blanks_in_ordinary_floats_are_blanks(engine):
    frame = pd.DataFrame(
        {
            "session_id": ["1", "2", "3"],
            "role": "child",
            "present": [7.0, float("nan"), 9.0],
            "expected": [9.0, 9.0, float("nan")],
        }
    )
    row = attendance.rate(ENGINES.get(engine, lambda same: same)(frame), by="role").iloc[0]
    assert (row["present"], row["n"], row["n_unknown"], row["n_missing"]) == (7, 9, 9, 2)


def test_counts_that_are_text():
    frame = pd.DataFrame({"session_id": ["1"], "role": "child", "present": ["7"], "expected": [9]})
    with pytest.raises(ArgumentError, match="'present' must hold numbers"):
        attendance.rate(frame)


@pytest.mark.parametrize("what", [None, 3, [], "headcounts"])
def test_what_is_no_table(what):
    with pytest.raises(ArgumentError, match="must be a DataFrame"):
        attendance.rate(what)


def test_a_group_named_twice_is_named_once(smil):
    pd.testing.assert_frame_equal(
        attendance.rate(smil.headcounts, by=["role", "role"]),
        attendance.rate(smil.headcounts, by="role"),
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "sex"}, "lacks the column sex"),
        ({"by": "present"}, "is a column of the result"),
        ({"by": "expected"}, "is a column of the result"),
        ({"by": 5}, "columns are named by"),
        ({"design_effect": float("inf")}, "design_effect must be at least 1"),
        ({"design_effect": "2"}, "design_effect must be at least 1"),
        ({"level": None}, "level must lie between 0 and 1"),
        ({"level": 95}, "level must lie between 0 and 1"),
        ({"design_effect": 0.5}, "design_effect must be at least 1, but is 0.5"),
        ({"design_effect": float("nan")}, "design_effect must be at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(smil, options, message):
    with pytest.raises(ArgumentError, match=message):
        attendance.rate(smil.headcounts, **options)


def test_a_table_that_is_no_headcounts(smil):
    with pytest.raises(ArgumentError, match="lacks the columns present, expected"):
        attendance.rate(smil.sessions)
