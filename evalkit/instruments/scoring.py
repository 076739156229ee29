"""From answers to scores: exact in whole steps, the same on every engine."""

from __future__ import annotations

import math
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from evalkit.arguments import as_list, check_columns
from evalkit.errors import ArgumentError
from evalkit.instruments.answers import check_numbers, is_bad, item_columns, numbers, problem_of
from evalkit.instruments.ticks import to_ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd
    from narwhals.typing import IntoFrameT
    from numpy.typing import NDArray

    from evalkit.instruments.model import Instrument, Item, Scale

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

Ticks = TypeVar("Ticks", "IntArray", "nw.Expr")
"""A column of whole numbers: an array, or an expression. Both know + - * //."""


def score(
    frame: IntoFrameT,
    instrument: Instrument,
    *,
    items: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
) -> IntoFrameT:
    """Score forms, one per row.

    Answers are counted in whole steps (0.1 on a line of 10 cm read to the millimetre), and so
    are scores: no rounding error can carry a score over a threshold. An unanswered item is made
    up by the mean of those answered, where the scale allows it; ties are rounded half up.

    Parameters
    ----------
    frame : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        One row per form, one column of numbers per item. NaN, null and the codes for "not
        applicable" are no answers. A lazy frame is run once, to check its answers.
    instrument : Instrument
        The form, from `evalkit.load_instrument`.
    items : mapping of str to str, optional
        Columns that are named otherwise than their items: ``{item id: column}``.
    keep : sequence of str
        Columns that come along.

    Returns
    -------
    DataFrame of the kind of ``frame``
        In the order of its rows, with its index on pandas: the columns of ``keep``, then for each
        scale ``<scale>`` (float; null, NaN on pandas, where too few items are answered) and
        ``<scale>_answered`` (items answered).

    Raises
    ------
    ArgumentError
        The form is not scored; a column is missing, has no numbers or the name of a result;
        ``items`` names what is not there; or an answer lies outside its item's range or between
        two of its answers: the message names the first of them.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> forms = pd.DataFrame(
    ...     {"individual": [7, 4], "family": [6.1, 5.5], "school": [8.3, None], "overall": [7, 6]}
    ... )
    >>> score(forms, ek.load_instrument("CORS"))
       total  total_answered
    0   28.4               4
    1    NaN               3
    """
    instrument.scale()  # raises where there is none
    columns = _columns(frame, instrument, items)
    kept = list(dict.fromkeys(as_list(keep)))
    _check_kept(frame, kept, instrument)
    if _is_pandas(frame):
        return cast("IntoFrameT", _score_pandas(frame, instrument, columns, kept))
    return cast("IntoFrameT", _score_frame(frame, instrument, columns, kept))


