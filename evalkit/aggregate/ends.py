"""The first and the last row of every group, on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from evalkit.aggregate.counting import plain
from evalkit.aggregate.ends_pandas import ends_of_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame


class Ends(NamedTuple):
    """What `first_and_last` finds.

    Attributes
    ----------
    table : DataFrame of the caller's kind
        One row per group.
    unclear : pandas.DataFrame
        The keys of the groups whose rows cannot be put in order, sorted. What ``table`` says of
        those is not to be used.
    """

    table: Any
    unclear: pd.DataFrame


def first_and_last(
    frame: IntoFrame,
    by: Sequence[str],
    *,
    order: Sequence[str],
    valid: str,
    at_first: Mapping[str, str],
    at_last: Mapping[str, str],
    rows: str = "rows",
    valid_rows: str = "valid_rows",
) -> Ends:
    """Find the first and the last valid row of every group.

    The first of ``order`` in which two rows differ puts them in order. That fails where they
    differ in none, or where one of them is not known there; their group is then ``unclear``.

    Parameters
    ----------
    frame : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        One row per unit. A lazy frame is run once, to find what is unclear.
    by : sequence of str
        Grouping columns. A null key is a group of its own.
    order : sequence of str
        One or two columns, the more important first, of whole numbers or dates; a time of day
        does not count.
    valid : str
        A row is valid where this column is known.
    at_first, at_last : mapping of str to str
        What is taken from the first and from the last valid row: ``{name in the result:
        column}``. Where no row of a group is valid, all of its rows stand in.
    rows, valid_rows : str
        Names of the columns with the number of a group's rows.

    Returns
    -------
    Ends
        ``table`` with ``by``, the columns asked for, ``rows`` and ``valid_rows``: of the kind of
        ``frame``, with a new index on pandas, sorted by ``by`` (text by its letters, null last).

    Examples
    --------
    >>> import pandas as pd
    >>> forms = pd.DataFrame(
    ...     {"child": ["b", "a", "a", "a"], "occasion": [1, 3, 2, 1], "score": [7, 9, 8, None]}
    ... )
    >>> ends = first_and_last(
    ...     forms,
    ...     ["child"],
    ...     order=["occasion"],
    ...     valid="score",
    ...     at_first={"first": "score"},
    ...     at_last={"last": "score"},
    ... )
    >>> ends.table
      child  first  last  rows  valid_rows
    0     a    8.0   9.0     3           2
    1     b    7.0   7.0     1           1
    >>> ends.unclear.empty
    True
    """
    import pandas as pd

    find = ends_of_pandas if isinstance(frame, pd.DataFrame) else _ends_of_frame
    return Ends(*find(frame, list(by), list(order), valid, at_first, at_last, (rows, valid_rows)))


def _ends_of_frame(
    frame: IntoFrame,
    by: list[str],
    order: list[str],
    valid: str,
    at_first: Mapping[str, str],
    at_last: Mapping[str, str],
    counts: tuple[str, str],
) -> tuple[Any, pd.DataFrame]:
    """Return table and unclear groups of a frame that is no pandas one."""
    given = nw.from_native(frame)
    lazy = plain(given.lazy())
    schema = lazy.collect_schema()
    places = {f"place {name}": _place(name, schema[name]) for name in order}
    known = nw.when(nw.col(valid).is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
    lazy = lazy.with_columns(**places, **{"place valid": known, "place not": 1 - known})
    first = {
        name: nw.col(column).first(order_by=["place not", *places])
        for name, column in at_first.items()
    }
    last = {
        name: nw.col(column).last(order_by=["place valid", *places])
        for name, column in at_last.items()
    }
    number = {counts[0]: nw.len(), counts[1]: nw.col("place valid").sum()}
    table = lazy.group_by(*by).agg(
        *(expression.alias(name) for name, expression in (first | last | number).items())
    )
    table = table.with_columns(nw.col(*counts).cast(nw.Int64)).sort(*by, nulls_last=True)
    result = table.collect() if isinstance(given, nw.DataFrame) else table
    return result.to_native(), _unclear(lazy, by, list(places))


def _place(name: str, dtype: Any) -> nw.Expr:
    """Return a column as whole numbers, or as dates without their time of day."""
    column = nw.col(name)
    if not dtype.is_temporal():
        return column.cast(nw.Int64)
    return column if dtype == nw.Date else column.dt.date()


def _unclear(lazy: nw.LazyFrame[Any], by: list[str], places: list[str]) -> pd.DataFrame:
    """Return the groups with two rows of which nothing tells which comes first.

    From the finest groups to the coarsest: rows that are equal in all places, then rows equal in
    all but the last, of which some are known there and some not; and so on.
    """
    rows, known, wrong = nw.col("rows"), nw.col("known"), nw.col("wrong")
    table = lazy.group_by(*by, *places).agg(nw.len().cast(nw.Int64).alias("rows"))
    table = table.with_columns(wrong=nw.when(rows > 1).then(nw.lit(1)).otherwise(nw.lit(0)))
    for left in range(len(places) - 1, -1, -1):
        is_known = ~nw.col(places[left]).is_null()
        table = table.with_columns(known=nw.when(is_known).then(rows).otherwise(nw.lit(0)))
        sums = [nw.col(name).sum() for name in ("rows", "known", "wrong")]
        table = table.group_by(*by, *places[:left]).agg(*sums)
        mixed = (known > 0) & (known < rows)
        table = table.with_columns(wrong=nw.when(mixed).then(nw.lit(1)).otherwise(wrong))
    found: pd.DataFrame = table.filter(wrong > 0).select(*by).collect("pandas").to_native()
    return found.sort_values(by, ignore_index=True)
