"""Random tables are suppressed, and attacked by an outsider who shares no code with us."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from benchmarks import outsider, random_tables
from benchmarks.smallest import Smallest, smallest
from benchmarks.suppression import problems, same_pattern, shown
from evalkit import privacy

INF = float("inf")
CHUNK = 20


def mask(table, *spots):
    hidden = np.zeros(table.shape, dtype=bool)
    for spot in spots:
        hidden[spot] = True
    return hidden


def inner(table):
    return np.pad(np.ones(np.subtract(table.shape, 1), dtype=bool), (0, 1))


def margins(seed, **options):
    return outsider.with_margins(random_tables.table(seed, **options).to_numpy())


@pytest.mark.parametrize(
    "first",
    [pytest.param(n, marks=pytest.mark.thorough if n else ()) for n in range(0, 200, CHUNK)],
)
def test_the_outsider_finds_nothing(first):
    for seed in range(first, first + CHUNK):
        counts = random_tables.table(seed)
        result = privacy.suppress(counts, min_cell=5)
        assert problems(counts, result) == [], f"seed {seed}"
        if seed % 4 == 0:  # the benchmark shuffles all
            again = privacy.suppress(random_tables.shuffled(counts, seed), min_cell=5)
            assert same_pattern(result, again), f"seed {seed}"


def test_hardly_more_is_hidden_than_must_be():
    hidden = best = 0
    for seed in range(40):
        counts = random_tables.table(seed, largest=random_tables.SMALL)
        optimum = smallest(outsider.with_margins(counts.to_numpy()))
        if optimum is None:
            continue
        ours = np.isnan(shown(privacy.suppress(counts, min_cell=5))).sum()
        assert ours >= optimum.hidden, f"seed {seed}: the search of the optimum is wrong"
        hidden, best = hidden + ours, best + optimum.hidden
    assert best > 100
    assert hidden <= 1.05 * best


def test_a_number_hidden_alone_is_given_back():
    table = outsider.with_margins([[3, 12], [9, 26]])
    for spot in np.ndindex(table.shape):
        lower, upper = outsider.bounds(table, mask(table, spot))
        assert lower.tolist() == upper.tolist() == table.tolist()
    assert list(outsider.too_narrow(table, mask(table, (0, 0)), 5)) == [(0, 0)]


def test_two_of_a_row_are_given_back_by_their_columns():
    table = outsider.with_margins([[3, 12], [9, 26]])
    assert outsider.number(table, mask(table, (0, 0), (0, 1)), 0, 1) == (12, 12)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ([[3, 12], [9, 26]], [[0, 3], [0, 23]], [[12, 15], [12, 35]]),
        ([[3, 1], [2, 40]], [[0, 0], [1, 37]], [[4, 4], [5, 41]]),
        ([[8, 1, 0], [0, 2, 1]], [[5, 0, 0], [0, 0, 0]], [[8, 3, 1], [3, 3, 1]]),
    ],
)
def test_all_cells_hidden_and_all_margins_shown_gives_the_bounds_of_frechet(counts, lower, upper):
    table = outsider.with_margins(counts)
    found = outsider.bounds(table, inner(table))
    assert [bound[:-1, :-1].tolist() for bound in found] == [lower, upper]


def test_hidden_up_to_the_total_a_number_has_no_end():
    table = outsider.with_margins([[3, 12], [9, 26]])
    hidden = mask(table, (0, 0), (0, 2), (2, 0), (2, 2))
    lower, upper = outsider.bounds(table, hidden)
    assert lower[hidden].tolist() == [0, 12, 9, 47]
    assert upper[hidden].tolist() == [INF] * 4
    assert not any(outsider.too_narrow(table, hidden, 5))


def test_bounds_through_a_margin():
    """Cell and row total rise together; the total stays, so that the other row total falls."""
    table = outsider.with_margins([[3, 12], [9, 26]])
    hidden = mask(table, (0, 0), (0, 2), (1, 0), (1, 2))
    lower, upper = outsider.bounds(table, hidden)
    assert lower[hidden].tolist() == [0, 12, 0, 26]
    assert upper[hidden].tolist() == [12, 24, 12, 38]


def test_an_unsafe_number_that_is_shown_is_known():
    table = outsider.with_margins([[3, 12], [9, 26]])
    assert list(outsider.too_narrow(table, mask(table), 5)) == [(0, 0)]


def test_the_width_is_that_of_the_smallest_shown_total_above():
    table = outsider.with_margins([[1, 2], [3, 14]])
    hidden = mask(table, (0, 2))
    width = outsider.required_width(table, hidden, 18)
    assert width.tolist() == [[4, 16, 18], [4, 16, 18], [18, 18, 18]]
    hidden[2, 0] = True
    assert outsider.required_width(table, hidden, 30)[0].tolist() == [20, 16, 20]
    hidden[2, 2] = True
    assert outsider.required_width(table, hidden, 30)[0].tolist() == [30, 16, 30]


def test_the_rest_of_a_total():
    """Two children beside fifty, of 52."""
    table = outsider.with_margins([[50, 1, 1], [20, 30, 40]])
    assert np.argwhere(outsider.complements(table, 5)).tolist() == [[0, 0]]
    for hidden, expected in [
        (mask(table), (2, 2)),
        (mask(table, (0, 1), (0, 2), (1, 1), (1, 2)), (2, 2)),  # it is the total minus fifty
        (mask(table, (0, 0), (0, 3), (1, 0), (1, 3)), (2, 2)),  # it is the sum of both
        (mask(table, (0, 0), (0, 1), (1, 0), (1, 1)), (1, 32)),
        (mask(table, (0, 0), (0, 2), (1, 0), (1, 2)), (1, 42)),
        (inner(table), (0, 52)),
    ]:
        assert outsider.complement(table, hidden, 0, 0) == expected
        narrow = (0, 0, "row") in list(outsider.narrow_complements(table, hidden, 5))
        assert narrow == (expected == (2, 2))


@pytest.mark.parametrize("seed", range(12))
def test_flows_and_linear_programs_find_the_same(seed):
    rng = np.random.default_rng(seed)
    table = margins(seed, largest=(5, 4))
    hidden = rng.random(table.shape) < rng.choice([0.4, 0.7, 1])
    lower, upper = outsider.bounds(table, hidden)
    for spot in np.argwhere(hidden):
        weights = np.zeros(table.shape, dtype=int)
        weights[*spot] = 1
        found = outsider.interval(table, hidden, weights)
        assert np.allclose(found, (lower[*spot], upper[*spot]))
    for numbers, its_hidden in ((table, hidden), (table.T, hidden.T)):
        for row, column in np.ndindex(len(numbers), numbers.shape[1] - 1):
            weights = np.zeros(numbers.shape, dtype=int)
            weights[row, [-1, column]] = 1, -1
            found = outsider.interval(numbers, its_hidden, weights)
            assert np.allclose(found, outsider.complement(numbers, its_hidden, row, column))


def test_one_unsafe_cell_takes_three_companions():
    table = outsider.with_margins([[1, 20], [30, 40]])
    assert smallest(table) == Smallest(hidden=4, companions=3, people=90, patterns=4)
    assert smallest(outsider.with_margins([[0, 20], [30, 40]])) == Smallest(0, 0, 0, 1)
    assert smallest(table, most=2) is None


@pytest.mark.parametrize("seed", range(8))
def test_the_search_skips_nothing_that_would_do(seed):
    table = margins(seed, largest=(2, 2))
    found = [
        hidden
        for bits in itertools.product([False, True], repeat=table.size)
        if not any(outsider.too_narrow(table, hidden := np.reshape(bits, table.shape), 5))
    ]
    fewest = min(hidden.sum() for hidden in found)
    patterns = [hidden for hidden in found if hidden.sum() == fewest]
    optimum = smallest(table, most=9)
    assert (optimum.hidden, optimum.patterns) == (fewest, len(patterns))


def test_tables_of_a_seed_are_the_same_and_of_all_kinds():
    tables = [random_tables.table(seed) for seed in range(200)]
    assert all(map(random_tables.table(7).equals, [tables[7]]))
    shapes = [table.shape for table in tables]
    assert np.min(shapes, axis=0).tolist() == [2, 2]
    assert np.max(shapes, axis=0).tolist() == [12, 8]
    totals = [table.to_numpy().sum() for table in tables]
    assert sum(total < 20 for total in totals) > 20
    assert max(totals) > 5000
    assert sum((table == 0).all(axis=1).any() for table in tables) > 20
