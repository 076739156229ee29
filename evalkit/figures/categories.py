"""Figures of change: which share recovered, improved, stayed as they were, deteriorated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from evalkit.arguments import check_columns, check_pandas, did_you_mean
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, sign_handles, told
from evalkit.figures.outcome_parts import Part, Parts, parts_of
from evalkit.locale import DEFAULT_LANGUAGE, N_, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from evalkit.locale import Labels, Words

COLUMNS = ("category", "estimate", "lower", "upper", "count", "n")
NONE = N_("none eligible")
INCLUDES = N_('"{improved}" includes "{recovered}".')
BAR, HEADING, GAP = 5.4, 3.8, 2.4
"""Height of a bar with its room, of a line of a heading, and of what parts groups, in mm."""


class Places(NamedTuple):
    """Where things stand, in mm from the top: the middle of each bar, headings, and the end."""

    bars: NDArray[np.float64]
    headings: list[tuple[float, str]]
    depth: float


@style.styled
def change_categories(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw which share of those eligible recovered, improved, were unchanged or deteriorated.

    A bar is the share, the whisker its interval; beside it the number and of how many. Who could
    not reach a category (no room on the scale, never in the clinical range) is not among those
    eligible for it.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.outcomes.change_summary`, protected or not: ``category``, ``estimate``,
        ``lower``, ``upper`` (shares), ``count``, ``n`` (persons eligible). Columns before
        ``category`` are those it is grouped by; at most one of them may hold several values,
        each a block of bars.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
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
        A missing column, a category that is none, several grouping columns, nothing to draw,
        an unknown language.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> shares = {"category": ["improved", "deteriorated"], "estimate": [0.5, 0.125]}
    >>> bounds = {"lower": [0.3142, 0.0434], "upper": [0.6858, 0.3100]}
    >>> result = pd.DataFrame(shares | bounds | {"count": [12, 3], "n": [24, 24]})
    >>> ax = ek.figures.change_categories(result, language="en")
    >>> [text.get_text() for text in ax.texts]
    ['12 of 24 (50.0%)', '3 of 24 (12.5%)']
    """
    say = words(language or DEFAULT_LANGUAGE)
    blocks = _blocks(result, labels, say)
    rows = pd.concat([block.rows for block in blocks.parts], ignore_index=True)
    names = [say.label("category", category, labels) for category in rows["category"]]
    left = max(style.text_width(name) for name in names)
    places = _places(
        blocks.parts,
        (style.WIDTH * style.MM * 72 if ax is None else style.width_of(ax)) - left - 20,
    )
    ax = ax or style.new_axes(height=places.depth + 26)
    _draw_bars(ax, rows, places.bars)
    _write_shares(ax, rows, places.bars, say)
    for top, heading in places.headings:
        ax.text(0, top, heading, va="top", fontsize=style.SMALL, fontweight="bold")
    ax.set_yticks(places.bars, names)
    ax.set(xlim=(0, 1), ylim=(places.depth, 0), xticks=np.linspace(0, 1, 6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: say.percent(value, 0)))
    ax.grid(visible=True, axis="x", color=style.TRACK, linewidth=0.6)
    notes = [say.text("Share of those eligible"), *_inclusion(rows, say, labels)]
    ax.set_xlabel("\n".join(notes))
    is_hidden = pd.Series(hidden_in(rows) | hidden_in(rows, "n"))
    style.legend_above(ax, sign_handles(rows["n"], is_hidden, say), blocks.title, beside=names)
    style.dress(ax, baseline="left")
    return ax


def _blocks(result: pd.DataFrame, labels: Labels | None, say: Words) -> Parts:
    """Return the rows by group, categories in their own order."""
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    if result.empty:
        raise ArgumentError("change_categories has no category to draw.")
    known = list(style.CATEGORY_COLOURS)
    strange = [str(each) for each in result["category"].unique() if each not in known]
    if strange:
        raise ArgumentError(
            f"'{strange[0]}' is no category of change. {did_you_mean(strange[0], known)}"
        )
    rows = result.assign(category=pd.Categorical(result["category"].astype("str"), known))
    parts = parts_of(rows, before="category", what="change_categories", labels=labels, say=say)
    sorted_ = [Part(part.name, part.rows.sort_values("category")) for part in parts.parts]
    return parts._replace(parts=sorted_)


