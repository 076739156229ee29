"""Sums of columns made beforehand: elementary, so fast and equal on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from evalkit.locale.vocabulary import CLOSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame


def sums(
    frame: IntoFrame, by: Sequence[str], of: Mapping[str, nw.Expr], *, rows: str = "rows"
) -> pd.DataFrame:
    """Sum expressions by group.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, polars.LazyFrame or duckdb relation
        One row per unit. NaN and null are both "not known".
    by : sequence of str
        Grouping columns; none gives one row. A null key is a group of its own.
    of : mapping of str to narwhals.Expr
        What is summed, by the name it gets. Nulls are left out of a sum.
    rows : str
        Name of the column that counts rows.

    Returns
    -------
    pandas.DataFrame
        ``by``, the sums, and the number of rows; sorted by ``by``, closed vocabularies (role,
        kind, ...) in their own order on every engine, text by its letters.

    Examples
    --------
    >>> import narwhals as nw, pandas as pd
    >>> heads = pd.DataFrame({"role": ["child", "child", "parent"], "present": [7, 9, 10]})
    >>> sums(heads, ["role"], {"present": nw.col("present")})
         role  present  rows
    0   child       16     2
    1  parent       10     1
    """
    lazy = plain(nw.from_native(frame).lazy())
    columns = {f"sum {name}": expression for name, expression in of.items()}
    columns[f"sum {rows}"] = nw.lit(1)
    flagged = lazy.with_columns(**columns).select(*by, *columns)
    whole = {name for name, dtype in flagged.collect_schema().items() if dtype.is_integer()}
    totals = [nw.col(column).sum() for column in columns]
    grouped = flagged.group_by(*by).agg(*totals) if by else flagged.select(*totals)
    table: pd.DataFrame = grouped.collect("pandas").to_native()
    for column in columns:  # DuckDB sums integers to 128 bits, which arrive as floats
        known = table[column].fillna(0)
        table[column] = known.astype("int64") if column in whole else known.astype("float64")
    table = table.rename(columns={f"sum {name}": name for name in [*of, rows]})
    return in_key_order(table, by)


def in_key_order(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return a table sorted by its keys, the same whatever engine it came from."""
    import pandas as pd

    for column in by:  # some engines hand text over as objects
        if pd.api.types.infer_dtype(table[column], skipna=True) == "string":
            table[column] = table[column].astype("str")
    for column in (name for name in by if name in CLOSED):
        table[column] = _in_order(table[column], list(CLOSED[column]))
    return table.sort_values(list(by), ignore_index=True) if by else table


def _in_order(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return a column of a closed vocabulary in its order, whatever order an engine gave it."""
    import pandas as pd

    text = values.astype("str")
    if not text.dropna().isin(order).all():
        return text
    return text.astype(pd.CategoricalDtype(list(order), ordered=False))


def plain(lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the frame with NaN as null, and categories as text: both differ between engines."""
    schema = lazy.collect_schema()
    # On Polars and DuckDB `NaN >= 5` is true: a float NaN must not get past this point.
    floats = [name for name, dtype in schema.items() if dtype.is_float()]
    codes = [name for name, dtype in schema.items() if isinstance(dtype, nw.Categorical | nw.Enum)]
    lazy = lazy.with_columns(nw.col(floats).fill_nan(None)) if floats else lazy
    return lazy.with_columns(nw.col(codes).cast(nw.String)) if codes else lazy
