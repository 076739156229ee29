"""Figures of who came: the bars of a group's sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas, did_you_mean
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, only_group, sign_handles, told
from evalkit.locale import DEFAULT_LANGUAGE, VOCABULARIES, words
from evalkit.privacy import HIDDEN, hidden_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words

NUMBERED_SESSIONS = 40
GROUP_WIDTH = 0.84
COLUMNS = ("session_id", "role", "present", "n")


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
    known. A colon stands where a number is hidden, a dash where it is not known.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.attendance.by_session`, protected or not; one group.
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
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    say = words(language or DEFAULT_LANGUAGE)
    group = only_group(result, "attendance_by_session")
    if result.empty:
        raise ArgumentError("attendance_by_session has no session to draw.")
    strange = [str(role) for role in result["role"].unique() if role not in style.ROLE_COLOURS]
    if strange:
        close = did_you_mean(strange[0], style.ROLE_COLOURS)
        raise ArgumentError(f"'{strange[0]}' is no role. {close}")
    ax = ax or style.new_axes(height=72)
    sessions = result["session_id"].drop_duplicates().reset_index(drop=True)
    bars = _with_places(result, sessions)
    _draw_bars(ax, bars, len(sessions), say)
    _number_sessions(ax, result, sessions)
    ax.set(xlabel=say.text("Session"), ylabel=say.text("People"), xlim=(-0.6, len(sessions) - 0.4))
    style.count_axis(ax.yaxis, say, most=6)
    title = None if group is None else say.label("group_id", group, labels)
    style.legend_above(ax, _handles(bars, say, labels), title, beside=["000"])
    style.dress(ax, baseline="bottom")
    return ax


def _with_places(result: pd.DataFrame, sessions: pd.Series) -> pd.DataFrame:
    """Return what a bar needs: its place, width, height, and height of the pale bar."""
    order = list(VOCABULARIES["role"])
    bars = result.assign(
        role=pd.Categorical(result["role"].astype(str), categories=order),
        place=result["session_id"].map({key: place for place, key in enumerate(sessions)}),
        is_hidden=hidden_in(result),
    ).sort_values(["place", "role"])
    nth = bars.groupby("place").cumcount().to_numpy()
    of = bars.groupby("place")["place"].transform("size").to_numpy()
    bars["width"] = GROUP_WIDTH / of.max()
    bars["x"] = bars["place"] + (nth - (of - 1) / 2) * bars["width"]
    bars["height"] = bars["present"].to_numpy(dtype=float, na_value=0.0)
    bars["track"] = bars["n"].to_numpy(dtype=float, na_value=0.0)
    return bars


def _draw_bars(ax: Axes, bars: pd.DataFrame, sessions: int, say: Words) -> None:
    width = float(bars["width"].iloc[0])
    colours = [style.ROLE_COLOURS[role] for role in bars["role"]]
    tracks = ax.bar(bars["x"], bars["track"], width * 0.94, color=style.TRACK)
    for track in tracks:
        track.set(edgecolor=style.TRACK_EDGE, linewidth=0.5)
    ax.bar(bars["x"], bars["height"], width * 0.94, color=colours)
    ax.set_ylim(0, max(bars["height"].max(), bars["track"].max(), 1.0) * 1.1)
    texts = [
        counted(present, is_hidden=bool(is_hidden), words=say)
        for present, is_hidden in zip(bars["present"], bars["is_hidden"], strict=True)
    ]
    room = 0.88 * style.width_of(ax) / sessions * width
    fits = max(style.text_width(text) for text in texts) <= room
    known = bars["present"].notna().to_numpy()
    for x, height, text, is_known in zip(bars["x"], bars["height"], texts, known, strict=True):
        if fits or not is_known:
            style.write_above(ax, x, height, text)


def _number_sessions(ax: Axes, result: pd.DataFrame, sessions: pd.Series) -> None:
    """Write the number of each session, or of every few where there are many."""
    names = result.drop_duplicates("session_id")
    column = "number" if "number" in names else "session_id"
    texts = names[column].astype(str).to_list()
    step = int(np.ceil(len(sessions) / NUMBERED_SESSIONS))
    ax.set_xticks(range(0, len(sessions), step), texts[::step])


def _handles(bars: pd.DataFrame, say: Words, labels: Labels | None) -> list[Patch]:
    told_of = set(bars.loc[bars["present"].notna() | bars["is_hidden"], "role"])
    handles = [
        Patch(color=style.ROLE_COLOURS[role], label=say.label("role", role, labels))
        for role in VOCABULARIES["role"]
        if role in told_of
    ]
    if (bars["track"] > 0).any():
        track = Patch(facecolor=style.TRACK, edgecolor=style.TRACK_EDGE, linewidth=0.5)
        track.set_label(say.text("Expected"))
        handles.append(track)
    return handles + sign_handles(bars["present"], bars["is_hidden"], say)


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
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    say = words(language or DEFAULT_LANGUAGE)
    column = "number" if "number" in result else "session_id"
    parts: dict[str, tuple[str, list[str]]] = {}
    for key, name, role, present, n, is_hidden in zip(
        result["session_id"],
        result[column],
        result["role"],
        result["present"],
        result["n"],
        hidden_in(result, HIDDEN),
        strict=True,
    ):
        count = told(present, is_hidden=bool(is_hidden), words=say)
        if not pd.isna(n):
            count = say.text("{count} of {total}", count=count, total=say.number(n))
        _, texts = parts.setdefault(str(key), (str(name), []))
        texts.append(f"{say.label('role', role, labels)} {count}")
    return say.plural(
        "Bars: people present at {n} session. Session {parts}.",
        "Bars: people present at {n} sessions. Session {parts}.",
        len(parts),
        parts="; ".join(f"{name}: {', '.join(texts)}" for name, texts in parts.values()),
    )
