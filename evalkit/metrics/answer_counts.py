"""From filled-in forms to how often each answer of each item was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

import narwhals as nw
import numpy as np
import pandas as pd

from evalkit import aggregate
from evalkit.arguments import as_list, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.instruments import Instrument
from evalkit.instruments.answers import bad_answers, check_numbers, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from evalkit.instruments.model import Item

    Counts = NDArray[np.int64]

MOST_ANSWERS = 21
"""More whole numbers than 0-20 are no scale of answers but ages, ids or scores."""
ROWS_NAMED = 10
"""So many bad answers are named in a message."""
HAS_ORDER = {"choice": True, "nominal": False}
"""Whether the answers of an item have an order, by its kind."""


class Asked(NamedTuple):
    """An item and the answers it may have, in the order they are told.

    ``answers`` and ``not_applicable`` are codes as text, or categories. ``scores`` are what a
    mean is made of: the codes, or 1, 2, 3 ... of categories. ``ordered`` is whether the answers
    have an order, ``reversed`` whether the lowest is the best, ``stated`` whether a definition
    or a categorical says which answers there are.
    """

    item: str
    answers: tuple[str, ...]
    scores: tuple[int, ...]
    not_applicable: tuple[str, ...] = ()
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
    """Count the answers to items of a form.

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
    definition = _definition(instrument)
    names = list(dict.fromkeys(as_list(items)))
    asked = () if definition is None else _asked(definition, names, ordered)
    names = [each.item for each in asked] or names
    _check_names(form, names, by)
    _check_one_form_each(form, by)
    if definition is None:
        tally, asked = _tally_of_columns(form, names, by)
    else:
        check_numbers(form, {name: name for name in names})
        tally = _tally(form, names, by)
    counted, bad = _placed(tally, asked, by)
    if bad:
        _raise_bad_answers(form, names, definition)
    return counted


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


def _asked(instrument: Instrument, names: Sequence[str], ordered: bool) -> tuple[Asked, ...]:
    """Return the named items of a form, by default all that have answers to choose between."""
    kinds = [kind for kind, has_order in HAS_ORDER.items() if has_order or not ordered]
    items = [instrument.item(name) for name in names]
    items = items or [item for item in instrument.items if item.kind in kinds]
    if not items:
        raise ArgumentError(f"{instrument.id} has no item with answers to choose between.")
    asked = tuple(_of_item(item) for item in items)
    without = [each.item for each in asked if ordered and not each.ordered]
    if without:
        raise ArgumentError(
            f"the answers of '{without[0]}' have no order, so none is the best. "
            "`evalkit.satisfaction.distribution` counts them."
        )
    return asked


def _of_item(item: Item) -> Asked:
    if item.kind not in HAS_ORDER:
        way_out = (
            "Its answers are words: read them in study.comments."
            if item.kind == "text"
            else "It is a line of numbers: see instrument.score(form)."
        )
        raise ArgumentError(f"'{item.id}' has no answers to choose between. {way_out}")
    return Asked(
        item=item.id,
        answers=tuple(map(str, item.codes)),
        scores=item.codes,
        not_applicable=tuple(map(str, item.not_applicable)),
        ordered=HAS_ORDER[item.kind],
        reversed=item.reversed,
    )


def _check_names(form: IntoFrame, names: Sequence[str], by: Sequence[str]) -> None:
    if not names:
        raise ArgumentError(
            'Neither items nor an instrument are named. Name columns, items=["..."], or the form '
            'that was filled in, instrument="...".'
        )
    check_columns(form, *names, *by, what="form")
    both = [name for name in names if name in by]
    if both:
        raise ArgumentError(f"'{both[0]}' is both an item and in by. Name it in one of them.")


def _check_one_form_each(form: IntoFrame, by: Sequence[str]) -> None:
    """Raise where somebody answered twice in a group: answers must come from different people."""
    names = column_names(form)
    if "respondent_id" not in names or "respondent_id" in by:
        return
    table = aggregate.sums(form, [*by, "respondent_id"], {}, rows="forms")
    again = table[(table["forms"] > 1) & table["respondent_id"].notna()]
    if again.empty:
        return
    id_, forms = again[["respondent_id", "forms"]].iloc[0]
    others = f" (and {len(again) - 1} more have several)" if len(again) > 1 else ""
    way_out = (
        "Pick one occasion, form[form['occasion'] == ...], or count each by itself, by='occasion'."
        if "occasion" in names and "occasion" not in by
        else "Pick one form of each respondent."
    )
    raise ArgumentError(
        f"respondent {id_} has {forms} forms here{others}, but the answers must come from "
        f"different people. {way_out}"
    )


