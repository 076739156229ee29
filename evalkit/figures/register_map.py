"""The register as a picture, for internal use: who came to which session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas, did_you_mean
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import only_group
from evalkit.locale import DEFAULT_LANGUAGE, VOCABULARIES, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words

ROW, PAGE, AROUND = 4.6, 205.0, 28.0
"""Height of a row, of the rows of a page at most, and of what stands around them, in mm."""
SMALLEST = 4.0
"""The smallest sign in points: below that the colour alone tells."""


@style.styled
def attendance_map(
    attendance: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw the register of one group, persons down and sessions across: internal, single persons.

    Present is dark, absent pale with a dash, excused marked with a stroke, not known with a
    question mark; where a person was not expected there is nothing. Rows grow lower where there
    are many persons, so that a group fits on a page; then only every few ids are written.

    Parameters
    ----------
    attendance : pandas.DataFrame
        ``study.attendance``: ``person_id, session_id, status``, perhaps ``number``, ``group_id``
        and ``role``; one row per person expected at a session, of one group. Persons are sorted
        by role and id, sessions by number.
    labels, ax, language
        As for `attendance_by_session`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, several groups, a status that is none, nothing to draw, an unknown
        language.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> register = pd.DataFrame(
    ...     {
    ...         "person_id": ["a", "a", "b"],
    ...         "session_id": ["s1", "s2", "s2"],
    ...         "status": ["present", "absent", "excused"],
    ...     }
    ... )
    >>> ax = ek.figures.attendance_map(register, language="en")
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['a', 'b']
    """
    marks, persons, sessions = _placed(attendance)
    say = words(language or DEFAULT_LANGUAGE)
    group = only_group(attendance, "attendance_map")
    row = min(ROW, PAGE / len(persons))
    ax = ax or style.new_axes(height=AROUND + row * len(persons))
    _draw_marks(ax, marks, len(sessions), row, max(map(style.text_width, persons)))
    _name_rows(ax, persons, row)
    _name_columns(ax, sessions)
    ax.set(xlim=(-0.6, len(sessions) - 0.4), ylim=(len(persons) - 0.4, -0.6))
    ax.set_xlabel(say.text("Session"))
    title = None if group is None else say.label("group_id", group, labels)
    style.legend_above(ax, _handles(marks, persons, sessions, say, labels), title, beside=persons)
    style.dress(ax, baseline=None)
    return ax


def _placed(attendance: pd.DataFrame) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return marks with their places, the ids of the rows and the names of the columns."""
    check_pandas(attendance, "attendance")
    check_columns(attendance, "person_id", "session_id", "status", what="attendance")
    if attendance.empty:
        raise ArgumentError("attendance_map has no person to draw.")
    status = attendance["status"].astype("str").fillna("")
    strange = [each for each in status.unique() if each not in style.STATUS_COLOURS]
    if strange:
        raise ArgumentError(
            f"'{strange[0]}' is no status. {did_you_mean(strange[0], style.STATUS_COLOURS)}"
        )
    roles = list(VOCABULARIES["role"])
    role = attendance["role"].astype("str") if "role" in attendance else "child"
    number = attendance["number"] if "number" in attendance else attendance["session_id"]
    marks = attendance[["person_id", "session_id"]].assign(
        status=status, role=pd.Categorical(pd.Series(role, attendance.index), roles), number=number
    )
    persons = marks.sort_values(["role", "person_id"])["person_id"].drop_duplicates()
    sessions = marks.sort_values(["number", "session_id"]).drop_duplicates("session_id")
    marks["y"] = marks["person_id"].map({key: place for place, key in enumerate(persons)})
    marks["x"] = marks["session_id"].map({key: n for n, key in enumerate(sessions["session_id"])})
    names = sessions["number"].fillna(sessions["session_id"]).astype("str")
    return marks, persons.astype("str").to_list(), names.to_list()


def _draw_marks(ax: Axes, marks: pd.DataFrame, sessions: int, row: float, left: float) -> None:
    """Draw the marks; a sign is as large as row and column allow, or left out."""
    room = 0.8 * min(row * style.MM * 72, (style.width_of(ax) - left) / sessions)
    size = min(style.SMALL, room)
    signed = size >= SMALLEST
    height = 0.84 if signed else 1.0
    for status, of_status in marks.groupby("status"):
        colour, sign = style.STATUS_COLOURS[str(status)], style.STATUS_SIGNS[str(status)]
        x, y = of_status["x"].to_numpy(), of_status["y"].to_numpy()
        for cell in ax.bar(x, height, 0.92, bottom=y - height / 2, color=colour):
            cell.set(edgecolor=style.TRACK_EDGE, linewidth=0.5 if signed else 0)
        ink = style.text_on(colour)
        if sign and signed:
            for across, down in zip(x, y, strict=True):
                ax.text(across, down, sign, color=ink, fontsize=size, ha="center", va="center")


def _name_rows(ax: Axes, persons: list[str], row: float) -> None:
    step = int(np.ceil(1.15 * style.SMALL / (row * style.MM * 72)))
    ax.set_yticks(range(0, len(persons), step), persons[::step])


def _name_columns(ax: Axes, sessions: list[str]) -> None:
    widest = max(map(style.text_width, sessions)) + style.SMALL
    step = int(np.ceil(len(sessions) * widest / (0.9 * style.width_of(ax))))
    ax.set_xticks(range(0, len(sessions), step), sessions[::step])


def _handles(
    marks: pd.DataFrame, persons: list[str], sessions: list[str], say: Words, labels: Labels | None
) -> list[Patch]:
    there = set(marks["status"])
    handles = []
    for status in (each for each in VOCABULARIES["status"] if each in there):
        handle = Patch(facecolor=style.STATUS_COLOURS[status], edgecolor=style.TRACK_EDGE)
        sign = style.STATUS_SIGNS[status]
        handle.set(linewidth=0.5, label=f"{sign} {say.label('status', status, labels)}".strip())
        handles.append(handle)
    if len(marks) < len(persons) * len(sessions):
        handles.append(Patch(alpha=0, label=say.text("(blank) Not expected")))
    return handles


def describe_attendance_map(
    attendance: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `attendance_map`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> register = pd.DataFrame({"person_id": ["a", "b"], "session_id": ["s1", "s1"]})
    >>> register["status"] = ["present", "absent"]
    >>> ek.figures.describe_attendance_map(register, language="en")
    'Map of the register, 2 persons by 1 sessions. Present: 1; Absent: 1.'
    """
    marks, persons, sessions = _placed(attendance)
    say = words(language or DEFAULT_LANGUAGE)
    only_group(attendance, "attendance_map")
    counts = marks["status"].value_counts()
    parts = [
        f"{say.label('status', status, labels)}: {say.number(counts[status])}"
        for status in VOCABULARIES["status"]
        if status in counts
    ]
    return say.text(
        "Map of the register, {persons} persons by {sessions} sessions. {parts}.",
        persons=say.number(len(persons)),
        sessions=say.number(len(sessions)),
        parts="; ".join(parts),
    )
