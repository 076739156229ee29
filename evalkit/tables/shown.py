"""How a result is shown: which columns, under which headings, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from evalkit.arguments import check_columns, check_pandas
from evalkit.locale import DEFAULT_LANGUAGE, UNKNOWN_SIGN, words
from evalkit.privacy import HIDDEN, HIDDEN_SIGN, hidden_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from evalkit.locale import Labels, Words

SHARES = frozenset(
    {"estimate", "lower", "upper", "share", "estimate_all_absent", "estimate_all_present"}
)
MOST_DECIMALS = 2
MESSAGES = frozenset({"note", "reason"})
SAID_BY = {"value": "variable", "answer": "item"}
"""Columns whose labels are those of what another column names."""


class ShownColumn(NamedTuple):
    """A column as it is shown.

    ``kind`` is ``share``, ``number``, ``date`` or ``text``; ``values`` are numbers, days or text
    in the reader's language, None where nothing is known; ``hidden`` marks what was protected.
    """

    name: str
    heading: str
    kind: str
    values: list[Any]
    hidden: NDArray[np.bool_]

    def texts(self, say: Words) -> list[str]:
        """Return the cells as text; numbers of one column have the same decimals."""
        decimals = self.decimals
        return [
            HIDDEN_SIGN if is_hidden else self._text(value, decimals, say)
            for value, is_hidden in zip(self.values, self.hidden, strict=True)
        ]

    @property
    def decimals(self) -> int:
        """With how many decimals numbers are shown: as few as all of them need, at most two."""
        if self.kind != "number":
            return 0
        shown = [value for value in self.values if value is not None]
        fractions = (f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2] for value in shown)
        return max(map(len, fractions), default=0)

    def _text(self, value: Any, decimals: int, say: Words) -> str:
        if value is None:
            return UNKNOWN_SIGN
        if self.kind == "share":
            return say.percent(value)
        if self.kind == "number":
            return say.number(value, decimals)
        return say.date(value).replace(" ", "\u00a0") if self.kind == "date" else str(value)


def shown(
    result: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    headings: Mapping[str, str] | None = None,
    language: str | None = None,
    labels: Labels | None = None,
) -> list[ShownColumn]:
    """Return the columns of a result as they are shown; see `evalkit.tables.html`."""
    check_pandas(result, "the result")
    say = words(language or DEFAULT_LANGUAGE)
    names = (
        list(columns)
        if columns is not None
        else [c for c in result.columns if not c.startswith(HIDDEN)]
    )
    check_columns(result, *names, what="the result")
    headings = headings or {}
    out = []
    for name in names:
        kind = _kind(name, result)
        heading = say.text(headings[name]) if name in headings else say.label("column", name)
        protected = kind in {"share", "number"}
        is_hidden = hidden_in(result, name) & result[name].isna().to_numpy() & protected
        out.append(
            ShownColumn(name, heading, kind, _values(result, name, kind, say, labels), is_hidden)
        )
    return out


def _kind(name: str, result: pd.DataFrame) -> str:
    """Return how a column is shown; estimates beside a standard deviation are means."""
    column = result[name]
    of_means = "sd" in result and name != "share"
    if name in SHARES and not of_means:
        return "share"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column.dtype) else "text"


def _values(
    result: pd.DataFrame, name: str, kind: str, say: Words, labels: Labels | None
) -> list[Any]:
    column = result[name]
    known = column.notna()
    if kind == "date":
        plain: list[Any] = [
            stamp.date() if ok else None for stamp, ok in zip(column, known, strict=True)
        ]
    elif kind in {"share", "number"}:
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        plain = [float(number) if ok else None for number, ok in zip(numbers, known, strict=True)]
    elif name in MESSAGES:
        plain = [say.text(value) if ok else None for value, ok in zip(column, known, strict=True)]
    else:
        of = result[SAID_BY[name]] if SAID_BY.get(name) in result else [name] * len(result)
        plain = [
            say.label(variable, value, labels) if ok else None
            for variable, value, ok in zip(of, column, known, strict=True)
        ]
    return plain
