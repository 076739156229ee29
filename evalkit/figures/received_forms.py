"""Figures of completeness: how many of the forms that should have come did come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, sign_handles, told
from evalkit.figures.rows import height_of, parts_of_wholes, set_rows, write_at_right
from evalkit.locale import DEFAULT_LANGUAGE, N_, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words

COLUMNS = ("estimate", "n", "received", "n_unexpected")
KEYS = ("group_id", "instrument", "informant", "occasion")
"""What may name a row, in the order it is named."""
BAR = 0.7

EVERYTHING = N_("All forms")
OCCASION = N_("no. {number}")
UNEXPECTED = N_("+ forms nobody expected")
NOBODY = N_("({count} nobody expected)")


@style.styled
def forms_received(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw which share of the forms that should have come did come.

    A bar is the share received, the pale bar behind it all that were expected; beside it the
    numbers, with a plus before forms that nobody expected.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.completeness.received`, perhaps protected; its rows are drawn in their
        order, from the top. Those of ``instrument, informant, group_id, occasion`` that differ
        between rows name them; what is the same in all stands above.
    labels, ax, language
        As for `attendance_by_group`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, an unknown language.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> names = ["instrument", "informant", "group_id", "person_id", "occasion"]
    >>> expected = pd.DataFrame([["ORS", None, None, None, None]] * 24, columns=names)
    >>> result = ek.completeness.received(expected, {"ORS": pd.DataFrame({"overall": [7.5] * 20})})
    >>> ax = ek.figures.forms_received(result, language="en")
    >>> [text.get_text() for text in ax.texts]
    ['20 of 24']
    """
    _check(result)
    say = words(language or DEFAULT_LANGUAGE)
    named, title = _named(result, say, labels)
    names = [style.wrapped(name, 34) for name in named]
    ax = ax or style.new_axes(height=height_of(names))
    places = range(len(names))
    shares = result["estimate"].to_numpy(dtype=float, na_value=0.0)
    some = hidden_in(result, "n") | result["n"].gt(0).fillna(value=False).to_numpy(dtype=bool)
    for track in ax.barh(places, some.astype(float), BAR, color=style.TRACK):
        track.set(edgecolor=style.TRACK_EDGE, linewidth=0.5)
    ax.barh(places, shares, BAR, color=style.BLUE)
    set_rows(ax, names, say, say.text("Share received"))
    write_at_right(ax, list(_numbers(result, say, counted, "+{count}")))
    style.legend_above(ax, _handles(result, say), title, beside=names)
    style.dress(ax, baseline="left")
    return ax


def _check(result: pd.DataFrame) -> None:
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    if result.empty:
        raise ArgumentError("forms_received has no forms to draw.")


def _named(result: pd.DataFrame, say: Words, labels: Labels | None) -> tuple[list[str], str | None]:
    """Return the name of each row, and what all rows have in common."""
    keys = [name for name in KEYS if name in result]
    differ = [name for name in keys if len(result[name].drop_duplicates()) > 1] or keys
    texts = {name: [_value(name, value, say, labels) for value in result[name]] for name in keys}
    names = [
        ", ".join(texts[key][place] for key in differ if texts[key][place]) or say.text(EVERYTHING)
        for place in range(len(result))
    ]
    common = ", ".join(texts[key][0] for key in keys if key not in differ and texts[key][0])
    return names, common or None


def _value(column: str, value: object, say: Words, labels: Labels | None) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if column == "occasion":
        return say.text(OCCASION, number=value)
    return say.label(column, value, labels)


def _numbers(
    result: pd.DataFrame, say: Words, write: Callable[..., str], also: str
) -> Iterator[str]:
    """Return the numbers of each row, and of forms that nobody expected where there are any."""
    texts = parts_of_wholes(result, "received", "n", say, write)
    nothing = result["n"].eq(0).fillna(value=False)
    more = zip(
        texts, nothing, result["n_unexpected"], hidden_in(result, "n_unexpected"), strict=True
    )
    for numbers, none_expected, count, is_hidden in more:
        if is_hidden or count > 0:
            extra = say.text(also, count=write(count, is_hidden=bool(is_hidden), words=say))
            yield extra if none_expected else f"{numbers} {extra}"
        else:
            yield numbers


def _handles(result: pd.DataFrame, say: Words) -> list[Patch]:
    expected = Patch(facecolor=style.TRACK, edgecolor=style.TRACK_EDGE, linewidth=0.5)
    expected.set_label(say.text("Expected"))
    handles = [Patch(color=style.BLUE, label=say.text("Received")), expected]
    extra = hidden_in(result, "n_unexpected")
    if extra.any() or (result["n_unexpected"] > 0).any():
        handles.append(Patch(alpha=0, label=say.text(UNEXPECTED)))
    is_hidden = pd.Series(hidden_in(result) | hidden_in(result, "n") | extra, index=result.index)
    return [*handles, *sign_handles(result["received"], is_hidden, say)]


def describe_forms_received(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `forms_received`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> names = ["instrument", "informant", "group_id", "person_id", "occasion"]
    >>> expected = pd.DataFrame([["ORS", None, None, None, None]] * 24, columns=names)
    >>> result = ek.completeness.received(expected, {"ORS": pd.DataFrame({"overall": [7.5] * 20})})
    >>> ek.figures.describe_forms_received(result, language="en")
    'Bars: forms received of those expected. ORS: 20 of 24.'
    """
    _check(result)
    say = words(language or DEFAULT_LANGUAGE)
    names, title = _named(result, say, labels)
    numbers = _numbers(result, say, told, NOBODY)
    parts = "; ".join(f"{name}: {text}" for name, text in zip(names, numbers, strict=True))
    if title is not None:
        parts = f"{title}: {parts}"
    return say.text("Bars: forms received of those expected. {parts}.", parts=parts)
