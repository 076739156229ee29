"""A share of persons' attendances, against R (tests/golden/clustered_proportion.R) and chance."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ArgumentError
from evalkit.statistics import clustered_proportion, proportion

GOLDEN = Path(__file__).parent.parent / "golden" / "clustered_proportion.csv"

# The t quantile of older versions of SciPy has some ten digits, R's has more.
T_QUANTILE = 1e-9


def golden():
    with GOLDEN.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    return rows


def counts(text):
    return np.array(text.split(), dtype=float)


@pytest.mark.parametrize("case", golden(), ids=lambda c: f"{c['set']}-{c['level']}")
def test_against_R(case):
    y, m = counts(case["present"]), counts(case["expected"])
    result = clustered_proportion(y, m, level=float(case["level"]))
    assert result.estimate == pytest.approx(float(case["estimate"]), abs=1e-15)
    assert result.lower == pytest.approx(float(case["lower"]), rel=T_QUANTILE)
    assert result.upper == pytest.approx(float(case["upper"]), rel=T_QUANTILE)
    assert (result.n, result.n_persons, result.method) == (m.sum(), len(m), "logit_t")


persons = st.lists(
    st.integers(0, 14).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))),
    min_size=1,
    max_size=12,
)


@given(persons, st.floats(0.5, 0.99))
def test_the_interval_holds_the_share_has_width_and_lies_in_0_to_1(sets, level):
    y, m = np.array(sets).T
    result = clustered_proportion(y, m, level=level)
    if result.method == "none":
        assert (m > 0).sum() < 2
        assert np.isnan([result.lower, result.upper]).all()
    else:
        assert 0 <= result.lower <= result.estimate <= result.upper <= 1
        assert result.lower < result.upper


@given(persons)
def test_absences_mirror_attendances(sets):
    y, m = np.array(sets).T
    there, mirrored = clustered_proportion(y, m), clustered_proportion(m - y, m)
    assert there.method == mirrored.method
    assert there.lower == pytest.approx(1 - mirrored.upper, abs=1e-12, nan_ok=True)
    assert there.upper == pytest.approx(1 - mirrored.lower, abs=1e-12, nan_ok=True)


@given(persons, st.randoms())
def test_neither_order_nor_persons_never_expected_matter(sets, chance):
    mixed = [*sets, (0, 0)]
    chance.shuffle(mixed)
    one, other = (clustered_proportion(*np.array(rows).T) for rows in (sets, mixed))
    assert one.method == other.method
    assert one[:5] == pytest.approx(other[:5], rel=1e-12, nan_ok=True)


def test_groups_are_the_same_as_one_by_one():
    y = np.array([12, 9, 11, 6, 12, 10, 10, 3, 0])
    m = np.array([12, 12, 12, 10, 12, 12, 12, 4, 0])
    groups = np.array(["b", "b", "b", "b", "b", "a", "a", "c", "d"])
    together = clustered_proportion(y, m, groups=groups)
    assert together.method.tolist() == ["wilson_persons", "logit_t", "none", "none"]
    for place, group in enumerate("abcd"):
        alone = clustered_proportion(y[groups == group], m[groups == group])
        assert [field[place] for field in together[:5]] == pytest.approx(alone[:5], nan_ok=True)
        assert together.method[place] == alone.method


@pytest.mark.parametrize(("came", "asked"), [(12, 12), (10, 12), (0, 12), (1, 3)])
def test_without_variation_between_persons_it_is_wilson_on_persons(came, asked):
    result = clustered_proportion([came] * 9, [asked] * 9)
    wilson = proportion(came / asked * 9, 9)
    assert result.method == "wilson_persons"
    assert (result.lower, result.upper) == pytest.approx((wilson.lower, wilson.upper), abs=1e-15)
    assert (result.n, result.n_persons) == (9 * asked, 9)


def test_equal_rates_of_unequal_numbers_are_no_variation():
    """1/3 of 3, 6 and 9: in floating point the residuals would not be 0."""
    assert clustered_proportion([1, 2, 3], [3, 6, 9]).method == "wilson_persons"


def test_nine_always_there():
    result = clustered_proportion([12] * 9, [12] * 9)
    assert (result.estimate, result.upper) == (1.0, 1.0)
    assert f"{result.lower:.4f}" == "0.7009"  # 9 / (9 + 1.96²)


def test_one_person_and_nobody():
    one, nobody = clustered_proportion([3], [4]), clustered_proportion([], [])
    assert (one.estimate, one.n, one.n_persons, one.method) == (0.75, 4.0, 1, "none")
    assert (nobody.n, nobody.n_persons, nobody.method) == (0.0, 0, "none")
    assert np.isnan([one.lower, one.upper, nobody.estimate, nobody.lower]).all()


SETS, CHILDREN, SESSIONS = 10_000, 9, 12


def coverage(share, correlation):
    """Shares of simulated sets whose interval holds ``share``: ours, and Wilson's on all."""
    rng = np.random.default_rng(20090223)
    shape, spread = (SETS, CHILDREN), 1 / correlation - 1 if correlation else None
    own = rng.beta(share * spread, (1 - share) * spread, shape) if spread else share
    y = rng.binomial(SESSIONS, own, shape)
    groups = np.repeat(np.arange(SETS), CHILDREN)
    ours = clustered_proportion(y.ravel(), np.full(y.size, SESSIONS), groups=groups)
    naive = proportion(y.sum(axis=1), CHILDREN * SESSIONS)
    held = [np.mean((i.lower <= share) & (share <= i.upper)) for i in (ours, naive)]
    return *held, np.mean(ours.estimate == 1)


@pytest.mark.parametrize(
    ("correlation", "ours", "wilson"),
    [(0.0, 0.966, 0.946), (0.1, 0.967, 0.822), (0.3, 0.947, 0.64)],
)
def test_coverage_at_nine_children_and_twelve_sessions(correlation, ours, wilson):
    """Expected values from 40 000 sets with another seed; 4 standard errors of both are .01."""
    held, naive, _ = coverage(0.88, correlation)
    assert held == pytest.approx(ours, abs=0.01)
    assert 0.94 - 0.01 <= held <= 0.97 + 0.01
    assert naive == pytest.approx(wilson, abs=0.022)


def test_coverage_where_many_are_always_there():
    held, _, all_present = coverage(0.98, 0.3)
    assert held == pytest.approx(0.981, abs=0.01)
    assert all_present == pytest.approx(0.429, abs=0.025)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"present": [3, 5], "expected": [4, 4]}, "person 2 has 5 of 4"),
        ({"present": [-1], "expected": [4]}, "person 1 has -1 of 4"),
        ({"present": [0.5], "expected": [4]}, "person 1 has 0.5 of 4"),
        ({"present": [1], "expected": [float("inf")]}, "person 1 has 1 of inf"),
        ({"present": [float("nan")], "expected": [4]}, "person 1 has nan of 4"),
        ({"present": [1, 2], "expected": [4]}, "have the shapes"),
        ({"present": [1, 2], "expected": [4, 4], "groups": ["a"]}, "one group for each of 2"),
        ({"present": [1], "expected": [4], "level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        clustered_proportion(**arguments)
