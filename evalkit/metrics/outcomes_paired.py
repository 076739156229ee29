"""From forms to scores, and from scores to the first and last form of each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import narwhals as nw

from evalkit import aggregate
from evalkit.arguments import check_columns, column_names, did_you_mean
from evalkit.errors import ArgumentError
from evalkit.instruments import score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame, IntoFrameT

    from evalkit.instruments import Instrument

RATERS = ("about_id", "respondent_id", "informant")
"""Who a form is about and who filled it in: forms are paired within these, never across."""
ORDER = ("occasion", "answered_on")
AT_FIRST = ("group_id", "age_years")
KEPT = ("form_id", *RATERS, "group_id", *ORDER, "age_years")
PAIRS = (
    *(*RATERS, *AT_FIRST, "first", "last"),
    *("first_occasion", "last_occasion", "first_on", "last_on"),
)
NAMED = 3
"""So many are named in a message; of more, their number is."""


def scores(forms: IntoFrameT, instrument: Instrument) -> IntoFrameT:
    """Score forms, and keep what says whose they are and when they were filled in.

    Parameters
    ----------
    forms : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        One row per form, one column of numbers per item.
    instrument : Instrument
        The form, from `evalkit.load_instrument`.

    Returns
    -------
    DataFrame of the kind of ``forms``
        In the order of its rows, with its index on pandas: those of ``form_id, about_id,
        respondent_id, informant, group_id, occasion, answered_on, age_years`` that are there,
        then for each scale ``<scale>`` (not known where too few items are answered) and
        ``<scale>_answered`` (items answered).

    Raises
    ------
    ArgumentError
        The form is not scored, a column of an item is missing, or an answer cannot be.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> forms = pd.DataFrame(
    ...     {
    ...         "about_id": ["c1", "c1"],
    ...         "occasion": [1, 12],
    ...         "individual": [5.1, 7.6],
    ...         "family": [6.0, 8.2],
    ...         "school": [4.4, 7.0],
    ...         "overall": [5.5, 7.9],
    ...     }
    ... )
    >>> ek.outcomes.scores(forms, ek.load_instrument("CORS"))
      about_id  occasion  total  total_answered
    0       c1         1   21.0               4
    1       c1        12   30.7               4
    """
    there = column_names(forms, "forms")
    return score(forms, instrument, keep=[name for name in KEPT if name in there])


def pairs(scores: IntoFrameT, *, scale: str | None = None) -> IntoFrameT:
    """First and last valid form of each person, as each informant filled them in.

    A form is valid where its score is known. Forms are put in order by occasion, then by date;
    only forms about the same person, by the same respondent, as the same informant are paired.

    Parameters
    ----------
    scores : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        From `scores`: one row per form with ``about_id``, ``occasion`` or ``answered_on`` or
        both, and the score. A lazy frame is run to check it.
    scale : str, optional
        The column with the score; by default the form's first scale.

    Returns
    -------
    DataFrame of the kind of ``scores``
        One row per ``about_id, respondent_id, informant`` (those that are there), sorted by them:
        ``group_id`` and ``age_years`` at the first form, ``first`` and ``last`` (scores),
        ``first_occasion, last_occasion, first_on, last_on``, ``n_forms``, ``n_valid``. Columns
        whose source is not there are left out. ``last`` is not known where only one form is
        valid, ``first`` neither where none is.

    Raises
    ------
    ArgumentError
        A column is missing or of the wrong kind; a form does not say whom it is about; or
        nothing tells which of two forms comes first: they have the same occasion and date, or
        one of them has none. The message names the first of them.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> scores = pd.DataFrame(
    ...     {"about_id": ["c1", "c2", "c1"], "occasion": [12, 1, 1], "total": [30.7, 25.0, 21.0]}
    ... )
    >>> ek.outcomes.pairs(scores, scale="total").drop(columns=["n_forms", "n_valid"])
      about_id  first  last  first_occasion  last_occasion
    0       c1   21.0  30.7               1             12
    1       c2   25.0   NaN               1           <NA>
    """
    there = column_names(scores, "scores")
    check_columns(scores, "about_id", what="scores")
    scale = scale_column(scores, scale)
    order = _order(scores)
    by = [name for name in RATERS if name in there]
    forms = _checked(scores, scale, order)
    at_first, at_last = _wanted(there, scale, order)
    ends = aggregate.first_and_last(
        forms,
        by,
        order=order,
        valid=scale,
        at_first=at_first,
        at_last=at_last,
        rows="n_forms",
        valid_rows="n_valid",
    )
    if len(ends.unclear):
        raise ArgumentError(_unclear(forms, ends.unclear, order))
    columns = [*by, *(name for name in AT_FIRST if name in there), "first", "last"]
    for name in ("occasion", "on"):
        columns += [
            each for each in (f"first_{name}", f"last_{name}") if each in at_first | at_last
        ]
    return cast("IntoFrameT", _without_ends(ends.table, [*columns, "n_forms", "n_valid"]))


def scale_column(scores: IntoFrame, scale: str | None) -> str:
    """Return the column of a scale: the one named, or the first of those that were scored."""
    names = column_names(scores, "scores")
    scored = [name for name in names if f"{name}_answered" in names]
    if scale is None and not scored:
        raise ArgumentError(
            "scores has no column of a scale with <scale>_answered beside it, as `outcomes.scores` "
            "makes them. Name the column with scale=."
        )
    column = scored[0] if scale is None else scale
    if column not in names:
        raise ArgumentError(f"scores has no scale '{column}'. {did_you_mean(column, scored)}")
    dtype = nw.from_native(scores).lazy().collect_schema()[column]
    if not dtype.is_numeric():
        raise ArgumentError(f"'{column}' must hold scores, but holds {dtype}.")
    return column


def _order(scores: IntoFrame) -> list[str]:
    """Return the columns that put forms in order, checked."""
    schema = nw.from_native(scores).lazy().collect_schema()
    order = [name for name in ORDER if name in schema and not _is_blank(scores, name)]
    if not order:
        raise ArgumentError(
            "scores has neither an occasion nor a date in answered_on: nothing tells which form "
            "came first."
        )
    if "occasion" in order and not schema["occasion"].is_numeric():
        raise ArgumentError(
            f"occasion must hold whole numbers, but holds {schema['occasion']}: write 'Samling 4' "
            "as 4."
        )
    if "answered_on" in order and not isinstance(schema["answered_on"], nw.Date | nw.Datetime):
        raise ArgumentError(
            f"answered_on must hold dates, but holds {schema['answered_on']}. Make it dates first, "
            "with pandas.to_datetime."
        )
    return order


def _is_blank(scores: IntoFrame, name: str) -> bool:
    """Return whether a column holds nothing, and so is of no kind; only a frame in memory tells."""
    frame = nw.from_native(scores)
    kind = frame.lazy().collect_schema()[name]
    if kind.is_numeric() or kind.is_temporal() or not isinstance(frame, nw.DataFrame):
        return kind == nw.Unknown
    return bool(frame[name].is_null().all())


def _checked(scores: IntoFrame, scale: str, order: Sequence[str]) -> Any:
    """Return the forms with occasions as whole numbers; raise where a form cannot be paired."""
    frame = nw.from_native(scores)
    there = frame.collect_schema().names()
    needed = dict.fromkeys([*RATERS, *AT_FIRST, *order, scale])
    frame = frame.select(*(name for name in needed if name in there))
    broken = {"blank": nw.col("about_id").is_null().cast(nw.Int64)}
    if "occasion" in order:
        broken["uneven"] = (nw.col("occasion") % 1 != 0).cast(nw.Int64)
    columns = [name for name in ("about_id", "occasion") if name in {"about_id", *order}]
    counts = aggregate.sums(frame.select(*columns).to_native(), [], broken).iloc[0]
    if counts["blank"]:
        raise ArgumentError(
            f"{counts['blank']} of {counts['rows']} forms have no about_id: anonymous forms cannot "
            "be paired. Leave them out, or describe them by `outcomes.course`."
        )
    if counts.get("uneven", 0):
        raise ArgumentError(f"{counts['uneven']} occasions are no whole numbers.")
    return _whole_occasions(frame.to_native(), order)


def _whole_occasions(forms: Any, order: Sequence[str]) -> Any:
    import pandas as pd

    if "occasion" not in order:
        return forms
    if isinstance(forms, pd.DataFrame):
        return forms.assign(occasion=forms["occasion"].astype("Int64"))
    return nw.from_native(forms).with_columns(nw.col("occasion").cast(nw.Int64)).to_native()


def _wanted(
    there: Sequence[str], scale: str, order: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is taken from the first and from the last form: {name: column}."""
    ends = {"": scale, "_occasion": "occasion", "_on": "answered_on"}
    ends = {name: column for name, column in ends.items() if column in {scale, *order}}
    first = {f"first{name}": column for name, column in ends.items()}
    first |= {name: name for name in AT_FIRST if name in there}
    return first, {f"last{name}": column for name, column in ends.items()}