def _places(blocks: list[Part], room: float) -> Places:
    """Return where bars and headings stand; headings are at most ``room`` points wide."""
    depth, bars, headings = 0.0, [], []
    for block in blocks:
        if block.name is not None:
            heading = style.fitted(block.name, room / 1.15, style.SMALL)
            headings.append((depth + GAP / 2, heading))
            depth += GAP / 2 + HEADING * (heading.count("\n") + 1)
        bars += [depth + BAR * (nth + 0.5) for nth in range(len(block.rows))]
        depth += BAR * len(block.rows) + GAP
    return Places(np.array(bars), headings, depth)


def _draw_bars(ax: Axes, rows: pd.DataFrame, places: NDArray[np.float64]) -> None:
    shares = rows["estimate"].to_numpy(dtype=float, na_value=np.nan)
    lower, upper = (
        rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("lower", "upper")
    )
    colours = [style.CATEGORY_COLOURS[category] for category in rows["category"]]
    ax.barh(places, np.nan_to_num(shares), height=0.72 * BAR, color=colours)
    ax.hlines(places, lower, upper, color=style.PAPER, linewidth=2.4)  # seen on dark bars too
    ax.hlines(places, lower, upper, color=style.INK, linewidth=1.0)
    for end in (lower, upper):
        ax.plot(end, places, "|", markersize=5, color=style.INK, clip_on=False)


def _write_shares(ax: Axes, rows: pd.DataFrame, places: NDArray[np.float64], say: Words) -> None:
    """Write at the right of each bar how many of how many, and the share."""
    for place, text in zip(places, _shares(rows, say, counted), strict=True):
        ax.annotate(
            text,
            (1, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
        )


def _shares(rows: pd.DataFrame, say: Words, write: Callable[..., str]) -> list[str]:
    """Return "11 of 24 (45.8%)" for each row, in signs or in words by ``write``."""
    texts = []
    for share, count, n, is_hidden, n_is_hidden in zip(
        rows["estimate"],
        rows["count"],
        rows["n"],
        hidden_in(rows),
        hidden_in(rows, "n"),
        strict=True,
    ):
        some = write(count, is_hidden=bool(is_hidden), words=say)
        of = write(n, is_hidden=bool(n_is_hidden), words=say)
        text = some if pd.isna(n) else say.text("{count} of {total}", count=some, total=of)
        if pd.notna(n) and n == 0:
            text = say.text(NONE)
        elif pd.notna(share) and not is_hidden:
            text = f"{text} ({say.percent(share)})"
        texts.append(text)
    return texts


def _inclusion(rows: pd.DataFrame, say: Words, labels: Labels | None) -> list[str]:
    """Say that who recovered also improved, where both are shown."""
    both = ("improved", "recovered")
    names = {category: say.label("category", category, labels) for category in both}
    return [say.text(INCLUDES, **names)] if set(both) <= set(rows["category"]) else []


def describe_change_categories(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `change_categories`.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> shares = {"category": ["improved", "deteriorated"], "estimate": [0.5, 0.125]}
    >>> bounds = {"lower": [0.3142, 0.0434], "upper": [0.6858, 0.3100]}
    >>> result = pd.DataFrame(shares | bounds | {"count": [12, 3], "n": [24, 24]})
    >>> ek.figures.describe_change_categories(result, language="en")
    'Bars: share of those eligible. Improved 12 of 24 (50.0%), Deteriorated 3 of 24 (12.5%).'
    """
    say = words(language or DEFAULT_LANGUAGE)
    blocks = _blocks(result, labels, say)
    sentences = [say.text("Bars: share of those eligible.")]
    for block in blocks.parts:
        names = [say.label("category", category, labels) for category in block.rows["category"]]
        pairs = zip(names, _shares(block.rows, say, told), strict=True)
        parts = ", ".join(f"{name} {text}" for name, text in pairs)
        sentences.append(f"{parts}." if block.name is None else f"{block.name}: {parts}.")
    rows = pd.concat([block.rows for block in blocks.parts])
    return " ".join(sentences + _inclusion(rows, say, labels))
