"""From columns of text to numbers and dates: the whole column decides how its cells are meant."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

WHOLE = r"-?(?:0|[1-9][0-9]{0,17})"
MARKED = rf"(?P<whole>{WHOLE}|-?[1-9][0-9]{{0,2}}(?:%s[0-9]{{3}})+)(?P<decimals>%s[0-9]+)?"
SCIENTIFIC = r"-?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}"
MINUS = "\u2212"
SPACE_IN_NUMBER = "(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))"

TIME = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
MOMENT = (
    r"(?P<first>[0-9]{1,4})(?P<mark>[-./])(?P<second>[0-9]{1,2})(?P=mark)(?P<third>[0-9]{1,4})"
    r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<seconds>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
LARGEST_EXACT = 2.0**53


class Typed(NamedTuple):
    """A column as it is meant.

    Attributes
    ----------
    values : pandas.Series
        ``Int64`` or ``Float64`` numbers, ``datetime64[s]`` dates, else the text as it came.
    kind : str
        ``number``, ``date``, ``time`` (which stays text) or ``text``.
    doubt : str or None
        What the cells could not decide, with those that show it.
    """

    values: pd.Series
    kind: str
    doubt: str | None = None


def typed_column(text: pd.Series, *, from_workbook: bool = False) -> Typed:
    """Return a column of text (blank is NA) as numbers or dates, if all its cells are such.

    The cells of a column decide together which mark is the decimal one, and whether ``1.234`` is
    more than a thousand; and whether ``3/4/2024`` is in April, which it is unless they tell
    otherwise. Digits after a zero (``007``) are no number. A time zone is dropped; the time on
    the clock is kept.

    Parameters
    ----------
    text : pandas.Series of str
        The column.
    from_workbook : bool
        Cells that are numbers in a workbook come with a dot, so a dot parts no thousands there.

    Returns
    -------
    Typed
        Of kind ``text`` where a cell is neither, or where the cells contradict each other.

    Examples
    --------
    >>> import pandas as pd
    >>> typed_column(pd.Series(["1.234", "4,5"])).values.tolist()
    [1234.0, 4.5]
    >>> typed_column(pd.Series(["1.234", "4.5"])).values.tolist()
    [1.234, 4.5]
    >>> typed_column(pd.Series(["08/07/2020", "13/07/2020"])).values.dt.month.tolist()
    [7, 7]
    """
    cells = pd.Series(text.dropna().unique(), dtype="str")
    if cells.empty:
        return Typed(text, "text")
    if cells.str.fullmatch(TIME).all():
        return Typed(text, "time")
    found = _as_numbers(cells, from_workbook=from_workbook) or _as_dates(cells)
    if found is None or found.kind == "text":
        return Typed(text, "text", None if found is None else found.doubt)
    values = found.values.set_axis(cells.array).reindex(text.array)
    return found._replace(values=pd.Series(values.array, index=text.index, name=text.name))


def _as_numbers(cells: pd.Series, *, from_workbook: bool) -> Typed | None:
    """Return distinct cells as numbers; None where one of them is no number."""
    plain = cells.str.replace(MINUS, "-").str.replace(SPACE_IN_NUMBER, "", regex=True)
    dots = plain.str.fullmatch(MARKED % (",", r"\.")) | plain.str.fullmatch(SCIENTIFIC)
    commas = plain.str.fullmatch(MARKED % (r"\.", ","))
    if not (dots | commas).all():
        return None
    with_comma = plain.str.contains(",")
    with_dot = plain.str.contains(".", regex=False) & ~with_comma
    if from_workbook and with_dot.any():
        dots, commas = dots & ~with_comma, commas & ~with_dot
    if not dots.all() and not commas.all():
        return _contradiction(cells, cells[~dots].iloc[0], cells[~commas].iloc[0])
    if dots.all() != commas.all():
        return Typed(_numbers(plain, "." if dots.all() else ","), "number")
    if with_comma.any() and with_dot.any():
        return _contradiction(cells, cells[with_comma].iloc[0], cells[with_dot].iloc[0])
    return _of_either_mark(cells, plain, "," if with_comma.any() else ".")


def _contradiction(cells: pd.Series, one: str, other: str) -> Typed:
    message = (
        f"'{one}' and '{other}' stand in one column: is the comma or the dot the decimal mark? "
        "The column was left as text. Write all its numbers in one way."
    )
    return Typed(cells, "text", message)


def _of_either_mark(cells: pd.Series, plain: pd.Series, mark: str) -> Typed:
    """Return whole numbers; or such as 1.234, which are taken to have decimals."""
    values = _numbers(plain, mark)
    marked = cells[plain.str.contains(mark, regex=False)]
    if marked.empty:
        return Typed(values, "number")
    message = (
        f"'{marked.iloc[0]}' may be more than a thousand or have three decimals, and no cell of "
        "the column tells. It was read as having decimals."
    )
    return Typed(values, "number", message)


def _numbers(plain: pd.Series, decimal: str) -> pd.Series:
    """Return numbers, right to the last digit: ``Int64`` where all are whole."""
    thousands = "." if decimal == "," else ","
    text = plain.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    if text.str.fullmatch(WHOLE).all():
        return pd.Series(text.to_numpy(dtype="object").astype("int64"), dtype="Int64")
    values = pd.Series(text.to_numpy(dtype="object").astype("float64"))
    whole = values.mod(1).eq(0) & values.abs().lt(LARGEST_EXACT)
    return values.astype("Int64" if whole.all() else "Float64")


def _as_dates(cells: pd.Series) -> Typed | None:
    """Return distinct cells as moments; None where one of them is no date."""
    if not cells.str.fullmatch(MOMENT).all():
        return None
    parts = cells.str.extract(f"^{MOMENT}$")
    year_first = parts["first"].str.len().eq(4)
    if not (year_first ^ parts["third"].str.len().eq(4)).all():
        return None
    month_first, doubt = _month_first(cells, parts, parts["mark"].isin(["/", "-"]) & ~year_first)
    if month_first is None:
        return Typed(cells, "text", doubt)
    year = parts["first"].where(year_first, parts["third"])
    month = parts["first"].where(month_first & ~year_first, parts["second"])
    day = parts["second"].where(month_first, parts["first"]).where(~year_first, parts["third"])
    clock = parts[["hour", "minute", "seconds"]].fillna("0")
    text = year + "-" + month + "-" + day + " " + clock.agg(":".join, axis="columns")
    values = pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    if values.isna().any():
        wrong = cells[values.isna()].iloc[0]
        return Typed(
            cells, "text", f"'{wrong}' is not a date of the calendar. The column was left as text."
        )
    return Typed(values.astype("datetime64[s]"), "date", doubt)


def _month_first(
    cells: pd.Series, parts: pd.DataFrame, either: pd.Series
) -> tuple[pd.Series | None, str | None]:
    """Return which cells are month first, as those with a number over 12 tell; and any doubt."""
    no_cell = pd.Series(data=False, index=cells.index)
    if not either.any():
        return no_cell, None
    only_day_first = either & parts["first"].astype("int64").gt(12)
    only_month_first = either & parts["second"].astype("int64").gt(12)
    if only_day_first.any() and only_month_first.any():
        pair = f"'{cells[only_day_first].iloc[0]}' and '{cells[only_month_first].iloc[0]}'"
        message = (
            f"{pair} stand in one column: does the day or the month come first? "
            "The column was left as text. Write all its dates in one way."
        )
        return None, message
    if only_month_first.any():
        return either, None
    if only_day_first.any():
        return no_cell, None
    message = (
        f"'{cells[either].iloc[0]}' may be day first or month first, and no cell of the column "
        "tells. It was read day first."
    )
    return no_cell, message
