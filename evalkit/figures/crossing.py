"""The first score against the last, person by person: for internal use only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.outcome_parts import (
    Ruler,
    band_handle,
    cutoff_handle,
    kind_names,
    kinds,
    mark_handle,
)
from evalkit.locale import DEFAULT_LANGUAGE, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from evalkit.instruments.model import Instrument
    from evalkit.locale import Labels, Words

COLUMNS = ("first", "last", "threshold", "cutoff", "category", "recovered")
SIZE, LARGEST = 6.0, 20.0
"""Width of the mark of one person and of the most, in points; its area tells how many."""
HEIGHT = 100.0
BESIDE = 128.0
"""Height of the figure in mm, and width of the texts beside it in points."""


@style.styled
def first_against_last(
    change: pd.DataFrame,
    instrument: Instrument,
    *,
    scale: str | None = None,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw each person's first score against the last, as Jacobson and Truax (1991) do.

    For internal use: it shows single persons. On the diagonal nothing changed; within the band
    the change is smaller than the threshold; dashed lines are the clinical cut-offs. Persons
    with the same two scores and the same outcome share one mark, as large as they are many.

    Parameters
    ----------
    change : pandas.DataFrame
        From `evalkit.outcomes.change`: ``first``, ``last``, ``threshold``, ``cutoff`` (points of
        the scale), ``category``, ``recovered``; one row per pair. Persons with one score cannot
        be drawn: the legend counts them.
    instrument : Instrument
        Its scale gives both axes their range and name.
    scale : str, optional
        The scale that ``change`` is of; by default the instrument's first.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure 160 mm wide, its legend at the right. In a figure
        of your own the legend stands above; give it ``layout="constrained"``.
    language : {"nb", "en"}, optional
        By default Norwegian.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nobody with two scores, several thresholds, a score beyond the scale,
        an unknown scale or language.

    References
    ----------
    N. S. Jacobson and P. Truax (1991), "Clinical significance", Journal of Consulting and
    Clinical Psychology 59, 12-19, figure 2, doi 10.1037/0022-006X.59.1.12.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> cors = ek.load_instrument("CORS")
    >>> scores = {"first": [24.5, 33.0], "last": [33.5, 31.2], "threshold": 5.0, "cutoff": 32.0}
    >>> kinds = {"category": ["improved", "unchanged"], "recovered": [True, False]}
    >>> ax = ek.figures.first_against_last(pd.DataFrame(scores | kinds), cors, language="en")
    >>> ax.get_xlabel()
    'Total: first score'
    """
    say = words(language or DEFAULT_LANGUAGE)
    ruler = Ruler.of(instrument, scale, say)
    pairs, threshold = _pairs(change, ruler)
    names = kind_names(change, say, labels)
    alone = ax is None
    ax = ax or style.new_axes(height=HEIGHT)
    _draw_regions(ax, ruler, threshold, pairs["cutoff"].dropna().unique())
    marks = _marks(pairs)
    area = _area(marks)
    for kind, own in marks.groupby("kind", observed=True):
        ax.scatter(
            own["first"],
            own["last"],
            s=area * own["persons"],
            marker=style.CATEGORY_MARKERS[str(kind)],
            facecolor=style.CATEGORY_COLOURS[str(kind)],
            edgecolors=style.PAPER,
            linewidths=0.4,
            clip_on=False,
            zorder=3 if kind == "unchanged" else 4,
        )
    ax.set(xlim=ruler.limits, ylim=ruler.limits, aspect="equal", anchor="W")
    for axis in (ax.xaxis, ax.yaxis):
        ruler.mark(axis, say)
    ax.set_xlabel(say.text("{scale}: first score", scale=ruler.name))
    ax.set_ylabel(say.text("{scale}: last score", scale=ruler.name))
    handles = _kind_handles(marks, names, say) + _line_handles(pairs, threshold, say)
    handles += _size_handles(marks, say) + _left_out(change, pairs, say)
    if alone:
        _legend_beside(ax, handles)
    else:  # beside a square there may be no room in a figure of one's own
        style.legend_above(ax, handles, None, beside=["000000"])
    style.dress(ax, baseline="bottom")
    return ax


def _pairs(change: pd.DataFrame, ruler: Ruler) -> tuple[pd.DataFrame, float]:
    """Return those with two scores, each with its kind, and the threshold they were held to."""
    check_pandas(change, "change")
    check_columns(change, *COLUMNS, what="change")
    pairs = change.assign(kind=kinds(change))
    pairs = pairs[pairs["first"].notna() & pairs["last"].notna() & pairs["kind"].notna()]
    if pairs.empty:
        raise ArgumentError("first_against_last has nobody with two scores to draw.")
    thresholds = sorted(set(pairs["threshold"].astype("float64")))
    if len(thresholds) > 1:
        raise ArgumentError(
            f"first_against_last draws one band, but threshold has the values {thresholds}. "
            "Draw the persons of each threshold by themselves."
        )
    scores = pairs[["first", "last"]].to_numpy(dtype=float).ravel()
    beyond = scores[(scores < ruler.lowest) | (scores > ruler.highest)]
    if beyond.size:
        raise ArgumentError(
            f"{beyond[0]:g} lies beyond {ruler.name}, which goes from {ruler.lowest:g} to "
            f"{ruler.highest:g}. Name the scale that change is of: scale=."
        )
    return pairs, thresholds[0]


