"""The one gate to everything published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells
    from evalkit.privacy.policy import Policy

HIDDEN = "hidden"
"""The column that `protect` adds: whether the numbers of a row are hidden.

Totals and other counts have their own, ``hidden_<column>``: they may be shown where the count
is not, and the other way round.
"""

HIDDEN_SIGN = ":"
"""Stands where a number is hidden, as in the tables of Statistics Norway."""


def protect(result: pd.DataFrame, cells: Cells, policy: Policy) -> pd.DataFrame:
    """Hide unsafe counts, and what could be worked out from them in the same row.

    A row is unsafe where its count is, where what is left of its total is (of 9 expected
    7 came: 2 did not), where its total is, or where too few persons stand behind it. Its
    count and derived columns are then hidden; its total only if it is unsafe itself, or if
    there are too few persons (12 attendances at 4 sessions are 3 children).

    Hidden counts may still be worked out from other rows and their totals: companions are
    not hidden yet.

    Parameters
    ----------
    result : pandas.DataFrame
        A result of a metric, one row per cell.
    cells : Cells
        The metric's declaration, which must account for every column.
    policy : Policy
        The study's rules.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, hidden numbers NA, then boolean columns: ``hidden``, and
        ``hidden_<column>`` for a total and other counts.

    Raises
    ------
    ArgumentError
        A column that ``cells`` does not account for, or one it names that is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> from evalkit.privacy import Cells, Policy, protect
    >>> result = pd.DataFrame({"site": ["A", "B"], "count": [12, 3]})
    >>> protect(result, Cells("children", keys=("site",), count="count"), Policy(min_cell=5))
      site  count  hidden
    0    A     12   False
    1    B   <NA>    True
    """
    check_pandas(result, "the result")
    check_columns(result, *cells.columns, what="the result")
    undeclared = [name for name in result.columns if name not in cells.columns]
    if undeclared:
        raise ArgumentError(
            f"The columns {', '.join(undeclared)} are not declared in Cells, so it is not known "
            "whether they may be shown. Declare each as a key, a count, derived or open."
        )
    few = _any_unsafe(result, cells.persons, policy)
    hidden = few | _unsafe_counts(result, cells, policy)
    out = result.copy()
    for name in (cells.count, *cells.persons, *cells.derived):
        if name is not None:
            out[name] = _without(result[name], hidden)
    for name in (cells.total, *cells.also):
        if name is not None:
            unsafe = few | policy.unsafe(result[name])
            out[name] = _without(result[name], unsafe)
            out[f"{HIDDEN}_{name}"] = unsafe
    for name, columns in cells.told_by.items():
        for column in columns:
            unsafe = hidden | hidden_in(out, name)
            out[column] = _without(out[column], unsafe)
            out[f"{HIDDEN}_{column}"] = unsafe
    out[HIDDEN] = hidden
    return out


def hidden_in(result: pd.DataFrame, column: str | None = None) -> NDArray[np.bool_]:
    """Return in which rows `protect` hid a column (by default the count); none without it.

    Parameters
    ----------
    result : pandas.DataFrame
        A result, protected or not.
    column : str, optional
        A total may be shown where its parts are hidden.

    Returns
    -------
    ndarray of bool
        One per row.

    Examples
    --------
    >>> import pandas as pd
    >>> hidden_in(pd.DataFrame({"count": [12, None], "hidden": [False, True]}))
    array([False,  True])
    """
    for name in (f"{HIDDEN}_{column}", HIDDEN):
        if name in result:
            return result[name].to_numpy(dtype=bool)
    return np.zeros(len(result), dtype=bool)


def _unsafe_counts(result: pd.DataFrame, cells: Cells, policy: Policy) -> NDArray[np.bool_]:
    counted = [name for name in (cells.count, cells.total) if name is not None]
    unsafe = _any_unsafe(result, counted, policy)
    if cells.count is not None and cells.total is not None:
        unsafe |= policy.unsafe(result[cells.total] - result[cells.count])
    return unsafe


def _any_unsafe(result: pd.DataFrame, names: Sequence[str], policy: Policy) -> NDArray[np.bool_]:
    unsafe = np.zeros(len(result), dtype=bool)
    for name in names:
        unsafe |= policy.unsafe(result[name])
    return unsafe


def _without(column: pd.Series, hidden: NDArray[np.bool_]) -> pd.Series:
    whole = column.dtype.kind in "iu"
    return (column.astype("Int64") if whole else column).mask(hidden)
