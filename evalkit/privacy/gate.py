"""The one gate to everything published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.privacy.guarding import guarded
from evalkit.privacy.masking import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells
    from evalkit.privacy.policy import Policy

HIDDEN_SIGN = ":"
"""Stands where a number is hidden, as in the tables of Statistics Norway."""


def protect(
    result: pd.DataFrame,
    cells: Cells,
    policy: Policy,
    *,
    shown: Collection[str] | None = None,
) -> pd.DataFrame:
    """Hide unsafe counts, what could be worked out from them, and what would give them back.

    A count is unsafe where it is small (0 < count < ``min_cell``), where what is left of its
    total is (of 9 expected 7 came: 2 did not), where it is everyone, where its total is, or where
    too few persons stand behind it. Unsafe counts are hidden together with the fewest others
    that keep an outsider, who knows all that is shown of this result and what adds up in it, from
    narrowing any of them to an interval shorter than ``min_cell`` (see
    `evalkit.privacy.suppress`). With a count its share, interval and bar are hidden.

    A mean is hidden of fewer than 5 answers, or fewer than ``min_cell``; a standard deviation, an
    interval of a mean and the like of fewer than 10; and a mean that one set of answers only has.

    What is open by the policy is shown as it is, where the group is large enough. With
    ``rounding`` counts are rounded, and nothing else is hidden than of groups that are too small.

    Parameters
    ----------
    result : pandas.DataFrame
        A result of a metric, one row per cell.
    cells : Cells
        The metric's declaration, which must account for every column.
    policy : Policy
        The study's rules.
    shown : collection of str, optional
        The columns that will be told; by default all. Counts in others are hidden, and need no
        companions.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, hidden numbers NA, then boolean columns: ``hidden``, and
        ``hidden_<column>`` for a total, other counts and means.

    Raises
    ------
    ArgumentError
        A column that ``cells`` does not account for, or one it names that is not there; numbers
        that do not add up as it says.

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
    return guarded(result, cells, policy, shown=shown).table


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
