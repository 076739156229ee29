"""Figures over the sessions of a group: who came, and what the programme was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from evalkit.arguments import check_columns
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, only_group
from evalkit.locale import N_, VOCABULARIES, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from evalkit.locale import Labels, Words

DEFAULT_LANGUAGE = "nb"
BARS_WITH_NUMBERS = 44
NUMBERED_SESSIONS = 40
NOT_KNOWN = N_("Not known")
PARENT_MARKERS = {"together": "full", "alongside": "none"}


@style.styled
def attendance_by_session(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw how many came to each session of one group, by role.

    A bar is the number present; the pale bar behind it is the number expected, where that is
    known. A colon stands where a number is hidden.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.attendance.by_session`, protected or not; one group.
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
        A missing column, several groups, nothing to draw, an unknown language.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> result = ek.attendance.by_session(study.headcounts)
    >>> ax = ek.figures.attendance_by_session(result, language="en")
    >>> ax.get_xlabel()
    'Session'
    """
    check_columns(result, "session_id", "role", "present", "n", what="result")
    say = words(language or DEFAULT_LANGUAGE)
    group = only_group(result, "attendance_by_session")
    if result.empty:
        raise ArgumentError("attendance_by_session has no session to draw.")
    ax = ax or style.new_axes(height=72)
    sessions = result["session_id"].drop_duplicates().reset_index(drop=True)
    bars = _with_places(result, sessions)
    _draw_bars(ax, bars, say)
    _number_sessions(ax, result, sessions)
    ax.set(xlabel=say.text("Session"), ylabel=say.text("People"), xlim=(-0.6, len(sessions) - 0.4))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
    ax.grid(visible=True, axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(length=0)
    title = None if group is None else say.label("group_id", group, labels)
    style.legend_above(ax, _role_handles(bars, say, labels), title, beside=["000"])
    return ax


def _with_places(result: pd.DataFrame, sessions: pd.Series) -> pd.DataFrame:
    """Return what a bar needs: its place, width, height, and height of the pale bar."""
    order = list(VOCABULARIES["role"])
    bars = result.assign(
        role=result["role"].astype(str),
        place=result["session_id"].map({key: place for place, key in enumerate(sessions)}),
        hidden=hidden_in(result),
    )
    bars = bars.sort_values(
        ["place", "role"], key=lambda c: c.map(order.index) if c.name == "role" else c
    )
    nth = bars.groupby("place").cumcount().to_numpy()
    of = bars.groupby("place")["role"].transform("size").to_numpy()
    width = 0.84 / of.max()
    bars["width"] = width
    bars["x"] = bars["place"] + (nth - (of - 1) / 2) * width
    bars["height"] = bars["present"].to_numpy(dtype=float, na_value=0.0)
    bars["track"] = bars["n"].to_numpy(dtype=float, na_value=0.0)
    return bars


def _draw_bars(ax: Axes, bars: pd.DataFrame, say: Words) -> None:
    width = float(bars["width"].iloc[0])
    colours = [style.ROLE_COLOURS[role] for role in bars["role"]]
    ax.bar(bars["x"], bars["track"], width * 0.94, color=style.TRACK)
    ax.bar(bars["x"], bars["height"], width * 0.94, color=colours)
    top = max(bars["height"].max(), bars["track"].max(), 1.0)
    ax.set_ylim(0, top * 1.1)
    numbered = round(0.84 / width) * bars["place"].nunique() <= BARS_WITH_NUMBERS
    for x, height, present, is_hidden in zip(
        bars["x"], bars["height"], bars["present"], bars["hidden"], strict=True
    ):
        if numbered or is_hidden:
            text = counted(present, is_hidden=bool(is_hidden), words=say)
            ax.annotate(
                text,
                (x, height),
                xytext=(0, 1.5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=style.SMALL,
            )


def _number_sessions(ax: Axes, result: pd.DataFrame, sessions: pd.Series) -> None:
    """Write the number of each session, or of every few where there are many."""
    names = result.drop_duplicates("session_id")
    column = "number" if "number" in names else "session_id"
    texts = names[column].astype(str).to_list()
    step = int(np.ceil(len(sessions) / NUMBERED_SESSIONS))
    ax.set_xticks(range(0, len(sessions), step), texts[::step])


def _role_handles(bars: pd.DataFrame, say: Words, labels: Labels | None) -> list[Patch]:
    roles = [role for role in VOCABULARIES["role"] if role in set(bars["role"])]
    handles = [
        Patch(color=style.ROLE_COLOURS[role], label=say.label("role", role, labels))
        for role in roles
    ]
    if (bars["track"] > 0).any():
        handles.append(Patch(color=style.TRACK, label=say.text("Expected")))
    return handles


def describe_attendance_by_session(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `attendance_by_session`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> result = ek.attendance.by_session(study.headcounts).head(3)
    >>> ek.figures.describe_attendance_by_session(result, language="en")
    'Bars: people present at 2 sessions. Session 1: Children 7 of 9, Adults 3; 2: Children 9 of 9.'
    """
    check_columns(result, "session_id", "role", "present", "n", what="result")
    say = words(language or DEFAULT_LANGUAGE)
    column = "number" if "number" in result else "session_id"
    sessions: dict[str, list[str]] = {}
    for session, role, present, n, is_hidden in zip(
        result[column],
        result["role"],
        result["present"],
        result["n"],
        hidden_in(result),
        strict=True,
    ):
        count = counted(present, is_hidden=bool(is_hidden), words=say) or say.text(NOT_KNOWN)
        total = counted(n, is_hidden=False, words=say)
        text = say.text("{count} of {total}", count=count, total=total) if total else count
        role_text = f"{say.label('role', role, labels)} {text}"
        sessions.setdefault(str(session), []).append(role_text)
    parts = "; ".join(f"{session}: {', '.join(texts)}" for session, texts in sessions.items())
    return say.plural(
        "Bars: people present at {n} session. Session {parts}.",
        "Bars: people present at {n} sessions. Session {parts}.",
        len(sessions),
        parts=parts,
    )


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
    check_columns(sessions, "group_id", "number", "kind", what="sessions")
    say = words(language or DEFAULT_LANGUAGE)
    if sessions.empty:
        raise ArgumentError("programme has no session to draw.")
    groups = list(sessions["group_id"].unique())
    longest = int(sessions.groupby("group_id").size().max())
    names = [style.wrapped(say.label("group_id", group, labels), 24) for group in groups]
    ax = ax or style.new_axes(height=16 + len(groups) * _row_height(names, longest))
    squares = sessions.assign(
        x=sessions.groupby("group_id").cumcount(),
        y=sessions["group_id"].map({group: place for place, group in enumerate(groups)}),
        kind=sessions["kind"].astype("str").fillna(""),
    )
    _draw_squares(ax, squares, longest)
    ax.set_yticks(range(len(groups)), names)
    ax.set(xlim=(-0.55, longest - 0.45), ylim=(len(groups) - 0.45, -0.55), xticks=[])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    style.legend_above(ax, _kind_handles(squares, say, labels), None, beside=names)
    return ax


def _row_height(names: list[str], longest: int) -> float:
    """Return the height of a strip in mm: about as high as wide, and room for its name."""
    lines = max(name.count("\n") + 1 for name in names)
    return max(min(15.0, 150 / longest), 3.8 * lines + 2, 8.0)


def _draw_squares(ax: Axes, squares: pd.DataFrame, longest: int) -> None:
    colours = [style.KIND_COLOURS.get(kind, style.TRACK) for kind in squares["kind"]]
    ax.bar(squares["x"], 0.8, 0.92, bottom=squares["y"] - 0.4, color=colours)
    size = min(style.TEXT, 9 * 26 / longest)
    step = int(np.ceil(longest / NUMBERED_SESSIONS))
    for x, y, number, colour in zip(
        squares["x"], squares["y"], squares["number"], colours, strict=True
    ):
        if x % step == 0:
            ink = style.text_on(colour)
            ax.text(x, y, str(number), ha="center", va="center", color=ink, fontsize=size)
    for value, fill in PARENT_MARKERS.items():
        marked = squares[squares["parents"] == value] if "parents" in squares else squares[:0]
        ax.plot(marked["x"], marked["y"] + 0.29, **_triangle(fill, size))  # type: ignore[arg-type]


def _triangle(fill: str, size: float) -> dict[str, object]:
    return {
        "linestyle": "none",
        "marker": "^",
        "markersize": size * 0.55,
        "fillstyle": fill,
        "color": style.INK,
        "markeredgewidth": 0.8,
    }


def _kind_handles(squares: pd.DataFrame, say: Words, labels: Labels | None) -> list[Patch | Line2D]:
    from matplotlib.lines import Line2D

    kinds = [kind for kind in VOCABULARIES["kind"] if kind in set(squares["kind"])]
    handles: list[Patch | Line2D] = [
        Patch(color=style.KIND_COLOURS[kind], label=say.label("kind", kind, labels))
        for kind in kinds
    ]
    if not squares["kind"].isin(kinds).all():
        handles.append(Patch(color=style.TRACK, label=say.text(NOT_KNOWN)))
    for value, fill in PARENT_MARKERS.items():
        if "parents" in squares and (squares["parents"] == value).any():
            label = say.label("parents", value, labels)
            handles.append(Line2D([], [], label=label, **_triangle(fill, 10)))  # type: ignore[arg-type]
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