def _without_ends(table: Any, columns: Sequence[str]) -> Any:
    """Return the pairs with no last form where only one is valid, no first where none is."""
    least = {"first": 1, "last": 2}
    shown = [
        nw.when(nw.col("n_valid") >= least[name.split("_")[0]]).then(nw.col(name)).alias(name)
        for name in columns
        if name.split("_")[0] in least
    ]
    return nw.from_native(table).with_columns(*shown).select(*columns).to_native()


def _unclear(forms: IntoFrame, unclear: pd.DataFrame, order: Sequence[str]) -> str:
    """Return what to tell of persons whose forms cannot be put in order."""
    ids = unclear["about_id"].head(NAMED).tolist()
    frame = nw.from_native(forms).lazy().filter(nw.col("about_id").is_in(ids))
    rows: pd.DataFrame = frame.collect("pandas").to_native()
    told = [_one_unclear(rows, who, order) for who in unclear.head(NAMED).to_dict("records")]
    more = f" And {len(unclear) - NAMED} more." if len(unclear) > NAMED else ""
    return (
        f"It is not clear which form comes first. {' '.join(told)}{more} Leave out forms that came "
        "in twice, or give each an occasion or a date of its own."
    )


def _one_unclear(rows: pd.DataFrame, who: Mapping[Any, Any], order: Sequence[str]) -> str:
    import pandas as pd

    for column, value in who.items():
        same = rows[column].isna() if pd.isna(value) else rows[column].astype("str") == str(value)
        rows = rows[same]
    name = ", ".join(f"{column} {value!r}" for column, value in who.items() if not pd.isna(value))
    if "occasion" in order and rows["occasion"].isna().any() and rows["occasion"].notna().any():
        return f"{name}: forms with and without an occasion."
    places = rows[list(order)].astype("str")
    twice = rows[places.duplicated(keep=False).to_numpy()]
    if "answered_on" in order and (twice.empty or twice["answered_on"].isna().any()):
        return f"{name}: several forms of which one has no date."
    return f"{name}: {len(twice)} forms{_written(twice.iloc[0])}."


def _written(form: pd.Series) -> str:
    """Return where a form stands: its occasion and date."""
    import pandas as pd

    occasion, day = form.get("occasion"), form.get("answered_on")
    parts = ["" if pd.isna(occasion) else f" on occasion {occasion}"]
    parts.append("" if pd.isna(day) else f" of {pd.Timestamp(day):%Y-%m-%d}")
    return "".join(parts)
