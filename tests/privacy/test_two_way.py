"""Two-way tables: hand-worked patterns, bounds that can be checked with a pencil, errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError


def table(rows):
    index = [f"r{n}" for n in range(len(rows))]
    return pd.DataFrame(rows, index=index, columns=[f"c{n}" for n in range(len(rows[0]))])


def test_a_lone_small_count_takes_three_companions():
    """3 needs its row, its column and the corner between them: the smallest rectangle."""
    safe = ek.privacy.suppress(table([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    assert safe.primary.to_numpy().sum() == 1
    assert safe.secondary.to_numpy().sum() == 3
    hidden = safe.primary | safe.secondary
    # Of all rectangles through the 3, that with the fewest people: 3, 20, 40, 50.
    assert hidden.iloc[:2, :2].to_numpy().all()


def test_the_bounds_are_those_worked_out_by_hand():
    """With a = 3 hidden in a rectangle, a moves from 0 up to the smaller of its row and column."""
    safe = ek.privacy.suppress(table([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    found = ek.privacy.audit(safe).set_index(["row", "column"])
    assert found.loc[("r0", "c0"), ["lower", "upper"]].tolist() == [0, 23]
    assert found.loc[("r0", "c1"), ["lower", "upper"]].tolist() == [0, 23]
    assert found.loc[("r1", "c0"), ["lower", "upper"]].tolist() == [20, 43]
    assert found.loc[("r1", "c1"), ["lower", "upper"]].tolist() == [47, 70]
    assert (found["width"] == 23).all()
    assert (found["required"] == 5).all()
    assert found["safe"].all()


def test_two_small_counts_of_which_the_sum_is_small_are_not_enough():
    """1 and 2 in a row of 43: their sum, 3, would be known, so a third is hidden in the row."""
    safe = ek.privacy.suppress(table([[1, 2, 40], [30, 31, 32]]))
    hidden = (safe.primary | safe.secondary).to_numpy()
    assert hidden[0, :3].sum() + hidden[0, 3] >= 3
    assert ek.privacy.audit(safe)["safe"].all()


def test_zeros_may_be_companions_and_are_cheapest():
    safe = ek.privacy.suppress(table([[3, 0, 30], [0, 9, 60], [70, 80, 90]]))
    assert ek.privacy.audit(safe)["safe"].all()
    assert safe.secondary.to_numpy().sum() == 3


def test_what_is_left_of_a_total_is_protected():
    """38 of 40 are in one cell, 1 and 1 in two others: that 2 are left over must not be told."""
    safe = ek.privacy.suppress(table([[38, 1, 1], [20, 30, 40]]))
    hidden = (safe.primary | safe.secondary).to_numpy()
    assert hidden[0, 0] or hidden[0, 3]


def test_nothing_unsafe_nothing_hidden():
    counts = table([[5, 0], [7, 9]])
    safe = ek.privacy.suppress(counts)
    assert not (safe.primary | safe.secondary).to_numpy().any()
    assert safe.total == 21
    assert safe.row_totals.tolist() == [5, 16]
    assert safe.column_totals.tolist() == [12, 9]
    assert ek.privacy.audit(safe).empty
    pd.testing.assert_frame_equal(safe.table, counts.astype(float))


def test_a_table_of_too_few_people_tells_nothing_of_them():
    safe = ek.privacy.suppress(table([[1, 2]]))
    assert safe.table.isna().to_numpy().all()
    assert np.isnan(safe.total)
    found = ek.privacy.audit(safe)
    assert np.isinf(found["upper"]).all()


def test_min_cell_of_two_does_not_tell_that_two_hidden_are_ones():
    safe = ek.privacy.suppress(table([[1, 1, 7], [8, 9, 10]]), min_cell=2)
    found = ek.privacy.audit(safe)
    assert found["safe"].all()
    ones = found[(found["row"] == "r0") & found["column"].isin(["c0", "c1"])]
    assert (ones["rule_upper"] > ones["rule_lower"]).all()


def test_the_rule_narrows_what_sums_leave_open():
    """Two hidden that add up to 6, one of them below 5: neither is 0 or 6."""
    safe = ek.privacy.suppress(table([[2, 4, 30], [20, 10, 30], [20, 20, 20]]))
    found = ek.privacy.audit(safe)
    row = found[(found["row"] == "r0") & (found["column"] == "c0")].iloc[0]
    assert (row["lower"], row["upper"]) == (0, 6)
    assert (row["rule_lower"], row["rule_upper"]) == (1, 5)


def test_a_number_put_back_is_found_out():
    safe = ek.privacy.suppress(table([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    safe.table.loc["r1", "c1"] = 50
    found = ek.privacy.audit(safe).set_index(["row", "column"])
    assert not found.loc[("r0", "c0"), "safe"]
    assert found.loc[("r0", "c0"), ["lower", "upper"]].tolist() == [3, 3]


def test_order_and_transposition_do_not_matter():
    rng = np.random.default_rng(4)
    counts = table(rng.geometric(0.12, (7, 5)) - 1)
    safe = ek.privacy.suppress(counts)
    hidden = safe.table.isna()
    shuffled = counts.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    again = ek.privacy.suppress(shuffled).table.isna()
    pd.testing.assert_frame_equal(again.loc[hidden.index, hidden.columns], hidden)


def test_labels_may_be_numbers_and_dates():
    counts = pd.DataFrame({2019: [3, 12], 2020: [11, 8]}, index=[8, 9])
    safe = ek.privacy.suppress(counts)
    assert safe.published.columns.tolist() == [2019, 2020, "total"]
    assert ek.privacy.audit(safe)["row"].tolist() == [8, 8, 9, 9]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (pd.DataFrame({"a": [1.5]}), "row 0, column 'a' holds"),
        (pd.DataFrame({"a": [-1]}), "whole numbers from 0 up"),
        (pd.DataFrame({"a": [None]}), "whole numbers from 0 up"),
        (pd.DataFrame({"a": ["x"]}), "whole numbers from 0 up"),
        (pd.DataFrame({"total": [5]}), "called 'total'"),
        (pd.DataFrame([[5, 6]], columns=["a", "a"]), "two columns of counts have the same name"),
        (pd.DataFrame({"a": [5, 6]}, index=["x", "x"]), "two rows of counts have the same name"),
        (pd.DataFrame(), "no rows or no columns"),
        ([[1]], "must be a pandas DataFrame"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(counts, message):
    with pytest.raises(ArgumentError, match=message):
        ek.privacy.suppress(counts)


@pytest.mark.parametrize("min_cell", [1, 0, 2.5, "5", None, True])
def test_a_threshold_that_is_none_is_refused(min_cell):
    with pytest.raises(ArgumentError, match="min_cell must be a whole number of at least 2"):
        ek.privacy.suppress(table([[5]]), min_cell=min_cell)


def test_only_suppressed_tables_are_audited():
    with pytest.raises(ArgumentError, match="needs what `suppress` returned"):
        ek.privacy.audit(table([[5]]))
