"""From filled-in forms to how often each answer of each item was given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import as_list, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.instruments import Instrument

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from evalkit.instruments.model import Item

    Counts = NDArray[np.int64]

MOST_ANSWERS = 21
"""More whole numbers than 0-20 are no answer scale but ages, ids or scores."""
SHOWN = 10
"""So many bad answers are named in a message."""
ORDER_OF = {"choice": True, "nominal": False}
"""Whether the answers of an item have an order, by its kind."""


class Asked(NamedTuple):
    """An item and the answers it may have, in the order they are told.

    ``values`` stand in the data; ``scores`` are what a mean is made of: the codes, or 1, 2, 3 ...
    of a categorical. ``ordered`` is whether the answers have an order, ``reversed`` whether the
    lowest is the best, ``stated`` whether a definition or a categorical says which there are.
    """

    item: str
    values: tuple[int, ...] | tuple[str, ...]
    scores: tuple[int, ...]
    not_applicable: tuple[int, ...] = ()
    ordered: bool = True
    reversed: bool = False
    stated: bool = True


class Counted(NamedTuple):
    """How often each answer was given.

    ``groups`` has the grouping columns, a row per group. ``counts`` has a row per group, and a
    column per answer of each item, item by item. ``n_missing`` and ``n_not_applicable`` have a
    row per group and a column per item.
    """

    asked: tuple[Asked, ...]
    groups: pd.DataFrame
    counts: Counts
    n_missing: Counts
    n_not_applicable: Counts


def count_answers(
    form: IntoFrame,
    items: str | Sequence[str] | None,
    instrument: str | Instrument | None,
    by: Sequence[str],
    *,
    ordered: bool = False,
) -> Counted:
    """Count the answers of a form, all items in one pass over its rows.

    Parameters
    ----------
    form : DataFrame (pandas, Polars, DuckDB)
        One row per filled-in form.
    items, instrument
        As for `evalkit.satisfaction.distribution`.
    by : sequence of str
        Columns to group by.
    ordered : bool
        Whether to take only items whose answers have an order.

    Returns
    -------
    Counted

    Raises
    ------
    ArgumentError
        As for `evalkit.satisfaction.distribution`.
    """
    check_columns(form, *by, what="form")
    definition = _definition(instrument)
    names = list(dict.fromkeys(as_list(items)))
    if definition is not None:
        asked = _asked(names, definition, ordered)
        names = [each.item for each in asked]
    _check_names(form, names, by)
    _check_one_form_each(form, by)
    kinds = _kinds(form, names)
    tallied = [
        aggregate.tally(form, by, [name for name in names if kinds[name] == kind])
        for kind in dict.fromkeys(kinds.values())
    ]
    if definition is None:
        asked = _asked_of_columns(names, form, tallied)
    return asked
def _definition(instrument: object) -> Instrument | None:
    if instrument is None or isinstance(instrument, Instrument):
        return instrument
    if not isinstance(instrument, str):
        raise ArgumentError(
            f"instrument must be an id or an Instrument, but is {instrument!r}. "
            "`evalkit.list_instruments()` shows the ids."
        )
    from evalkit.instruments import load_instrument

    return load_instrument(instrument)


def _asked(
    items: str | Sequence[str] | None, instrument: Instrument, ordered: bool
) -> tuple[Asked, ...]:
    """Return the items of a definition: those named, otherwise all that have answers to choose."""
    if items is None:
        kinds = [kind for kind, has_order in ORDER_OF.items() if has_order or not ordered]
        wanted = [item for item in instrument.items if item.kind in kinds]
    else:
        wanted = [instrument.item(name) for name in dict.fromkeys(as_list(items))]
    if not wanted:
        raise ArgumentError(f"{instrument.id} has no item with answers to choose between.")
    asked = tuple(_of_item(item) for item in wanted)
    without = [each.item for each in asked if ordered and not each.ordered]
    if without:
        raise ArgumentError(
            f"the answers of '{without[0]}' have no order, so none is the best. "
            "evalkit.satisfaction.distribution counts them."
        )
    return asked


def _of_item(item: Item) -> Asked:
    if item.kind not in ORDER_OF:
        way_out = (
            "Its answers are words: read them in study.comments."
            if item.kind == "text"
            else "It is a line of numbers: score it with instrument.score(form)."
        )
        raise ArgumentError(
            f"'{item.id}' has no answers to choose between, so they cannot be counted. {way_out}"
        )
    codes = tuple(code for code in item.answers if code not in item.not_applicable)
    return Asked(
        item=item.id,
        values=codes,
        scores=codes,
        not_applicable=item.not_applicable,
        ordered=ORDER_OF[item.kind],
        reversed=item.reversed,
    )


def _asked_of_columns(form: IntoFrame, items: str | Sequence[str] | None) -> tuple[Asked, ...]:
    """Return items as their columns show them: categoricals, or whole numbers on one scale."""
    names = list(dict.fromkeys(as_list(items)))
    if not names:
        raise ArgumentError(
            "neither items nor an instrument are named. Name the columns to count, "
            'items=["..."], or the form, instrument="...".'
        )
    check_columns(form, *names, what="form")
    schema = nw.from_native(form).lazy().collect_schema()
    numbers = [name for name in names if _holds_numbers(name, schema[name])]
    scale = _observed_scale(form, numbers) if numbers else ()
    return tuple(
        Asked(name, scale, scale, stated=False)
        if name in numbers
        else _of_categories(name, schema[name])
        for name in names
    )


def _holds_numbers(name: str, dtype: Any) -> bool:
    if isinstance(dtype, nw.Enum):
        return False
    if dtype.is_numeric() or dtype == nw.Unknown:
        return True
    raise ArgumentError(
        f"'{name}' holds {dtype}, so the order of its answers is not known. Make it whole numbers "
        "or an ordered categorical: pandas.Categorical(values, categories=[...], ordered=True), "
        "in Polars an Enum."
    )


def _of_categories(name: str, dtype: Any) -> Asked:
    values = tuple(str(category) for category in dtype.categories)
    return Asked(name, values, tuple(range(1, len(values) + 1)))


def _observed_scale(form: IntoFrame, names: Sequence[str]) -> tuple[int, ...]:
    """Return the whole numbers from the lowest to the highest answer of all the columns."""
    extent = aggregate.extent(form, names).dropna()
    if extent.empty:
        return ()
    lowest, highest = extent["lowest"].min(), extent["highest"].max()
    if not highest - lowest < MOST_ANSWERS:
        column = extent["highest"].idxmax()
        raise ArgumentError(
            f"the answers lie between {lowest:g} and {highest:g} ('{column}'), which is no scale "
            f"of at most {MOST_ANSWERS} answers. Leave out columns that are no items, or name "
            "the instrument."
        )
    return tuple(range(int(np.floor(lowest)), int(np.ceil(highest)) + 1))


def _check_names(by: Sequence[str], asked: Sequence[Asked]) -> None:
    both = [each.item for each in asked if each.item in by]
    if both:
        raise ArgumentError(f"'{both[0]}' is both an item and in by. Name it in one of them.")


def _check_codes(form: IntoFrame, asked: Sequence[Asked]) -> None:
    schema = nw.from_native(form).lazy().collect_schema()
    for each in asked:
        dtype = schema[each.item]
        if not (dtype.is_numeric() or dtype == nw.Unknown):
            raise ArgumentError(
                f"'{each.item}' must hold the codes of its answers, whole numbers, but holds "
                f"{dtype}. Without an instrument, ordered categoricals are counted too."
            )


def _check_one_form_each(form: IntoFrame, by: Sequence[str]) -> None:
    """Raise where somebody answered twice in a group: answers must come from different people."""
    names = column_names(form)
    if "respondent_id" not in names:
        return
    table = aggregate.sums(form, list(dict.fromkeys([*by, "respondent_id"])), {}, rows="forms")
    again = table[(table["forms"] > 1) & table["respondent_id"].notna()]
    if again.empty:
        return
    first = again.iloc[0]
    several = f", and so do {len(again) - 1} more" if len(again) > 1 else ""
    way_out = (
        "Pick one occasion, form[form['occasion'] == ...], or count each by itself, by='occasion'."
        if "occasion" in names and "occasion" not in by
        else "Pick one form of each."
    )
    raise ArgumentError(
        f"respondent {first['respondent_id']} has {first['forms']} forms here{several}, but the "
        f"answers must come from different people. {way_out}"
    )


def _sums(form: IntoFrame, asked: Sequence[Asked], by: Sequence[str]) -> pd.DataFrame:
    """Return sums by group, in columns "<what> <place of the item> <place of the answer>"."""
    of: dict[str, nw.Expr] = {}
    for place, each in enumerate(asked):
        value = nw.col(each.item)
        for nth, one in enumerate(each.values):
            of[f"answer {place} {nth}"] = (value == one).cast(nw.Int64)
        outside = value.is_in(each.not_applicable) if each.not_applicable else nw.lit(0)
        of[f"not applicable {place} 0"] = outside.cast(nw.Int64)
        of[f"answered {place} 0"] = (~value.is_null()).cast(nw.Int64)
    return aggregate.sums(form, by, of, rows="forms")


def _matrix(table: pd.DataFrame, what: str) -> Counts:
    """Return the sums of one kind: a row per group, a column per item or answer, in order."""
    columns = [name for name in table if re.fullmatch(rf"{what} \d+ \d+", str(name))]
    return table[columns].to_numpy(dtype=np.int64).reshape(len(table), len(columns))


def _raise_bad_answers(
    form: IntoFrame, asked: Sequence[Asked], definition: Instrument | None
) -> NoReturn:
    items = [each.item for each in asked]
    if definition is None:
        raise ArgumentError(
            f"{', '.join(items)}: not all answers are whole numbers. Count answers with "
            "decimals after rounding, or score the form."
        )
    from evalkit.instruments.answers import bad_answers

    rows: pd.DataFrame = nw.from_native(form).lazy().select(*items).collect("pandas").to_native()
    bad = bad_answers(rows, definition)
    told = [
        f"row {row}, '{item}': {problem}"
        for row, item, problem in zip(bad["row"], bad["item"], bad["problem"], strict=True)
    ]
    more = f"\n... and {len(told) - SHOWN} more." if len(told) > SHOWN else ""
    raise ArgumentError("\n".join(told[:SHOWN]) + more)


def item_of_answer(asked: Sequence[Asked]) -> Counts:
    """Return 1 where an answer (row) belongs to an item (column), 0 elsewhere."""
    sizes = [len(each.values) for each in asked]
    return np.repeat(np.eye(len(asked), dtype=np.int64), sizes, axis=0)