def _marks(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per mark: a kind, a place, and how many persons; the largest first."""
    order = pd.CategoricalDtype(list(style.CATEGORY_COLOURS))
    plain = pairs.astype({"first": "float64", "last": "float64", "kind": order})
    marks = plain.groupby(["kind", "first", "last"], observed=True).size()
    table: pd.DataFrame = marks.rename("persons").reset_index()
    return table.sort_values("persons", ascending=False, kind="stable", ignore_index=True)


def _area(marks: pd.DataFrame) -> float:
    """Return the area of the mark of one person, in square points."""
    return float(min(SIZE**2, LARGEST**2 / marks["persons"].max()))


def _draw_regions(ax: Axes, ruler: Ruler, threshold: float, cutoffs: Iterable[float]) -> None:
    ends = np.array(ruler.limits)
    ax.fill_between(ends, ends - threshold, ends + threshold, color=style.TRACK, linewidth=0)
    ax.plot(ends, ends, color=style.MUTED, linewidth=0.8)
    for cutoff in cutoffs:
        look = {"color": style.MUTED, "linestyle": style.DASHES, "linewidth": 1.0}
        ax.axvline(cutoff, **look)  # type: ignore[arg-type]
        ax.axhline(cutoff, **look)  # type: ignore[arg-type]


def _kind_handles(marks: pd.DataFrame, names: Mapping[str, str], say: Words) -> list[Artist]:
    counts = marks.groupby("kind", observed=True)["persons"].sum()
    return [
        mark_handle(
            f"{names[str(kind)]}: {say.number(n)}",
            style.CATEGORY_COLOURS[str(kind)],
            style.CATEGORY_MARKERS[str(kind)],
        )
        for kind, n in counts.items()
    ]


def _line_handles(pairs: pd.DataFrame, threshold: float, say: Words) -> list[Artist]:
    line = Line2D([], [], color=style.MUTED, linewidth=0.8, label=say.text("No change"))
    return [line, band_handle(threshold, say), *cutoff_handle(pairs["cutoff"].dropna(), say)]


def _size_handles(marks: pd.DataFrame, say: Words) -> list[Artist]:
    """Return the marks of one person and of the most, where marks differ in size."""
    most = int(marks["persons"].max())
    sizes = [] if most == 1 else [1, most]
    return [
        mark_handle(
            say.plural("{n} person", "{n} persons", n),
            style.PAPER,
            "o",
            size=float(np.sqrt(n * _area(marks))),
            edge=style.MUTED,
        )
        for n in sizes
    ]


def _left_out(change: pd.DataFrame, pairs: pd.DataFrame, say: Words) -> list[Artist]:
    """Return a line of the legend that counts those who cannot be drawn."""
    n = len(change) - len(pairs)
    text = say.plural("Not drawn: {n} without two scores", "Not drawn: {n} without two scores", n)
    return [Patch(alpha=0, label=text)] if n else []


def _legend_beside(ax: Axes, handles: Sequence[Artist]) -> None:
    """Put the legend at the right, where the square of the figure leaves room."""
    for handle in handles:
        handle.set_label(style.fitted(str(handle.get_label()), BESIDE, style.SMALL))
    ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(1.06, 0),
        borderaxespad=0,
        labelspacing=1.1,
        handlelength=LARGEST / style.SMALL,
        frameon=False,
        fontsize=style.SMALL,
    )


def describe_first_against_last(
    change: pd.DataFrame,
    instrument: Instrument,
    *,
    scale: str | None = None,
    labels: Labels | None = None,
    language: str | None = None,
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `first_against_last`.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> cors = ek.load_instrument("CORS")
    >>> scores = {"first": [24.5, 33.0], "last": [33.5, 31.2], "threshold": 5.0, "cutoff": 32.0}
    >>> kinds = {"category": ["improved", "unchanged"], "recovered": [True, False]}
    >>> change = pd.DataFrame(scores | kinds)
    >>> ek.figures.describe_first_against_last(change, cors, language="en")
    'Scatter: first against last score of Total. Recovered: 1. Unchanged: 1. Change of less
    than 5: not reliable. Cut-off: 32.'
    """
    say = words(language or DEFAULT_LANGUAGE)
    ruler = Ruler.of(instrument, scale, say)
    pairs, threshold = _pairs(change, ruler)
    marks = _marks(pairs)
    handles = [
        *_kind_handles(marks, kind_names(change, say, labels), say),
        *_line_handles(pairs, threshold, say)[1:],
        *_left_out(change, pairs, say),
    ]
    first = say.text("Scatter: first against last score of {scale}.", scale=ruler.name)
    return " ".join([first, *(f"{handle.get_label()}." for handle in handles)])
