"""What figures of answers draw: a row of counts for each item, or for each group of one item."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import HIDDEN_WORD, counted, told
from evalkit.locale import N_, UNKNOWN_SIGN
from evalkit.metrics.satisfaction import DISTRIBUTION_CELLS
from evalkit.privacy import HIDDEN, HIDDEN_SIGN, hidden_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evalkit.locale import Labels, Words

NOT_KNOWN = N_("Not known")
NOBODY = N_("nobody answered")
OUTSIDE = {"n_not_applicable": N_("Not relevant"), "n_missing": N_("No answer")}
"""Who is counted beside the answers, and what they are called."""


class People(NamedTuple):
    """A number of people: it may be hidden."""

    number: object
    hidden: bool

    def written(self, say: Words) -> str:
        """Return the number as it is written on a figure."""
        return counted(self.number, is_hidden=self.hidden, words=say)

    def told(self, say: Words) -> str:
        """Return the number as it is told in words."""
        return told(self.number, is_hidden=self.hidden, words=say)

    @property
    def shown(self) -> float:
        """The number as far as it may be seen: 0 where it is hidden."""
        return 0.0 if self.hidden or pd.isna(self.number) else float(self.number)  # type: ignore[call-overload, arg-type]

    @property
    def anybody(self) -> bool:
        """Whether there is anything to say."""
        return self.hidden or self.shown > 0


class Row(NamedTuple):
    """The answers of one item or one group; ``counts`` are 0 where they are hidden."""

    name: str
    counts: NDArray[np.float64]
    hidden: bool
    n: People
    outside: dict[str, People]

    @property
    def shares(self) -> NDArray[np.float64]:
        """The counts as shares of those who answered; 0 where nobody did."""
        return self.counts / max(float(self.counts.sum()), 1.0)

    @property
    def forms(self) -> float:
        """How many forms there are, as far as it may be seen."""
        return self.n.shown + sum(people.shown for people in self.outside.values())


class Answered(NamedTuple):
    """What a figure of answers draws: the names of the answers, the rows, and a title."""

    answers: tuple[str, ...]
    rows: list[Row]
    title: str | None
    ordered: bool


def answered(result: pd.DataFrame, what: str, labels: Labels | None, say: Words) -> Answered:
    """Return the rows of a distribution: one per item, or per group where there is one item.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.satisfaction.distribution`, protected or not.
    what : str
        The name of the figure, for messages.
    labels : mapping, optional
        Labels of items, answers and groups.
    say : Words
        The language.

    Returns
    -------
    Answered

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, several items and several groups, items with other
        answers than the rest.
    """
    check_pandas(result, "result")
    check_columns(result, "item", "answer", "count", "n", *OUTSIDE, what="result")
    if result.empty:
        raise ArgumentError(f"{what} has no answers to draw.")
    own = DISTRIBUTION_CELLS.columns
    keys = [str(name) for name in result if name not in own and not str(name).startswith(HIDDEN)]
    items = list(result["item"].unique())
    groups = len(result[keys].drop_duplicates()) if keys else 1
    if len(items) > 1 and groups > 1:
        raise ArgumentError(
            f"{what} draws several items or several groups, but the result has {len(items)} items "
            f"in {groups} groups. Draw one item, result[result['item'] == '{items[0]}'], or "
            f"one group, result[result['{keys[0]}'] == '{result[keys[0]].iloc[0]}']."
        )
    answers = _one_scale(result, items, what, labels, say)
    by_group = groups > 1
    grouped = result.groupby([*keys, "item"], sort=False, dropna=False, observed=True)
    parts = [part for _, part in grouped]
    rows = [_row(part, keys if by_group else ["item"], labels, say) for part in parts]
    _check_each_once(rows, len(answers), what)
    title = _named(result, ["item"] if by_group else keys, labels, say)
    ordered = bool(result["ordered"].all()) if "ordered" in result else True
    return Answered(answers, rows, title or None, ordered)


def _one_scale(
    result: pd.DataFrame, items: Sequence[str], what: str, labels: Labels | None, say: Words
) -> tuple[str, ...]:
    """Return what the answers are called; raise where items have not the same ones."""
    scales = {
        item: tuple(
            say.label(item, answer, labels)
            for answer in result.loc[result["item"] == item, "answer"].unique()
        )
        for item in items
    }
    first = items[0]
    others = [item for item, scale in scales.items() if scale != scales[first]]
    if others:
        raise ArgumentError(
            f"{what} draws items with the same answers, but those of {', '.join(others)} are not "
            f"those of {first}: {', '.join(scales[others[0]])} and {', '.join(scales[first])}. "
            "Draw them apart, each block of the form by itself."
        )
    return scales[first]


def _check_each_once(rows: Sequence[Row], answers: int, what: str) -> None:
    twice = [row.name for row in rows if len(row.counts) != answers]
    if twice:
        raise ArgumentError(
            f"{what} needs each answer once, but '{twice[0]}' has not {answers} rows for its "
            f"{answers} answers. Keep all rows and grouping columns of the distribution."
        )


def _row(part: pd.DataFrame, named_by: list[str], labels: Labels | None, say: Words) -> Row:
    # One hidden answer is given back by the others and n: then none of them is shown.
    is_hidden = bool(hidden_in(part).any())
    counts = part["count"].to_numpy(dtype=float, na_value=0.0)
    return Row(
        name=_named(part, named_by, labels, say),
        counts=np.zeros_like(counts) if is_hidden else counts,
        hidden=is_hidden,
        n=_people(part, "n"),
        outside={name: _people(part, name) for name in OUTSIDE},
    )


def _people(part: pd.DataFrame, column: str) -> People:
    return People(part[column].iloc[0], bool(hidden_in(part, column)[0]))


def _named(part: pd.DataFrame, columns: list[str], labels: Labels | None, say: Words) -> str:
    """Return what the first row is called by the values of columns."""
    values = [(column, part[column].iloc[0]) for column in columns]
    return ", ".join(
        say.text(NOT_KNOWN) if pd.isna(value) else say.label(column, value, labels)
        for column, value in values
    )


def outside_looks() -> dict[str, dict[str, str]]:
    """Return how those beside the answers are drawn: hollow bars, hatched for no answer."""
    return {
        "n_not_applicable": {"facecolor": style.PAPER, "edgecolor": style.TRACK_EDGE},
        "n_missing": {
            "facecolor": style.PAPER,
            "edgecolor": style.TRACK_EDGE,
            "hatch": style.HATCH,
        },
    }


def legend_of_signs(rows: Sequence[Row], say: Words) -> list[Patch]:
    """Return legend entries for the signs that stand in place of bars."""
    people = [row.n for row in rows] + [each for row in rows for each in row.outside.values()]
    signs = []
    if any(row.hidden for row in rows) or any(each.hidden for each in people):
        signs.append(f"{HIDDEN_SIGN} {say.text(HIDDEN_WORD)}")
    if any(not row.hidden and row.counts.sum() == 0 for row in rows):
        signs.append(f"{UNKNOWN_SIGN} {say.text(NOBODY)}")
    return [Patch(alpha=0, label=sign) for sign in signs]


def row_told(row: Row, answers: Sequence[str], say: Words) -> str:
    """Return a row in words: its n, each answer with its number, and those beside."""
    name = say.text("{name} (n = {n})", name=row.name, n=row.n.told(say))
    if row.hidden:
        parts = [say.text(HIDDEN_WORD)]
    else:
        pairs = zip(answers, row.counts, strict=True)
        parts = [f"{answer} ({say.number(count)})" for answer, count in pairs]
    parts += [
        f"{say.text(OUTSIDE[key])} ({people.told(say)})"
        for key, people in row.outside.items()
        if people.anybody
    ]
    return f"{name}: {', '.join(parts)}"
