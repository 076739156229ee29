"""A share and its interval, against R (tests/golden/proportions.R)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ArgumentError
from evalkit.statistics import proportion

GOLDEN = Path(__file__).parent.parent / "golden" / "proportions.csv"


def golden():
    with GOLDEN.open(encoding="utf-8") as file:
        return [
            {key: float("nan") if value == "NA" else float(value) for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("case", golden(), ids=lambda c: f"{c['x']:g}-{c['n']:g}-{c['level']:g}")
def test_against_R(case):
    wilson = proportion(case["x"], case["n"], level=case["level"])
    assert wilson.estimate == pytest.approx(case["x"] / case["n"], abs=1e-15)
    assert wilson.lower == pytest.approx(case["wilson_lower"], abs=1e-13)
    assert wilson.upper == pytest.approx(case["wilson_upper"], abs=1e-13)
    assert (wilson.n, wilson.method) == (case["n"], "wilson")
    if np.isnan(case["exact_lower"]):
        return
    exact = proportion(case["x"], case["n"], method="clopper_pearson", level=case["level"])
    assert exact.lower == pytest.approx(case["exact_lower"], abs=1e-12)
    assert exact.upper == pytest.approx(case["exact_upper"], abs=1e-12)
    assert (exact.n, exact.method) == (case["n"], "clopper_pearson")


counts = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from(["wilson", "clopper_pearson"]), st.floats(0.5, 0.999))
def test_the_interval_holds_the_share_and_lies_in_0_to_1(count, method, level):
    result = proportion(*count, method=method, level=level)
    assert 0 <= result.lower <= result.estimate <= result.upper <= 1


@given(counts, st.sampled_from(["wilson", "clopper_pearson"]))
def test_failures_mirror_successes(count, method):
    x, n = count
    there, mirrored = (proportion(k, n, method=method) for k in (x, n - x))
    assert there.lower == pytest.approx(1 - mirrored.upper, abs=1e-12)
    assert there.upper == pytest.approx(1 - mirrored.lower, abs=1e-12)


def test_arrays_are_the_same_as_one_by_one():
    x, n = np.array([0, 3, 95]), np.array([9, 9, 108])
    together = proportion(x, n)
    for place, (successes, trials) in enumerate(zip(x, n, strict=True)):
        alone = proportion(successes, trials)
        assert together.lower[place] == alone.lower
        assert together.upper[place] == alone.upper


def test_nothing_tried_gives_no_number_and_no_warning():
    result = proportion([0, 1], [0, 2])
    assert np.isnan(result.estimate[0])
    assert np.isnan(result.lower[0])
    assert np.isnan(result.upper[0])
    assert result.estimate[1] == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"successes": -1, "n": 9}, "-1 of 9"),
        ({"successes": 10, "n": 9}, "10 of 9"),
        ({"successes": 1, "n": 9, "level": 95}, "level must lie between 0 and 1, but is 95"),
        ({"successes": 1, "n": 9, "method": "wilsons"}, "Did you mean 'wilson'"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        proportion(**arguments)
