"""Checks of what a caller hands in: one function each, messages that show the value."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING

from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from narwhals.typing import IntoFrame


def as_list(names: str | Sequence[str] | None) -> list[str]:
    """Return column names as a list: none, one, or several."""
    if names is None:
        return []
    listed: object = [names] if isinstance(names, str) else names
    if not isinstance(listed, Sequence) or not all(isinstance(name, str) for name in listed):
        raise ArgumentError(f"columns are named by one text or several, but {names!r} came.")
    return list(listed)


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name most like ``name``, if any is much like it."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the nearest known name and all of them."""
    names = list(known)
    close = nearest(name, names)
    hint = f"Did you mean '{close}'? " if close else ""
    return f"{hint}Known: {', '.join(names)}."


def one_edit_away(name: str, known: Iterable[str]) -> str | None:
    """Return the known id that a single typing mistake turns into ``name``, if exactly one is."""
    candidates = [other for other in known if _is_one_edit(name, other)]
    return candidates[0] if len(candidates) == 1 else None


def _is_one_edit(left: str, right: str) -> bool:
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long


def column_names(frame: IntoFrame, what: str = "the table") -> list[str]:
    """Return the columns of a frame; raise `ArgumentError` for what is no frame."""
    import narwhals as nw

    try:
        return nw.from_native(frame).lazy().collect_schema().names()
    except (TypeError, AttributeError):
        raise ArgumentError(
            f"{what} must be a DataFrame (pandas, Polars or DuckDB), but is a "
            f"{type(frame).__name__}."
        ) from None


def check_columns(frame: IntoFrame, *required: str, what: str = "the table") -> None:
    """Raise `ArgumentError` unless ``frame`` has all ``required`` columns."""
    names = column_names(frame, what)
    absent = list(dict.fromkeys(name for name in required if name not in names))
    if absent:
        raise ArgumentError(
            f"{what} lacks the column{'s' if len(absent) > 1 else ''} "
            f"{', '.join(absent)}. {did_you_mean(absent[0], names)}"
        )


def check_pandas(frame: object, what: str) -> None:
    """Raise `ArgumentError` unless ``frame`` is a pandas DataFrame, as every result is."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(
            f"{what} must be a pandas DataFrame, but is a {type(frame).__name__}. Results of "
            "evalkit are; of another frame take frame.to_pandas()."
        )


def check_between(value: float, name: str, *, above: float, below: float) -> None:
    """Raise `ArgumentError` unless ``above < value < below``."""
    if not _is_number(value) or not above < value < below:
        raise ArgumentError(f"{name} must lie between {above} and {below}, but is {value!r}.")


def check_at_least(value: float, name: str, lowest: float) -> None:
    """Raise `ArgumentError` unless ``value`` is a finite number of at least ``lowest``."""
    if not _is_number(value) or not lowest <= value < math.inf:
        raise ArgumentError(f"{name} must be at least {lowest}, but is {value!r}.")


def check_whole_at_least(value: int, name: str, lowest: int) -> None:
    """Raise `ArgumentError` unless ``value`` is a whole number of at least ``lowest``."""
    given: object = value
    whole = isinstance(given, Integral) and not isinstance(given, bool)
    if not whole or value < lowest:
        raise ArgumentError(
            f"{name} must be a whole number of at least {lowest}, but is {value!r}."
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def check_choice(value: str, name: str, choices: Iterable[str]) -> None:
    """Raise `ArgumentError` unless ``value`` is one of ``choices``."""
    known = list(choices)
    if value not in known:
        raise ArgumentError(f"{name} is {value!r}. {did_you_mean(str(value), known)}")
