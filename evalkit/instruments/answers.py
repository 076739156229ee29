"""What a form's answers may be, and which cells of a table hold something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.arguments import check_pandas, column_names, did_you_mean
from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from evalkit.instruments.model import Instrument, Item

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

COLUMNS = ("row", "item", "column", "value", "problem")
OFF_STEP = 1e-4
"""Of a step: farther from the next answer than this lies no answer, but no rounding of one."""


def bad_answers(
    frame: pd.DataFrame, instrument: Instrument, *, items: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return every cell that holds no answer of its item, with the way out.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per form. Items that have no column are passed over, as are texts.
    instrument : Instrument
        The form.
    items : mapping of str to str, optional
        Columns that are named otherwise than their items: ``{item id: column}``.

    Returns
    -------
    pandas.DataFrame
        ``row`` (label of the index), ``item``, ``column``, ``value`` (text), ``problem``; by the
        order of rows, then of items. Empty where every answer can be.

    Raises
    ------
    ArgumentError
        ``items`` names what is no item or no column, or a column holds no numbers.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> forms = pd.DataFrame({"family": [7.3, 73.0], "school": [3.14, None]}, index=["a", "b"])
    >>> bad = bad_answers(forms, ek.load_instrument("CORS"))
    >>> bad[["row", "item", "value"]]
      row    item value
    0   a  school  3.14
    1   b  family    73
    """
    import pandas as pd

    check_pandas(frame, "frame")
    columns = item_columns(frame, instrument, items)
    there = {item: column for item, column in columns.items() if column in frame}
    check_numbers(frame, there)
    found = [_bad_cells(frame, instrument.item(item), column) for item, column in there.items()]
    if not found:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    # By row; those of one row stay in the order of items.
    table = pd.concat(found).sort_values("place", kind="stable", ignore_index=True)
    table.insert(0, "row", frame.index.take(table.pop("place").to_numpy(dtype=np.intp)))
    return table


def item_columns(
    frame: IntoFrame, instrument: Instrument, items: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the column of each item that is not a text: its id, or what ``items`` says."""
    known = [item.id for item in instrument.items if item.kind != "text"]
    names = set(column_names(frame, "frame"))
    for item, column in (items or {}).items():
        if item not in known:
            raise ArgumentError(
                f"{instrument.id} has no item '{item}'. {did_you_mean(item, known)}"
            )
        if column not in names:
            hint = did_you_mean(str(column), sorted(names))
            raise ArgumentError(f"the column '{column}' of item '{item}' is not there. {hint}")
    columns = {item: (items or {}).get(item, item) for item in known}
    _check_one_item_per_column(columns)
    return columns


def _check_one_item_per_column(columns: Mapping[str, str]) -> None:
    used: dict[str, str] = {}
    for item, column in columns.items():
        if column in used:
            raise ArgumentError(
                f"the column '{column}' is named for two items, '{used[column]}' and '{item}'. "
                "Name a column for each in items."
            )
        used[column] = item


def check_numbers(frame: IntoFrame, columns: Mapping[str, str]) -> None:
    """Raise `ArgumentError` unless each column holds numbers, or nothing."""
    import narwhals as nw

    lazy = nw.from_native(frame).lazy()
    schema = lazy.collect_schema()
    for item, column in columns.items():
        dtype = schema[column]
        if dtype.is_numeric() or dtype == nw.Unknown:
            continue
        if not lazy.select((~nw.col(column).is_null()).any()).collect("pandas").item():
            continue
        raise ArgumentError(
            f"column '{column}' of item '{item}' must hold numbers, but holds {dtype}. Make it "
            "numbers first: with pandas.to_numeric, where the decimal mark is a dot."
        )


def numbers(column: pd.Series) -> FloatArray:
    """Return a column as floats, NaN where nothing is known; without a copy where it is so."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _bad_cells(frame: pd.DataFrame, item: Item, column: str) -> pd.DataFrame:
    """Return the bad cells of an item, by place: the problem of each value is worded once."""
    import pandas as pd

    values = numbers(frame[column])
    places = np.flatnonzero(is_bad(values, item))
    distinct, which = np.unique(values[places], return_inverse=True)
    texts = np.array([written(value) for value in distinct.tolist()], dtype=object)
    problems = np.array([problem_of(value, item) for value in distinct.tolist()], dtype=object)
    cells = {"item": item.id, "column": column, "value": texts[which], "problem": problems[which]}
    table = pd.DataFrame({"place": places, **cells})
    return table.astype(dict.fromkeys(cells, "str"))


def is_bad(values: FloatArray, item: Item) -> BoolArray:
    """Return which values are no answer of the item; NaN is no bad one."""
    good = _on_scale(values, item) if item.kind == "scale" else np.isin(values, [*item.answers])
    bad: BoolArray = ~(good | np.isnan(values))
    return bad & ~np.isin(values, item.not_applicable) if bad.any() else bad


def _on_scale(values: FloatArray, item: Item) -> BoolArray:
    lowest, highest = item.ends
    slack = OFF_STEP / item.steps_per_unit
    ticks = values * item.steps_per_unit
    with np.errstate(invalid="ignore"):  # inf - inf; it lies outside the range
        on_step = np.abs(ticks - np.rint(ticks)) <= OFF_STEP
    result: BoolArray = on_step & (values >= lowest - slack) & (values <= highest + slack)
    return result


def problem_of(value: float, item: Item) -> str:
    """Return what is wrong with an answer, and the way out."""
    if item.kind != "scale":
        codes = ", ".join(str(code) for code in item.answers)
        return (
            f"{written(value)} is no answer of '{item.id}'. Answers: {codes}. Correct it, leave "
            "the cell empty, or add the code to the form's definition."
        )
    lowest, highest = item.ends
    if lowest <= value <= highest:
        step = written(1 / item.steps_per_unit)
        return (
            f"{written(value)} lies between two answers of '{item.id}', which come in steps of "
            f"{step}. Write the answer as the form is read."
        )
    between = f"{written(value)} does not lie between {written(lowest)} and {written(highest)}"
    if item.steps_per_unit == 10 and highest < value <= 10 * highest and value % 1 == 0:
        return (
            f"{between}. It looks like millimetres of the same line: if so, write "
            f"{written(value / 10)}; a whole column in millimetres is divided by 10."
        )
    return (
        f"{between}, the range of '{item.id}'. Correct it; leave the cell empty where the answer "
        "is not known."
    )


def written(value: float) -> str:
    """Return a number without decimals it does not need: 73, 3.14."""
    return str(int(value)) if np.isfinite(value) and value == int(value) else repr(float(value))
