"""Two-way tables of counts: unsafe numbers hidden, and what would give them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.arguments import check_pandas, check_whole_at_least
from evalkit.errors import ArgumentError
from evalkit.privacy.numbers import Number
from evalkit.privacy.policy import DEFAULT_MIN_CELL, LOWEST_MIN_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from evalkit.privacy.numbers import Relation

TOTAL = "total"
"""What the margins are called in tables with margins."""


@dataclass(frozen=True)
class Suppressed:
    """A two-way table as it may be published, from `suppress`.

    Attributes
    ----------
    table : pandas.DataFrame
        The counts, NaN where hidden; rows and columns as they came.
    row_totals, column_totals : pandas.Series
        The true totals, NaN where hidden.
    total : float
        Of all; NaN where hidden.
    primary, secondary : pandas.DataFrame of bool
        Which numbers are hidden because they are unsafe, and which to protect those; with a last
        row and column "total". For internal use: whoever knows which are unsafe knows more.
    min_cell : int
        The smallest count that may be shown.
    """

    table: pd.DataFrame
    row_totals: pd.Series
    column_totals: pd.Series
    total: float
    primary: pd.DataFrame
    secondary: pd.DataFrame
    min_cell: int

    @property
    def published(self) -> pd.DataFrame:
        """The table with its margins, NA where hidden: what may be shown."""
        out = self.table.assign(**{TOTAL: self.row_totals})
        out.loc[TOTAL] = [*self.column_totals, self.total]
        return out.astype("Int64")


def suppress(counts: pd.DataFrame, *, min_cell: int = DEFAULT_MIN_CELL) -> Suppressed:
    """Hide the unsafe numbers of a two-way table, and as few others as possible.

    A number is unsafe where it counts 1 to ``min_cell`` - 1 people; cells, margins and the total
    are numbers of the same table, and what is left of a total (of 9 in a row 7 are in one cell: 2
    are not) is protected as a number of its own. Unsafe numbers are hidden together with the
    fewest others (of these, those of the fewest people) that keep an outsider, who knows every
    shown number, from narrowing an unsafe one to an interval shorter than ``min_cell``. Every
    number that is shown is the true one. The same counts give the same pattern in whatever order
    rows and columns stand.

    Very large tables (more than some 250 numbers that hang together) get the nearly smallest
    pattern, which is as safe.

    Parameters
    ----------
    counts : pandas.DataFrame
        Counts of people from 0 up, without margins; rows and columns named, no two alike.
    min_cell : int
        The smallest count that may be shown.

    Returns
    -------
    Suppressed
        ``table``, ``row_totals``, ``column_totals``, ``total`` with NaN where hidden;
        ``primary`` and ``secondary``, which are for internal use; ``published``, all in one.

    Raises
    ------
    ArgumentError
        Counts that are none or not known, two rows or columns of the same name, one named
        "total", no rows or columns, a ``min_cell`` below 2.

    References
    ----------
    Fischetti and Salazar (2000), *Management Science* 46, 1008-1026; Hundepool et al. (2012),
    *Statistical Disclosure Control*, chapter 4.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> counts = pd.DataFrame(
    ...     {"girls": [3, 12, 15], "boys": [11, 8, 19], "others": [0, 0, 0]},
    ...     index=["North", "South", "West"],
    ... )
    >>> ek.privacy.suppress(counts).published
           girls  boys  others  total
    North   <NA>  <NA>       0     14
    South   <NA>  <NA>       0     20
    West      15    19       0     34
    total     30    38       0     68
    """
    from evalkit.privacy.hiding import pattern
    from evalkit.privacy.system import System

    check_whole_at_least(min_cell, "min_cell", LOWEST_MIN_CELL)
    values = _checked(counts)
    full = _with_margins(values)
    rows, columns = _names(counts.index, "rows"), _names(counts.columns, "columns")
    ids = _ids(rows, columns)
    unsafe = (full > 0) & (full < min_cell)
    numbers = [
        Number(str(name), int(value), unsafe=bool(small))
        for name, value, small in zip(ids.flat, full.flat, unsafe.flat, strict=True)
    ]
    rests = list(_rests(ids, full, min_cell))
    relations = [*_relations(ids), *((total, (part, rest.id)) for rest, total, part in rests)]
    system = System.of([*numbers, *(rest for rest, _, _ in rests)], relations)
    hidden_ids = {
        name for name, hidden in zip(system.ids, pattern(system, min_cell), strict=True) if hidden
    }
    hidden = np.isin(ids, list(hidden_ids))
    return _suppressed(counts, full, unsafe, hidden, min_cell)


def audit(suppressed: Suppressed) -> pd.DataFrame:
    """Work out of a suppressed table what an outsider can.

    Uses nothing but what is shown, and what adds up: by linear programming, the least and largest
    value that every hidden number may have. Where at most 12 hidden numbers hang together, also in
    whole numbers for somebody who knows the rule: what is hidden is too small or protects what is.

    Parameters
    ----------
    suppressed : Suppressed
        From `suppress`.

    Returns
    -------
    pandas.DataFrame
        One row per hidden number, in the order of the table, margins last: ``row, column`` (labels,
        or "total"), ``lower, upper`` (inclusive; infinite where nothing limits it), ``width``
        (upper - lower), ``required`` (the least width that is safe), ``rule_lower, rule_upper``,
        ``safe`` (whether a number that may be unsafe is left wide enough). No rows where nothing
        is hidden.

    Raises
    ------
    ArgumentError
        It is no `Suppressed`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> counts = pd.DataFrame({"girls": [3, 12], "boys": [11, 8]}, index=["North", "South"])
    >>> ek.privacy.audit(ek.privacy.suppress(counts))[["row", "column", "lower", "upper", "safe"]]
         row column  lower  upper  safe
    0  North  girls    0.0   14.0  True
    1  North   boys    0.0   14.0  True
    2  South  girls    1.0   15.0  True
    3  South   boys    5.0   19.0  True
    """
    from evalkit.privacy.auditing import COLUMNS, attacked
    from evalkit.privacy.system import System

    if not isinstance(suppressed, Suppressed):
        raise ArgumentError(
            f"audit needs what `suppress` returned, but got a {type(suppressed).__name__}."
        )
    shown = suppressed.published
    rows, columns = _names(shown.index[:-1], "rows"), _names(shown.columns[:-1], "columns")
    ids = _ids(rows, columns)
    numbers = [Number(str(name), 0) for name in ids.flat]
    system = System.of(numbers, _relations(ids))
    place = {name: n for n, name in enumerate(system.ids)}
    values = np.empty(len(place))
    values[[place[name] for name in ids.flat]] = shown.to_numpy(float, na_value=np.nan).ravel()
    found = attacked(replace(system, values=values), suppressed.min_cell).set_index("id")
    labels = pd.MultiIndex.from_product([shown.index, shown.columns], names=["row", "column"])
    table = found.reindex(ids.ravel()).set_axis(labels).dropna(subset="lower").reset_index()
    return table[["row", "column", *COLUMNS]].astype({"safe": "bool"})


def _checked(counts: pd.DataFrame) -> NDArray[np.int64]:
    check_pandas(counts, "counts")
    if not counts.size:
        raise ArgumentError("counts has no rows or no columns.")
    numeric = all(pd.api.types.is_numeric_dtype(kind) for kind in counts.dtypes)
    values = counts.to_numpy(dtype=float, na_value=np.nan) if numeric else np.array([[np.nan]])
    wrong = ~(values >= 0) | (values % 1 != 0)
    if wrong.any():
        row, column = (int(each) for each in np.argwhere(wrong)[0])
        raise ArgumentError(
            f"counts must hold whole numbers from 0 up, but row {counts.index[row]!r}, column "
            f"{counts.columns[column]!r} holds {counts.iloc[row, column]!r}."
        )
    return values.astype(np.int64)


def _names(labels: pd.Index, what: str) -> list[str]:
    names = [str(label) for label in labels]
    if len(set(names)) < len(names):
        raise ArgumentError(f"two {what} of counts have the same name: {', '.join(names)}.")
    if TOTAL in names:
        raise ArgumentError(
            f"one of the {what} of counts is called '{TOTAL}', as the margins are: give counts "
            "without margins, or rename it."
        )
    return names


def _with_margins(values: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = np.column_stack([values, values.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def _ids(rows: Sequence[str], columns: Sequence[str]) -> NDArray[np.str_]:
    """Return an id for each number of the table with margins; totals come first in any order."""
    names = [[f"{row!r} {column!r}" for column in [*columns, ""]] for row in [*rows, ""]]
    return np.array(names)


def _relations(ids: NDArray[np.str_]) -> Iterator[Relation]:
    for line in (*ids, *ids.T):
        yield str(line[-1]), tuple(str(part) for part in line[:-1])


def _rests(
    ids: NDArray[np.str_], full: NDArray[np.int64], min_cell: int
) -> Iterator[tuple[Number, str, str]]:
    """Yield what is left of a total besides one number where that is unsafe, total and number."""
    for axis, what in ((1, "row"), (0, "column"), (None, "all")):
        total = full[-1:, -1:] if axis is None else np.take(full, [-1], axis=axis)
        total_ids = ids[-1:, -1:] if axis is None else np.take(ids, [-1], axis=axis)
        left = np.broadcast_to(total, full.shape) - full
        of = np.broadcast_to(total_ids, ids.shape)
        for row, column in np.argwhere((left > 0) & (left < min_cell)):
            name = str(ids[row, column])
            rest = Number(
                f"{name} rest of {what}", int(left[row, column]), unsafe=True, printed=False
            )
            yield rest, str(of[row, column]), name


def _suppressed(
    counts: pd.DataFrame,
    full: NDArray[np.int64],
    unsafe: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    min_cell: int,
) -> Suppressed:
    shown = np.where(hidden, np.nan, full.astype(float))
    index, columns = [*counts.index, TOTAL], [*counts.columns, TOTAL]
    return Suppressed(
        table=pd.DataFrame(shown[:-1, :-1], index=counts.index, columns=counts.columns),
        row_totals=pd.Series(shown[:-1, -1], index=counts.index, name=TOTAL),
        column_totals=pd.Series(shown[-1, :-1], index=counts.columns, name=TOTAL),
        total=float(shown[-1, -1]),
        primary=pd.DataFrame(unsafe, index=index, columns=columns),
        secondary=pd.DataFrame(hidden & ~unsafe, index=index, columns=columns),
        min_cell=min_cell,
    )