def _columns(
    frame: IntoFrameT, instrument: Instrument, items: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the column of each item that is in a scale, checked."""
    scored = dict.fromkeys(item for scale in instrument.scales for item in scale.items)
    named = item_columns(frame, instrument, items)
    columns = {item: named[item] for item in scored}
    check_columns(frame, *columns.values(), what=f"the table of {instrument.id}")
    check_numbers(frame, columns)
    return columns


def _check_kept(frame: IntoFrameT, keep: Sequence[str], instrument: Instrument) -> None:
    check_columns(frame, *keep, what="the table")
    made = {name for scale in instrument.scales for name in (scale.id, f"{scale.id}_answered")}
    for name in keep:
        if name in made:
            raise ArgumentError(
                f"keep names '{name}', which is a column of the result. Rename it first."
            )


def _is_pandas(frame: object) -> bool:
    import pandas as pd

    return isinstance(frame, pd.DataFrame)


def _score_pandas(
    frame: Any, instrument: Instrument, columns: Mapping[str, str], keep: Sequence[str]
) -> Any:
    """Score with arrays: several times as fast as expressions, and columns kept are not copied."""
    import pandas as pd

    arrays = {item: numbers(frame[column]) for item, column in columns.items()}
    _check_answers(arrays, instrument, columns, frame.index)
    result: dict[str, Any] = {name: frame[name] for name in keep}
    for scale in instrument.scales:
        rule = _rule(scale, instrument)
        parts = [_answered_ticks(arrays[item.id], item, rule) for item in rule.items]
        answered = reduce(add, (known for known, _ in parts))
        total = reduce(add, (ticks for _, ticks in parts))
        enough = answered >= scale.least_answered
        ticks = _scale_ticks(total, np.maximum(answered, 1), rule)
        result[scale.id] = np.where(enough, ticks / scale.steps_per_unit, np.nan)
        result[f"{scale.id}_answered"] = answered
    return pd.DataFrame(result, index=frame.index, copy=False)


def _score_frame(
    frame: Any, instrument: Instrument, columns: Mapping[str, str], keep: Sequence[str]
) -> Any:
    """Score with expressions, on any engine."""
    import narwhals as nw

    native = nw.from_native(frame)
    _check_frame(native, instrument, columns)
    results = []
    for scale in instrument.scales:
        rule = _rule(scale, instrument)
        parts = [_answered_expr(nw.col(columns[item.id]), item, rule) for item in rule.items]
        answered = reduce(add, (known for known, _ in parts))
        total = reduce(add, (ticks for _, ticks in parts))
        ticks = _scale_ticks(total, answered, rule)
        # Divided by a column: Polars takes a number's inverse times, which is not the same.
        steps = (ticks * 0 + scale.steps_per_unit).cast(nw.Float64)
        value = nw.when(answered >= scale.least_answered).then(ticks.cast(nw.Float64) / steps)
        results += [value.alias(scale.id), answered.alias(f"{scale.id}_answered")]
    return native.select(*keep, *results).to_native()


class _Rule(NamedTuple):
    """What a scale does with the sum of its items' ticks."""

    items: tuple[Item, ...]
    common: int  # ticks per unit, the same for every item
    steps: int  # ticks per unit of the scale
    factor: int  # a made-up sum is this many times the mean
    base: int  # the lowest score, in ticks of the scale, rounded down


def _rule(scale: Scale, instrument: Instrument) -> _Rule:
    items = tuple(instrument.item(item) for item in scale.items)
    common = math.lcm(*(item.steps_per_unit for item in items))
    factor = len(items) if scale.method == "sum" else 1
    lowest = sum(int(to_ticks(item.ends[0], common)) for item in items)
    base = lowest * factor * scale.steps_per_unit // (len(items) * common)
    return _Rule(items, common, scale.steps_per_unit, factor, base)


def _scale_ticks(total: Ticks, answered: Ticks, rule: _Rule) -> Ticks:
    """Return total * factor / answered in steps of the scale, ties half up, in integers only.

    Counted from the lowest score, nothing is negative: engines divide negative integers in
    different ways.
    """
    parts = answered * rule.common
    above = total * (rule.factor * rule.steps) - parts * rule.base
    return (above * 2 + parts) // (parts * 2) + rule.base


def _answered_ticks(values: FloatArray, item: Item, rule: _Rule) -> tuple[IntArray, IntArray]:
    """Return 1 where answered, else 0; and the ticks, 0 where not answered."""
    known = ~np.isnan(values)
    if item.not_applicable:
        known &= ~np.isin(values, item.not_applicable)
    ticks = to_ticks(values, item.steps_per_unit)
    ones = known.astype(np.int64)
    return ones, _turned(ticks, item, rule) * ones


def _answered_expr(column: nw.Expr, item: Item, rule: _Rule) -> tuple[nw.Expr, nw.Expr]:
    """Return the same as `_answered_ticks`, as expressions."""
    import narwhals as nw

    values = column.cast(nw.Float64).fill_nan(None)
    known = ~values.is_null()
    if item.not_applicable:
        known = known & ~values.fill_null(0).is_in([float(code) for code in item.not_applicable])
    ticks = (values * item.steps_per_unit + 0.5).floor().fill_null(0).cast(nw.Int64)
    ones = nw.when(known).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
    return ones, _turned(ticks, item, rule) * ones


def _turned(ticks: Ticks, item: Item, rule: _Rule) -> Ticks:
    """Return an item's ticks as common ticks, those of a reversed item from its other end."""
    widened = ticks * (rule.common // item.steps_per_unit)
    if not item.reversed:
        return widened
    lowest, highest = item.ends
    return widened * -1 + int(to_ticks([lowest, highest], rule.common).sum())


def _check_frame(native: Any, instrument: Instrument, columns: Mapping[str, str]) -> None:
    """Check answers of a frame that is no pandas one; only the columns of items are collected."""
    import narwhals as nw

    needed = [nw.col(column).cast(nw.Float64).alias(item) for item, column in columns.items()]
    values = native.lazy().select(*needed).collect("pandas").to_native()
    arrays = {item: numbers(values[item]) for item in columns}
    _check_answers(arrays, instrument, columns, values.index)


def _check_answers(
    arrays: Mapping[str, FloatArray],
    instrument: Instrument,
    columns: Mapping[str, str],
    rows: pd.Index,
) -> None:
    """Raise `ArgumentError` for answers that cannot be, with the first of them."""
    bad = {item: is_bad(values, instrument.item(item)) for item, values in arrays.items()}
    count = sum(int(flags.sum()) for flags in bad.values())
    if not count:
        return
    firsts = {item: int(flags.argmax()) for item, flags in bad.items() if flags.any()}
    item, place = min(firsts.items(), key=lambda first: first[1])
    label = rows[place]
    raise ArgumentError(
        f"{'One answer' if count == 1 else f'{count} answers'} of {instrument.id} cannot be"
        f"{':' if count == 1 else '. The first:'} item '{item}', column '{columns[item]}', row "
        f"{repr(label) if isinstance(label, str) else label}: "
        f"{problem_of(float(arrays[item][place]), instrument.item(item))}"
    )
