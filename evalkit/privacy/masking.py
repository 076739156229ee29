"""A result without what is hidden in it, and columns that say where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.locale import N_
from evalkit.privacy.few_answers import hidden_means

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells, Mean
    from evalkit.privacy.numbering import Numbered
    from evalkit.privacy.policy import Policy

    Mask = NDArray[np.bool_]
    Flags = dict[str, Mask]

HIDDEN = "hidden"
"""The column that `protect` adds: whether the numbers of a row are hidden.

Totals and other counts have their own, ``hidden_<column>``: they may be shown where the count
is not, and the other way round.
"""

TOO_FEW = N_("No interval: it takes 10 people to show one.")


def masked(
    result: pd.DataFrame,
    cells: Cells,
    policy: Policy,
    counts: Numbered,
    hidden: frozenset[str],
    apart: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Return the result without its hidden numbers and what is worked out from them.

    ``apart`` are the ids of hidden numbers that another result tells, answer by answer.
    """
    out = result.copy()
    row, flags = _counts(out, cells, policy, counts, hidden)
    for mean in cells.means:
        n_hidden = flags.get(mean.n, row) | _given_back(mean, counts, apart)
        row = _mean(out, mean, cells, policy, row, n_hidden, flags)
    for name in cells.never:
        out[name] = without(out[name], np.full(len(out), policy.hides))
    for name, is_hidden in flags.items():
        out[f"{HIDDEN}_{name}"] = is_hidden
    out[HIDDEN] = row
    return out


def _counts(
    out: pd.DataFrame, cells: Cells, policy: Policy, counts: Numbered, hidden: frozenset[str]
) -> tuple[Mask, Flags]:
    """Hide counts and what tells them; return where the row's own is hidden, and others."""
    gone = {name: counts.places[name].isin(hidden).to_numpy() for name in cells.counted}
    few = counts.few
    # A share beside a count tells its total, and the other way round.
    row = few | gone.get(cells.total or "", few) | gone.get(cells.count or "", few)
    flags: Flags = {}
    for name in (cells.count, *cells.persons, *cells.derived):
        if name is not None:
            out[name] = without(out[name], row)
    for name in cells.persons_left:
        out[name] = without(out[name], row | policy.few(out[name]))
    for name in (cells.total, *cells.also):
        if name is not None:
            flags[name] = few | gone[name]
            out[name] = without(out[name], flags[name])
    for name, columns in cells.told_by.items():
        for column in columns:
            flags[column] = row | flags[name]
            out[column] = without(out[column], flags[column])
    return row, flags


def _mean(
    out: pd.DataFrame,
    mean: Mean,
    cells: Cells,
    policy: Policy,
    row: Mask,
    n_hidden: Mask,
    flags: Flags,
) -> Mask:
    """Hide a mean, and what tells more; return where the row's own number is hidden now."""
    single = spread = np.zeros_like(row)
    if policy.hides:
        single, spread = hidden_means(out, mean, n_hidden, cells, policy)
    flags |= {mean.column: single} | dict.fromkeys(mean.spreads, spread)
    for column in (mean.column, *mean.spreads):
        out[column] = without(out[column], flags[column])
    if mean.column != "estimate":
        return row
    flags.setdefault(mean.n, row)
    if "note" in out:
        out["note"] = out["note"].mask(spread, None).mask(spread & ~row & ~single, TOO_FEW)
    return row | single


def _given_back(mean: Mean, counts: Numbered, apart: frozenset[str]) -> Mask:
    """Return where a mean stands of answers of which another result hides some."""
    if mean.over is None or mean.best is None or not apart:
        return np.zeros(len(counts.few), dtype=bool)
    mark = f"|{mean.over}="
    some = {number.split(mark)[0] for number in apart if mark in number}
    of = counts.places[mean.best].str.split(mark, regex=False).str[0]
    return np.asarray(of.isin(list(some)), dtype=bool)


def without(column: pd.Series, hidden: Mask) -> pd.Series:
    """Return a column without its hidden numbers."""
    whole = column.dtype.kind in "iu"
    return (column.astype("Int64") if whole else column).mask(hidden)
