"""Groups of more than one row: what should stand once and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from evalkit.aggregate.counting import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame


def repeated(frame: IntoFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the groups that have more than one row.

    Parameters
    ----------
    frame : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        One row per unit. A lazy frame is run.
    by : sequence of str
        Grouping columns. A null key is a group of its own.

    Returns
    -------
    pandas.DataFrame
        The columns ``by``, one row per group, sorted; none where every row stands alone.

    Examples
    --------
    >>> import pandas as pd
    >>> repeated(pd.DataFrame({"child": ["b", "a", "b"], "occasion": [1, 1, 1]}), ["child"])
      child
    0     b
    """
    import pandas as pd

    find = _of_pandas if isinstance(frame, pd.DataFrame) else _of_frame
    return find(frame, list(by)).sort_values(list(by), ignore_index=True)


def _of_pandas(frame: Any, by: list[str]) -> pd.DataFrame:
    again = frame.duplicated(by).to_numpy()
    table: pd.DataFrame = frame.loc[again, by].drop_duplicates()
    return table


def _of_frame(frame: IntoFrame, by: list[str]) -> pd.DataFrame:
    lazy = plain(nw.from_native(frame).lazy().select(*by))
    rows = lazy.group_by(*by).agg(nw.len().cast(nw.Int64).alias("rows of a group"))
    found = rows.filter(nw.col("rows of a group") > 1).select(*by)
    table: pd.DataFrame = found.collect("pandas").to_native()
    return table
