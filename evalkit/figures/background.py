"""Figures of background: how the people of a group came to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, only_group, told
from evalkit.locale import DEFAULT_LANGUAGE, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from evalkit.locale import Labels, Words

SOURCE = "referral_source"


@style.styled
def recruitment(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw how many of one group were referred by each source.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.background.distribution`, protected or not; one group. Its rows for
        ``referral_source`` are drawn in their order, from the top.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure 160 mm wide.
    language : {"nb", "en"}, optional
        By default Norwegian.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, several groups, no source in the result, an unknown language.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> result = ek.background.distribution(study.margins).query("group_id == 'mo-v09'")
    >>> ax = ek.figures.recruitment(result, labels=study.labels("en"), language="en")
    >>> ax.get_xlabel()
    'Number (n = 7)'
    """
    sources = _sources(result)
    say = words(language or DEFAULT_LANGUAGE)
    group = only_group(sources, "recruitment")
    names = [style.wrapped(_named(value, say, labels), 40) for value in sources["value"]]
    height = sum(3.6 * (name.count("\n") + 1) + 2.4 for name in names)
    ax = ax or style.new_axes(height=20 + max(height, 10.0))
    places = range(len(sources))
    heights = sources["count"].to_numpy(dtype=float, na_value=0.0)
    ax.barh(places, heights, height=0.7, color=style.BLUE)
    ax.set_yticks(places, names)
    ax.set(ylim=(len(sources) - 0.5, -0.5), xlim=(0, max(heights.max(), 1.0) * 1.1))
    _write_numbers(ax, sources, heights, say)
    n = sources["n"].iloc[0]
    known = {} if pd.isna(n) else {"n": say.number(n)}
    ax.set_xlabel(say.text("Number (n = {n})", **known) if known else say.text("Number"))
    style.count_axis(ax.xaxis, say, most=8)
    if group is not None:
        left = max(style.text_width(line) for name in names for line in name.split("\n"))
        style.title_above(ax, say.label("group_id", group, labels), left=left, pad=8)
    style.dress(ax, baseline="left")
    return ax


def _write_numbers(
    ax: Axes, sources: pd.DataFrame, heights: NDArray[np.float64], say: Words
) -> None:
    for place, (height, count, is_hidden) in enumerate(
        zip(heights, sources["count"], hidden_in(sources), strict=True)
    ):
        ax.annotate(
            counted(count, is_hidden=bool(is_hidden), words=say),
            (height, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
        )


def _sources(result: pd.DataFrame) -> pd.DataFrame:
    check_pandas(result, "result")
    check_columns(result, "variable", "value", "count", "n", what="result")
    sources = result[result["variable"] == SOURCE].reset_index(drop=True)
    if sources.empty:
        raise ArgumentError(f"recruitment has no rows whose variable is '{SOURCE}' to draw.")
    return sources


def _named(value: object, say: Words, labels: Labels | None) -> str:
    return say.label(SOURCE, value, labels)


def describe_recruitment(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `recruitment`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> result = ek.background.distribution(study.margins).query("group_id == 'mo-v09'")
    >>> labels = study.labels("en")
    >>> ek.figures.describe_recruitment(result, labels=labels, language="en")
    'Bars: referred by Child welfare 4, Family centre 3.'
    """
    sources = _sources(result)
    say = words(language or DEFAULT_LANGUAGE)
    parts = [
        f"{_named(value, say, labels)} {told(count, is_hidden=bool(is_hidden), words=say)}"
        for value, count, is_hidden in zip(
            sources["value"], sources["count"], hidden_in(sources), strict=True
        )
    ]
    return say.text("Bars: referred by {parts}.", parts=", ".join(parts))
