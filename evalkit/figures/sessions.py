"""Figures of the programme: what the sessions of each group were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.locale import DEFAULT_LANGUAGE, N_, VOCABULARIES, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words

NOT_KNOWN = N_("Not known")
FILLED = {"together": True, "alongside": False}
"""Whether the triangle of a session is filled, by what the parents did."""
SMALLEST = 6.0


@style.styled
def programme(
    sessions: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw the session programme as a strip per group: a square per session, coloured by kind.

    A filled triangle marks sessions that parents took part in, a hollow one a parents' meeting
    alongside.

    Parameters
    ----------
    sessions : pandas.DataFrame
        ``study.sessions``: ``group_id``, ``number`` and ``kind``, perhaps ``parents``; one row
        per session, in the order to draw.
    labels, ax, language
        As for `attendance_by_session`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, an unknown language.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> ax = ek.figures.programme(study.sessions, labels=study.labels())
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['Oslo, våren 2009', 'Mo i Rana, våren 2009']
    """
    check_pandas(sessions, "sessions")
    check_columns(sessions, "group_id", "number", "kind", what="sessions")
    say = words(language or DEFAULT_LANGUAGE)
    if sessions.empty:
        raise ArgumentError("programme has no session to draw.")
    sessions = sessions.assign(group_id=sessions["group_id"].astype("str").fillna(""))
    groups = list(sessions["group_id"].unique())
    longest = int(sessions.groupby("group_id").size().max())
    names = [style.wrapped(say.label("group_id", group, labels), 30) for group in groups]
    ax = ax or style.new_axes(height=16 + len(groups) * _row_height(names, longest))
    squares = sessions.assign(
        x=sessions.groupby("group_id").cumcount(),
        y=sessions["group_id"].map({group: place for place, group in enumerate(groups)}),
        kind=sessions["kind"].astype("str").fillna(""),
    )
    left = max(style.text_width(line) for name in names for line in name.split("\n"))
    _draw_squares(ax, squares, longest, left)
    ax.set_yticks(range(len(groups)), names)
    ax.set(xlim=(-0.55, longest - 0.45), ylim=(len(groups) - 0.45, -0.55), xticks=[])
    style.legend_above(ax, _handles(squares, say, labels), None, beside=names)
    style.dress(ax, baseline=None)
    return ax


def _row_height(names: list[str], longest: int) -> float:
    """Return the height of a strip in mm: about as high as wide, and room for its name."""
    lines = max(name.count("\n") + 1 for name in names)
    return max(min(15.0, 150 / longest), 3.8 * lines + 2, 8.0)


def _draw_squares(ax: Axes, squares: pd.DataFrame, longest: int, left: float) -> None:
    colours = np.array([style.KIND_COLOURS.get(kind, style.TRACK) for kind in squares["kind"]])
    ax.bar(squares["x"], 0.8, 0.92, bottom=squares["y"] - 0.4, color=colours)
    room = (style.width_of(ax) - left) / longest
    texts = squares["number"].astype("str").fillna("").to_list()
    widest = max(style.text_width(text) for text in texts) / style.SMALL
    size = min(style.TEXT, max(SMALLEST, 0.8 * room / widest))
    step = int(np.ceil(1.1 * widest * size / room))
    inks = np.array([style.text_on(colour) for colour in colours])
    for x, y, text, ink in zip(squares["x"], squares["y"], texts, inks, strict=True):
        if x % step == 0:
            ax.text(x, y, text, ha="center", va="center", color=ink, fontsize=size)
    for value, filled in FILLED.items():
        if "parents" in squares:
            here = (squares["parents"] == value).fillna(value=False).to_numpy(dtype=bool)
            _draw_triangles(ax, squares[here], inks[here], min(max(0.3 * room, 2.5), 5), filled)


def _draw_triangles(
    ax: Axes, squares: pd.DataFrame, inks: np.ndarray, size: float, filled: bool
) -> None:
    ax.scatter(
        squares["x"],
        squares["y"] + 0.28,
        s=size**2,
        marker="^",
        facecolors=inks.tolist() if filled else "none",
        edgecolors=inks.tolist(),
        linewidths=0.8,
    )


def _handles(squares: pd.DataFrame, say: Words, labels: Labels | None) -> list[Patch | Line2D]:
    kinds = [kind for kind in VOCABULARIES["kind"] if kind in set(squares["kind"])]
    handles: list[Patch | Line2D] = [
        Patch(color=style.KIND_COLOURS[kind], label=say.label("kind", kind, labels))
        for kind in kinds
    ]
    if not squares["kind"].isin(kinds).all():
        handles.append(Patch(color=style.TRACK, label=say.text(NOT_KNOWN)))
    for value, filled in FILLED.items():
        if "parents" in squares and (squares["parents"] == value).any():
            look = {"marker": "^", "color": style.INK, "linestyle": "none", "markersize": 5.5}
            fill = "full" if filled else "none"
            label = say.label("parents", value, labels)
            handles.append(Line2D([], [], label=label, fillstyle=fill, **look))  # type: ignore[arg-type]
    return handles


def describe_programme(
    sessions: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the session programme in words, for those who cannot see the figure.

    Parameters and errors as for `programme`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> ek.figures.describe_programme(study.sessions.head(2), language="en")
    "Strip of sessions by kind. oslo-v09: 1 Family session, 2 Children's session."
    """
    check_pandas(sessions, "sessions")
    check_columns(sessions, "group_id", "number", "kind", what="sessions")
    say = words(language or DEFAULT_LANGUAGE)
    parents = sessions["parents"] if "parents" in sessions else [None] * len(sessions)
    groups: dict[str, list[str]] = {}
    for group, number, kind, part in zip(
        sessions["group_id"], sessions["number"], sessions["kind"], parents, strict=True
    ):
        text = say.label("kind", kind, labels) if isinstance(kind, str) else say.text(NOT_KNOWN)
        if isinstance(part, str):
            text += f" ({say.label('parents', part, labels)})"
        groups.setdefault(str(group), []).append(f"{number} {text}")
    parts = "; ".join(
        f"{say.label('group_id', group, labels)}: {', '.join(texts)}"
        for group, texts in groups.items()
    )
    return say.text("Strip of sessions by kind. {parts}.", parts=parts)
