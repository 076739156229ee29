"""Whole steps: what is compared in them is what would be compared exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ArgumentError
from evalkit.instruments import cutoff_ticks, in_clinical_range, threshold_ticks, to_ticks

COMPARE = {
    "<": lambda score, cutoff: score < cutoff,
    "<=": lambda score, cutoff: score <= cutoff,
    ">": lambda score, cutoff: score > cutoff,
    ">=": lambda score, cutoff: score >= cutoff,
}


def test_every_step_of_a_form_is_its_own_tick():
    ticks = np.arange(-400, 401)
    np.testing.assert_array_equal(to_ticks(ticks / 10, 10), ticks)


def test_ties_go_up_and_what_is_not_known_is_0():
    assert to_ticks([0.25, -0.25, np.nan], 2).tolist() == [1, 0, 0]
    assert threshold_ticks([np.nan, 6.6], 10).tolist() == [0, 66]
    assert cutoff_ticks([np.nan, 28], 10, ">").tolist() == [0, 280]


def test_a_change_of_5_counts_from_every_first_score():
    first = np.arange(0, 351)
    change = to_ticks((first + 50) / 10, 10) - to_ticks(first / 10, 10)
    assert (change >= threshold_ticks(5, 10)).all()
    by_floats = (first + 50) / 10 - first / 10 >= 5
    assert not by_floats.all()  # what whole steps are for


@given(st.integers(0, 4000), st.integers(1, 20), st.integers(0, 400))
def test_a_threshold_off_the_steps_counts_from_the_next_step(hundredths, steps, ticks):
    threshold = hundredths / 100
    reached = Fraction(ticks, steps) >= Fraction(hundredths, 100)
    assert (ticks >= threshold_ticks(threshold, steps)) == reached


@given(st.integers(0, 4000), st.integers(0, 400), st.sampled_from([*COMPARE]))
def test_a_cutoff_off_the_steps_parts_scores_as_it_says(hundredths, ticks, side):
    cutoff = cutoff_ticks(hundredths / 100, 10, side)
    exact = COMPARE[side](Fraction(ticks, 10), Fraction(hundredths, 100))
    assert in_clinical_range(ticks, cutoff, side) == exact


@pytest.mark.parametrize(
    "call", [lambda: cutoff_ticks(28, 10, "=<"), lambda: in_clinical_range(1, 1, "=<")]
)
def test_a_side_that_is_none_is_refused(call):
    with pytest.raises(ArgumentError, match=r"side is '=<'\. .*Known: <, <=, >, >=\."):
        call()
