"""From text to typed columns: whole columns at once, every cell that does not fit named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.arguments import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evalkit.instruments import Item
    from evalkit.study.schema import Column


TIME_OF_DAY = r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
ISO_DAY = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
NUMBER = "-?[0-9]{1,9}([.,][0-9]{1,9})?"
DAY_FIRST = r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"


class Converted(NamedTuple):
    """A typed column, and for each cell that did not fit what is wrong with it."""

    values: pd.Series
    wrong: dict[int, str]


def convert(text: pd.Series, column: Column, *, words: Iterable[str] = ()) -> Converted:
    """Return a column of text (blank is NA, index is the row) as its kind asks.

    ``words`` are those of the file for our values: messages about a category name them too.
    """
    if column.kind == "category":
        return _as_category(text, column, words)
    return _KINDS[column.kind](text, column)


def empty(column: Column, index: pd.Index) -> pd.Series:
    """Return a column that a file does not have: all NA, of the right type."""
    return convert(pd.Series(pd.NA, index=index, dtype="str"), column).values


def _as_text(text: pd.Series, _: Column) -> Converted:
    return Converted(text.astype("str"), {})


def _as_category(text: pd.Series, column: Column, words: Iterable[str]) -> Converted:
    folded = {value.casefold(): value for value in column.values}
    known = text.str.casefold().map(folded)
    wrong = _wrong(text, known.isna(), lambda value: _unknown_word(value, column, words))
    return Converted(known.astype(pd.CategoricalDtype(list(column.values))), wrong)


def _as_count(text: pd.Series, _: Column) -> Converted:
    plain = text.str.fullmatch("[0-9]{1,9}").fillna(value=False)
    values = pd.to_numeric(text.where(plain)).astype("Int64")
    return Converted(values, _wrong(text, ~plain, _not_a_count))


def _as_number(text: pd.Series, _: Column) -> Converted:
    plain = text.str.fullmatch("[0-9]{1,9}([.,][0-9]{1,9})?").fillna(value=False)
    values = pd.to_numeric(text.where(plain).str.replace(",", ".")).astype("Float64")
    message = "is not a number from 0 up. Write it in digits, as 9 or 9.5, or leave it blank."
    return Converted(values, _wrong(text, ~plain, lambda value: f"'{value}' {message}"))


def _as_date(text: pd.Series, _: Column) -> Converted:
    """Read 2009-02-23, or day first: 23.02.2009. A time of day after it is left out."""
    day = text.str.replace(TIME_OF_DAY, "", regex=True)
    iso = day.where(day.str.fullmatch(ISO_DAY).fillna(value=False))
    day_first = day.where(day.str.fullmatch(DAY_FIRST).fillna(value=False))
    values = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
    values = values.fillna(pd.to_datetime(day_first, format="%d.%m.%Y", errors="coerce"))
    values = values.astype("datetime64[s]")
    message = "is not a date of the calendar. Write year-month-day, as 2009-02-23."
    return Converted(values, _wrong(text, values.isna(), lambda value: f"'{value}' {message}"))


def _as_occasion(text: pd.Series, _: Column) -> Converted:
    """Read 4, or a number among words: Samling 4."""
    number = text.str.extract(r"^[^0-9]*([0-9]{1,4})(?:[.,]0+)?[^0-9]*$", expand=False)
    values = pd.to_numeric(number).astype("Int64")
    message = "holds no single number. Write which occasion it was, as 4 or Samling 4."
    return Converted(values, _wrong(text, values.isna(), lambda value: f"'{value}' {message}"))


def _as_answer(text: pd.Series, column: Column) -> Converted:
    """Read an answer to an item: a number, or the code or label of one of its answers."""
    item = column.item
    if item is None or item.kind == "text":
        return Converted(text.astype("str"), {})
    plain = text.str.fullmatch(NUMBER).fillna(value=False)
    numbers = pd.to_numeric(text.where(plain).str.replace(",", ".")).astype("Float64")
    if item.kind == "scale":
        message = "is not a number. Write it in digits, as 7.4, or leave it blank."
        return Converted(numbers, _wrong(text, ~plain, lambda value: f"'{value}' {message}"))
    codes = {
        label.casefold(): code for code, labels in item.answers.items() for label in labels.values()
    }
    known = text.str.casefold().map(codes).astype("Float64")
    values = known.fillna(numbers)
    whole = (values % 1 == 0).fillna(value=False)
    wrong = _wrong(text, ~whole, lambda value: _unknown_answer(value, item))
    return Converted(values.where(whole).astype("Int64"), wrong)


def _wrong(text: pd.Series, bad: pd.Series, message: Callable[[str], str]) -> dict[int, str]:
    cells = text[text.notna() & bad]
    messages = {value: message(value) for value in cells.unique()}
    return {int(row): messages[value] for row, value in zip(cells.index, cells, strict=True)}


def _not_a_count(value: str) -> str:
    if value.startswith("-"):
        return f"'{value}' is below 0. A count starts at 0; leave it blank if it is not known."
    return (
        f"'{value}' is not a whole number. Write it in digits, as 7, "
        "or leave it blank if it is not known."
    )


def _unknown_word(value: str, column: Column, words: Iterable[str]) -> str:
    known = list(dict.fromkeys([*words, *column.values]))
    close = nearest(value, known)
    hint = f" Did you mean '{close}'?" if close else ""
    return f"'{value}' is not known here.{hint} Known: {', '.join(known)}."


def _unknown_answer(value: str, item: Item) -> str:
    labels = [next(iter(labels.values())) for labels in item.answers.values()]
    close = nearest(value, labels)
    hint = f" Did you mean '{close}'?" if close else ""
    known = ", ".join(f"{code} {label}" for code, label in zip(item.answers, labels, strict=True))
    return f"'{value}' is no answer to '{item.id}'.{hint} Known: {known}."


_KINDS: dict[str, Callable[[pd.Series, Column], Converted]] = {
    "answer": _as_answer,
    "id": _as_text,
    "text": _as_text,
    "count": _as_count,
    "number": _as_number,
    "occasion": _as_occasion,
    "date": _as_date,
}
