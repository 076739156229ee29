"""Figures of satisfaction: the share who gave the best answer to each question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, sign_handles, told
from evalkit.figures.rows import height_of, parts_of_wholes, set_rows, write_at_right
from evalkit.locale import DEFAULT_LANGUAGE, N_, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words

COLUMNS = ("item", "estimate", "lower", "upper", "top_box", "n")
THICK = 5.0
"""Size of a dot in points."""
SHARE = N_("Share with the best answer")


@style.styled
def best_answers(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw the share who gave the best answer to each question, with its interval.

    Where few gave the poorer answers, this may be shown and the whole distribution may not. Beside
    each dot stand the number who gave the best answer and the number who answered.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.satisfaction.summary`, protected or not: a row per item, drawn in their
        order, from the top.
    labels : mapping, optional
        Labels of items: ``instrument.labels(language)``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure 160 mm wide. Give a figure of your own
        ``layout="constrained"``.
    language : {"nb", "en"}, optional
        By default Norwegian.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, an item twice, an unknown language.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, None], "clear": [3, 5, 1, 4]})
    >>> result = ek.satisfaction.summary(form, ["useful", "clear"])
    >>> ax = ek.figures.best_answers(result, language="en")
    >>> [text.get_text() for text in ax.texts]
    ['2 of 3', '1 of 4']
    """
    _check(result)
    say = words(language or DEFAULT_LANGUAGE)
    names = [style.wrapped(say.label("item", item, labels), 34) for item in result["item"]]
    ax = ax or style.new_axes(height=height_of(names))
    estimate, lower, upper = (
        result[name].to_numpy(dtype=float, na_value=np.nan) for name in COLUMNS[1:4]
    )
    places = np.arange(len(result))
    ax.hlines(places, lower, upper, color=style.BLUE, linewidth=1.8)
    ax.plot(estimate, places, "o", color=style.BLUE, markersize=THICK, clip_on=False)
    set_rows(ax, names, say, say.text(SHARE))
    write_at_right(ax, parts_of_wholes(result, "top_box", "n", say, counted))
    style.legend_above(ax, _handles(result, say), None, beside=names)
    style.dress(ax, baseline="left")
    return ax


def _check(result: pd.DataFrame) -> None:
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    if result.empty:
        raise ArgumentError("best_answers has no item to draw.")
    twice = result["item"][result["item"].duplicated()]
    if len(twice):
        raise ArgumentError(
            f"best_answers draws each item once, but '{twice.iloc[0]}' has several rows. "
            "Draw each group by itself."
        )


def _handles(result: pd.DataFrame, say: Words) -> list[Artist]:
    look = {"color": style.BLUE, "linewidth": 1.8}
    dot = Line2D([], [], marker="o", linestyle="none", markersize=THICK, color=style.BLUE)
    dot.set_label(say.text(SHARE))
    handles: list[Artist] = [dot]
    if result["lower"].notna().any():
        handles.append(Line2D([], [], label=say.text("Interval"), **look))  # type: ignore[arg-type]
    is_hidden = pd.Series(hidden_in(result) | hidden_in(result, "n"), index=result.index)
    return [*handles, *sign_handles(result["top_box"], is_hidden, say)]


def describe_best_answers(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `best_answers`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, None]})
    >>> result = ek.satisfaction.summary(form, "useful")
    >>> ek.figures.describe_best_answers(result, language="en")
    'Dots: share with the best answer. useful: 2 of 3, 66.7%, interval 20.8% to 93.9%.'
    """
    _check(result)
    say = words(language or DEFAULT_LANGUAGE)
    counts = parts_of_wholes(result, "top_box", "n", say, told)
    parts = []
    for row, count in zip(result.to_dict("records"), counts, strict=True):
        texts = [f"{say.label('item', row['item'], labels)}: {count}"]
        if pd.notna(row["estimate"]):
            texts.append(say.percent(row["estimate"]))
        if pd.notna(row["lower"]):
            ends = {end: say.percent(row[end]) for end in ("lower", "upper")}
            texts.append(say.text("interval {lower} to {upper}", **ends))
        parts.append(", ".join(texts))
    return say.text("Dots: share with the best answer. {parts}.", parts="; ".join(parts))
