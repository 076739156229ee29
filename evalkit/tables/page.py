"""A result as a table for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.arguments import check_columns
from evalkit.locale import DEFAULT_LANGUAGE, words
from evalkit.tables.shown import ShownColumn, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.locale import Labels


def html(
    result: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    headings: Mapping[str, str] | None = None,
    rows_by: str | None = None,
    once: Sequence[str] = (),
    notes: Sequence[str] = (),
    language: str | None = None,
    labels: Labels | None = None,
    table_id: str = "table",
) -> str:
    """Return a result as an HTML table: labels, numbers and percentages in one language.

    Parameters
    ----------
    result : pandas.DataFrame
        A result of a metric, protected or not. A colon stands where a number is hidden, a dash
        where there is none.
    columns : sequence of str, optional
        Which columns, in which order; by default all.
    headings : mapping of str to str, optional
        Headings by column, in English; translated where evalkit knows them.
    rows_by : str, optional
        A column whose values become headings of groups of rows.
    once : sequence of str
        Columns that say what a row is about: where several rows in a row have the same in all
        of them, it is written once.
    notes : sequence of str
        Lines under the table.
    language : {"nb", "en"}, optional
        By default Norwegian.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    table_id : str
        The id of the element; give each table of a page its own.

    Returns
    -------
    str
        A ``<div>`` with its style and the table; no network is used.

    Raises
    ------
    ArgumentError
        A column that the result does not have; an unknown language.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> rate = ek.attendance.rate(study.headcounts, by="role").query("n > 0")
    >>> page = ek.tables.html(rate, columns=["role", "present", "n", "estimate"])
    >>> "Barn" in page and "95" in page and "88,0" in page
    True
    """
    from great_tables import GT

    say = words(language or DEFAULT_LANGUAGE)
    if rows_by is not None:
        check_columns(result, rows_by, what="the result")
    names = list(columns) if columns is not None else None
    once = [name for name in once if names is None or name in names]
    if names is not None and rows_by is not None and rows_by not in names:
        names = [rows_by, *names]
    parts = shown(result, columns=names, headings=headings, language=language, labels=labels)
    frame = pd.DataFrame({part.name: part.texts(say) for part in parts}, dtype="str")
    # Two sessions may have the same number and theme: what tells them apart is their id.
    ids = result["session_id"].astype("str").to_numpy() if "session_id" in result else ""
    same = frame.assign(session_id=ids)[[*([rows_by] if rows_by else []), *once, "session_id"]]
    frame = _written_once(frame, same, once)
    table = GT(frame, groupname_col=rows_by, id=table_id)
    table = table.cols_label({part.name: part.heading for part in parts if part.name != rows_by})
    table = table.cols_align("right", columns=_numeric(parts)).tab_options(**_options())
    for note in notes:
        table = table.tab_source_note(note)
    return str(table.as_raw_html())


def _written_once(frame: pd.DataFrame, same: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with ``columns`` blank where all of ``same`` repeat the row above."""
    repeats = same.eq(same.shift()).all(axis="columns")
    return frame.assign(**{name: frame[name].mask(repeats, "") for name in columns})


def _numeric(parts: Sequence[ShownColumn]) -> list[str]:
    return [part.name for part in parts if part.kind in {"share", "number"}]


def _options() -> dict[str, Any]:
    from evalkit.figures.style import INK, MUTED, PAPER

    return {
        "table_font_names": ["inherit"],
        "table_font_size": "0.92em",
        "table_font_color": INK,
        "table_background_color": PAPER,
        "table_border_top_color": MUTED,
        "table_border_bottom_color": MUTED,
        "column_labels_font_weight": "600",
        "column_labels_border_bottom_color": MUTED,
        "row_group_font_weight": "600",
        "data_row_padding": "3px",
        "table_margin_left": "0",
    }