def _tally(form: IntoFrame, names: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """Count what stands in columns of one kind; values as text, without decimals they lack."""
    tally = aggregate.tally(form, by, names)
    if pd.api.types.is_numeric_dtype(tally["counted_value"].dtype):
        value = tally["counted_value"].map(written, na_action="ignore")
        tally["counted_value"] = value.astype("str").where(tally["counted_value"].notna())
    return tally


def _tally_of_columns(
    form: IntoFrame, names: Sequence[str], by: Sequence[str]
) -> tuple[pd.DataFrame, tuple[Asked, ...]]:
    """Count what stands in columns; their answers are the categories, or the numbers there."""
    schema = nw.from_native(form).lazy().collect_schema()
    numbers = [name for name in names if _holds_numbers(name, schema[name])]
    categories = [name for name in names if name not in numbers]
    tallies = [_tally(form, each, by) for each in (numbers, categories) if each]
    scale = _observed_scale(tallies[0]) if numbers else ()
    answers = tuple(map(str, scale))
    asked = [
        Asked(name, answers, scale, stated=False)
        if name in numbers
        else _of_categories(name, schema[name])
        for name in names
    ]
    return pd.concat(tallies, ignore_index=True), tuple(asked)


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
    answers = tuple(str(category) for category in dtype.categories)
    return Asked(name, answers, tuple(range(1, len(answers) + 1)))


def _observed_scale(tally: pd.DataFrame) -> tuple[int, ...]:
    """Return the whole numbers from the lowest to the highest answer of all columns."""
    known = tally.dropna(subset="counted_value")
    if known.empty:
        return ()
    values = known["counted_value"].to_numpy(dtype=np.float64)
    lowest, highest = float(values.min()), float(values.max())
    if not highest - lowest < MOST_ANSWERS:
        column = known["counted_column"].iloc[int(values.argmax())]
        raise ArgumentError(
            f"the answers lie between {written(lowest)} and {written(highest)} (in '{column}'), "
            f"which is no scale of at most {MOST_ANSWERS} answers. Leave out columns that are no "
            "items, or name the instrument."
        )
    return tuple(range(int(np.floor(lowest)), int(np.ceil(highest)) + 1))


def _placed(
    tally: pd.DataFrame, asked: tuple[Asked, ...], by: Sequence[str]
) -> tuple[Counted, bool]:
    """Return counts at their places, and whether there was what is no answer of its item."""
    groups, group = _groups(tally, by)
    item = pd.Index([each.item for each in asked]).get_indexer(pd.Index(tally["counted_column"]))
    place = _places(tally, asked)
    rows = tally["counted_rows"].to_numpy()
    size = sum(len(each.answers) for each in asked)

    def summed(columns: int, chosen: NDArray[np.bool_], place: NDArray[np.intp]) -> Counts:
        counts = np.zeros((len(groups), columns), dtype=np.int64)
        np.add.at(counts, (group[chosen], place[chosen]), rows[chosen])
        return counts

    missing = tally["counted_value"].isna().to_numpy()
    given = (place >= 0) & (place < size)
    counts = summed(size, given, place)
    n_missing, n_outside = (summed(len(asked), which, item) for which in (missing, place >= size))
    bad = bool((~missing & (place < 0)).any())
    return Counted(asked, groups, counts, n_missing, n_outside), bad


def _groups(tally: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the grouping columns of each group, and the number of each row's group."""
    if not by:
        return pd.DataFrame(index=[0]), np.zeros(len(tally), dtype=np.intp)
    groups = tally[list(by)].drop_duplicates(ignore_index=True)
    number = tally.groupby(list(by), dropna=False, observed=True, sort=False).ngroup()
    return groups, np.asarray(number, dtype=np.intp)


def _places(tally: pd.DataFrame, asked: Sequence[Asked]) -> NDArray[np.intp]:
    """Return the place of each row's answer: those of all items, then those outside the scales.

    -1 where it is no answer of its item.
    """
    known = [(each.item, answer) for each in asked for answer in each.answers]
    known += [(each.item, answer) for each in asked for answer in each.not_applicable]
    index = pd.MultiIndex.from_arrays([[pair[0] for pair in known], [pair[1] for pair in known]])
    return index.get_indexer(pd.MultiIndex.from_frame(tally[["counted_column", "counted_value"]]))


def item_of_answer(asked: Sequence[Asked]) -> Counts:
    """Return 1 where an answer (row) belongs to an item (column), 0 elsewhere."""
    sizes = [len(each.answers) for each in asked]
    return np.repeat(np.eye(len(asked), dtype=np.int64), sizes, axis=0)


def _raise_bad_answers(
    form: IntoFrame, names: Sequence[str], definition: Instrument | None
) -> NoReturn:
    """Say which answers cannot be, and where they stand."""
    if definition is None:
        raise ArgumentError(
            f"not all answers to {', '.join(names)} are whole numbers. Name only columns of codes; "
            "numbers with decimals are scores."
        )
    rows: pd.DataFrame = nw.from_native(form).lazy().select(*names).collect("pandas").to_native()
    bad = bad_answers(rows, definition)
    told = [
        f"row {row}: {problem}" for row, problem in zip(bad["row"], bad["problem"], strict=True)
    ]
    more = [f"... and {len(told) - ROWS_NAMED} more."] if len(told) > ROWS_NAMED else []
    raise ArgumentError("\n".join([*told[:ROWS_NAMED], *more]))
