"""Tables of counts as evaluations have them, and worse: skewed, with zeros, or of few people."""

from __future__ import annotations

import numpy as np
import pandas as pd

LARGEST = (12, 8)
SMALL = (4, 4)


def table(seed: int, *, largest: tuple[int, int] | None = None) -> pd.DataFrame:
    """Return the table of a seed: two rows and columns or more; a third are 4 x 4 or smaller."""
    rng = np.random.default_rng(seed)
    if largest is None:
        largest = SMALL if rng.random() < 1 / 3 else LARGEST
    shape = tuple(int(rng.integers(2, most + 1)) for most in largest)
    kinds = (_geometric, _negative_binomial, _zipf, _multinomial, _few_people)
    counts = kinds[rng.integers(len(kinds))](rng, shape)
    _put_zeros(counts, rng)
    rows, columns = ([f"{word} {n + 1}" for n in range(length)] for word, length in _named(shape))
    return pd.DataFrame(counts, index=rows, columns=columns)


def shuffled(counts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the same table with its rows and its columns in another order."""
    rng = np.random.default_rng(seed)
    rows, columns = counts.shape
    return counts.iloc[rng.permutation(rows), rng.permutation(columns)]


def _named(shape):
    return zip(("group", "answer"), shape, strict=True)


def _geometric(rng, shape):
    return rng.geometric(rng.choice([0.03, 0.1, 0.3, 0.6]), shape) - 1


def _negative_binomial(rng, shape):
    """Return counts whose means differ by row and by column."""
    mean = rng.choice([2, 8, 40, 300]) * rng.lognormal(0, 0.8, (shape[0], 1))
    mean = mean * rng.lognormal(0, 0.8, (1, shape[1]))
    size = rng.choice([0.5, 1, 3])
    return rng.negative_binomial(size, size / (size + mean))


def _zipf(rng, shape):
    return np.minimum(rng.zipf(rng.choice([1.3, 1.7, 2.2]), shape) - 1, 5000)


def _multinomial(rng, shape):
    """Return a number of people that fall into rows and columns of very different size."""
    people = int(np.exp(rng.uniform(np.log(20), np.log(20_000))))
    return _share_out(people, rng, shape, rng.choice([0.5, 1, 4]))


def _few_people(rng, shape):
    return _share_out(int(rng.integers(1, 20)), rng, shape, 1)


def _share_out(people, rng, shape, evenness):
    shares = [rng.dirichlet(np.full(length, evenness)) for length in shape]
    return rng.multinomial(people, np.outer(*shares).ravel()).reshape(shape)


def _put_zeros(counts, rng):
    counts[rng.random(counts.shape) < rng.choice([0, 0, 0.1, 0.3, 0.6])] = 0
    if rng.random() < 0.15:
        counts[rng.integers(len(counts))] = 0
    if rng.random() < 0.15:
        counts[:, rng.integers(counts.shape[1])] = 0
