"""The one gate: what is unsafe is hidden, with all that gives it away in the same row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ArgumentError
from evalkit.metrics import attendance, background
from evalkit.privacy import HIDDEN, Cells, Policy, protect

CELLS = Cells("children", keys=("site",), count="count", total="n", derived=("share",))


def result(counts, totals):
    frame = pd.DataFrame({"site": [str(i) for i in range(len(counts))], "count": counts})
    return frame.assign(n=totals, share=np.asarray(counts) / np.asarray(totals))


def test_small_counts_and_what_is_derived_from_them_are_hidden():
    out = protect(result([4, 5, 20, 0], [40, 40, 40, 40]), CELLS, Policy(min_cell=5))
    assert out[HIDDEN].tolist() == [True, False, False, False]
    assert out["count"].isna().tolist() == [True, False, False, False]
    assert out["share"].isna().tolist() == [True, False, False, False]
    assert out["n"].tolist() == [40, 40, 40, 40]
    assert out["count"].tolist()[1:] == [5, 20, 0]


def test_what_is_left_of_the_total_counts_people_too():
    out = protect(result([36, 35, 33], [40, 40, 40]), CELLS, Policy(min_cell=5))
    assert out[HIDDEN].tolist() == [True, False, False]
    shown = protect(result([36], [40]), CELLS, Policy(complements="show"))
    assert not shown[HIDDEN].any()


def test_that_everyone_is_the_same_is_hidden():
    out = protect(result([40, 0], [40, 40]), CELLS, Policy())
    assert out[HIDDEN].tolist() == [True, False]
    assert out["n"].tolist() == [40, 40]
    shown = protect(result([40, 0], [40, 40]), CELLS, Policy(full_rows="show"))
    assert not shown[HIDDEN].any()


def test_nobody_is_hidden_where_the_policy_says_so():
    out = protect(result([0, 20], [40, 40]), CELLS, Policy(zeros="hide"))
    assert out[HIDDEN].tolist() == [True, False]


def test_an_unsafe_total_is_hidden_itself():
    out = protect(result([0], [3]), CELLS, Policy(min_cell=5))
    assert out["n"].isna().all()
    assert out[HIDDEN].all()


def test_few_persons_behind_many_attendances():
    cells = Cells("attendances", count="count", total="n", persons=("n_persons",))
    frame = pd.DataFrame({"count": [30, 30], "n": [36, 36], "n_persons": [3, 9]})
    out = protect(frame, cells, Policy(min_cell=5))
    assert out[HIDDEN].tolist() == [True, False]
    assert out["n_persons"].isna().tolist() == [True, False]
    assert out["n"].isna().tolist() == [True, False]


def test_the_rate_of_three_children_does_not_tell_that_they_are_three():
    heads = pd.DataFrame(
        {"session_id": list("1234"), "role": "child", "present": [3, 0, 3, 0], "expected": 3}
    )
    rate = attendance.rate(heads, by="role")
    out = protect(rate, attendance.RATE_CELLS.by("role"), Policy(min_cell=5))
    assert rate["expected_at_once"].tolist() == [3]
    for column in ("present", "n", "estimate", "expected_at_once"):
        assert out[column].isna().all(), column


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8),
    st.integers(2, 10),
)
def test_nothing_unsafe_is_ever_shown(cells, min_cell):
    counts = [count for count, _ in cells]
    totals = [count + rest for count, rest in cells]
    frame = pd.DataFrame({"site": range(len(cells)), "count": counts, "n": totals, "share": 0.5})
    out = protect(frame, CELLS, Policy(min_cell=min_cell))
    for shown, total, true, n in zip(out["count"], out["n"], counts, totals, strict=True):
        unsafe = any(0 < number < min_cell for number in (true, n - true, n))
        full = true == n > 0
        assert pd.isna(shown) == (unsafe or full)
        assert pd.isna(shown) or shown == true
        # A hidden count lies from 0 to its total: of fewer than min_cell that is too close. With
        # min_cell of 2 a total of 2 is hidden too: 1 and 1 would follow from the rule.
        assert pd.isna(total) == (0 < n < max(min_cell, 3) and (unsafe or full or n < min_cell))


@pytest.mark.parametrize(
    "policy", [Policy(internal=True), Policy(already_published=True)], ids=["internal", "public"]
)
def test_policies_that_hide_nothing(policy):
    out = protect(result([1, 2], [9, 9]), CELLS, policy)
    assert out["count"].tolist() == [1, 2]
    assert not out[HIDDEN].any()


def test_unknown_counts_are_not_hidden_ones():
    frame = pd.DataFrame({"site": ["a"], "count": pd.array([pd.NA], dtype="Int64")})
    frame = frame.assign(n=frame["count"], share=np.nan)
    assert not protect(frame, CELLS, Policy())[HIDDEN].any()


def test_a_column_nobody_accounted_for_stops_everything():
    frame = result([9], [9]).assign(mean=3.2)
    with pytest.raises(ArgumentError, match="mean are not declared in Cells"):
        protect(frame, CELLS, Policy())


def test_a_declared_column_must_be_there():
    with pytest.raises(ArgumentError, match="lacks the column share"):
        protect(result([9], [9]).drop(columns="share"), CELLS, Policy())


def test_the_result_is_not_changed():
    frame = result([1, 9], [9, 9])
    before = frame.copy(deep=True)
    protect(frame, CELLS, Policy())
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("min_cell", [1, 0, -3, float("nan"), 5.5, float("inf"), "5", None])
def test_a_threshold_that_protects_nobody_is_refused(min_cell):
    with pytest.raises(ArgumentError, match="min_cell must be a whole number of at least 2"):
        Policy(min_cell=min_cell)


def test_other_counts_are_hidden_by_themselves():
    cells = Cells("children", count="count", total="n", also=("n_missing",))
    frame = pd.DataFrame({"count": [12, 6], "n": [18, 18], "n_missing": [1, 7]})
    out = protect(frame, cells, Policy(min_cell=5))
    assert not out[HIDDEN].any()
    assert out["n_missing"].isna().tolist() == [True, False]
    assert out["hidden_n_missing"].tolist() == [True, False]


def test_only_pandas_results_are_protected():
    with pytest.raises(ArgumentError, match="must be a pandas DataFrame"):
        protect(pl.DataFrame({"count": [1]}), Cells("x", count="count"), Policy())


@pytest.mark.parametrize("counts", [[-3], ["3"]])
def test_what_is_no_count_of_people_is_refused(counts):
    frame = pd.DataFrame({"count": counts})
    with pytest.raises(ArgumentError, match="'count' must hold counts of people"):
        protect(frame, Cells("x", count="count"), Policy())


def test_every_metric_accounts_for_every_column_of_its_result(smil):
    by = ["group_id", "role"]
    rate = attendance.rate(smil.headcounts, by=by)
    assert set(rate.columns) == set(attendance.RATE_CELLS.by(*by).columns)
    sessions = attendance.by_session(smil.headcounts)
    assert set(sessions.columns) == set(attendance.by_session_cells(sessions).columns)
    people = background.distribution(smil.margins)
    assert set(people.columns) == set(background.DISTRIBUTION_CELLS.columns)


def test_attendance_totals_are_open_unless_the_policy_closes_them(smil):
    """Nine children, seven present: two were not, and who they were is told by nothing."""
    sessions = attendance.by_session(smil.headcounts)
    cells = attendance.by_session_cells(sessions)
    out = protect(sessions, cells, Policy())
    assert (
        out.loc[out["role"] == "child", "present"].tolist()
        == sessions.loc[sessions["role"] == "child", "present"].tolist()
    )
    closed = protect(sessions, cells, Policy(open=()))
    children = closed[closed["role"] == "child"]
    assert children["present"].dropna().tolist() == [9, 9, 9]
    assert children["n"].tolist() == [9] * 12


def register(persons, sessions=4, **columns):
    rows = [(f"p{n:02}", f"s{s}") for n in range(persons) for s in range(sessions)]
    table = pd.DataFrame(rows, columns=["person_id", "session_id"]).assign(**columns)
    return table.assign(status=np.where(np.arange(len(rows)) % 7 == 0, "absent", "present"))


def test_of_groups_that_are_too_small_not_even_attendance_is_told():
    few = attendance.rate(register(4, role="child"), by="role")
    out = protect(few, attendance.RATE_CELLS.by("role"), Policy())
    assert out[["present", "n", "estimate"]].isna().all(axis=None)
    enough = attendance.rate(register(5, role="child"), by="role")
    assert not protect(enough, attendance.RATE_CELLS.by("role"), Policy())[HIDDEN].any()


def test_attendance_by_what_children_are_is_personal():
    people = pd.concat(
        [register(9, gender="girl"), register(9, gender="boy").assign(person_id="q")]
    )
    people["person_id"] += people.groupby(["gender", "session_id"]).cumcount().astype("str")
    table = people.assign(status="present")
    table.loc[table.index[0], "status"] = "absent"
    rate = attendance.rate(table, by="gender")
    out = protect(rate, attendance.RATE_CELLS.by("gender"), Policy())
    assert out[HIDDEN].any()


def test_shares_do_not_tell_how_many_marks_are_unknown():
    """434 of 501 and 86.3 % if all unknown were absences: two are unknown."""
    marks = ["present"] * 30 + ["absent"] * 8 + ["unknown"] * 2
    register = pd.DataFrame(
        {
            "person_id": [f"p{n % 10}" for n in range(40)],
            "session_id": [f"s{n // 10}" for n in range(40)],
            "status": marks,
        }
    )
    rate = attendance.rate(register)
    public = protect(rate, attendance.RATE_CELLS, Policy(min_cell=5))
    assert not public[HIDDEN].any()
    assert public["present"].tolist() == [30]
    told = ["n_unknown", "n_missing", "estimate_all_absent", "estimate_all_present"]
    assert public[told].isna().all(axis=None)
    assert public[[f"{HIDDEN}_{name}" for name in told]].all(axis=None)
    inside = protect(rate, attendance.RATE_CELLS, Policy(internal=True))
    assert inside[told].notna().all(axis=None)
