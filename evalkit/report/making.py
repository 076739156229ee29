"""One exhibit made: measured, protected, drawn, tabled. Nothing is shown that was not protected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import ArgumentError
from evalkit.figures import saving, style
from evalkit.locale import N_, words
from evalkit.privacy import HIDDEN, Cells, Policy, protect
from evalkit.tables import html
from evalkit.tables.workbook import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words
    from evalkit.report.exhibits import Exhibit, Measured
    from evalkit.study import Study

INTERNAL = N_("INTERNAL – holds numbers that must not be published")


@dataclass(frozen=True)
class Setting:
    """For whom a report is made: language, labels, what may be shown."""

    study: Study
    say: Words
    labels: Labels
    policy: Policy

    @classmethod
    def of(cls, study: Study, language: str | None, *, internal: bool) -> Setting:
        """Return the setting of a report on a study."""
        language = language or study.settings.language
        own = study.settings.policy
        policy = Policy(own.min_cell, own.already_published, internal=internal)
        return cls(study, words(language), study.labels(language), policy)

    @property
    def banner(self) -> str | None:
        """What every page of an internal report says."""
        return self.say.text(INTERNAL) if self.policy.internal else None


@dataclass(frozen=True)
class MadeFigure:
    """A figure of the report: its caption, the same in words, and its place in the page."""

    name: str
    caption: str
    description: str
    svg: str


@dataclass(frozen=True)
class Made:
    """An exhibit as it stands in the report; ``result`` is what may be shown."""

    exhibit: Exhibit
    title: str
    result: pd.DataFrame
    sheet: Sheet
    table: str
    figures: tuple[MadeFigure, ...]
    used: int | None
    left_out: int | None

    @property
    def hidden(self) -> int:
        """How many rows are hidden."""
        return int(self.result[HIDDEN].sum())


def make(exhibit: Exhibit, setting: Setting, folder: Path) -> Made:
    """Measure, protect, draw and table one exhibit; its figures are written to ``folder``."""
    say = setting.say
    measured = exhibit.measure(setting.study)
    result = protect(measured.result, measured.cells, setting.policy)
    notes = _notes(result, measured, say)
    columns = [c for c in exhibit.columns if c not in exhibit.optional or result[c].notna().any()]
    title = say.text(exhibit.title)
    table = html(
        result,
        columns=columns,
        headings=exhibit.headings,
        rows_by=exhibit.rows_by,
        once=exhibit.once,
        notes=notes,
        language=say.language,
        labels=setting.labels,
        table_id=f"table-{exhibit.id}",
    )
    used, left_out = _rests_on(exhibit, measured, setting.policy)
    return Made(
        exhibit=exhibit,
        title=title,
        result=result,
        sheet=Sheet(result, columns, exhibit.headings, notes),
        table=table,
        figures=tuple(_figures(exhibit, result, setting, folder)),
        used=used,
        left_out=left_out,
    )


def _rests_on(
    exhibit: Exhibit, measured: Measured, policy: Policy
) -> tuple[int | None, int | None]:
    """Return the rows used and left out; where rows are people, these too are protected."""
    rows = pd.DataFrame({"used": [measured.used], "left_out": [measured.left_out]})
    cells = Cells("rows", open=("used", "left_out"))
    if "participants" in exhibit.needs:
        cells = Cells("participants", count="used", derived=("left_out",))
    shown = protect(rows, cells, policy)
    used, left_out = (None if shown[name].isna().any() else int(shown[name].sum()) for name in rows)
    return used, left_out


def _notes(result: pd.DataFrame, measured: Measured, say: Words) -> list[str]:
    """Return the lines under a table: notes of its rows, what was left out, what signs mean."""
    notes: list[str] = []
    if "note" in result:
        notes += [say.text(str(note)) for note in result["note"].dropna().unique()]
    if measured.left_out:
        notes.append(
            say.plural(
                "{n} headcount is not in the rate: how many were expected is not known.",
                "{n} headcounts are not in the rate: how many were expected is not known.",
                measured.left_out,
            )
        )
    if result[HIDDEN].any():
        notes.append(say.text(N_("A colon stands where a number is hidden to protect people.")))
    return notes


def _figures(
    exhibit: Exhibit, result: pd.DataFrame, setting: Setting, folder: Path
) -> list[MadeFigure]:
    drawing = exhibit.drawing
    if drawing is None:
        return []
    rows = drawing.rows(result)
    if not drawing.per_group:
        return [_figure(exhibit, rows, setting, folder, None)] if len(rows) else []
    return [
        _figure(exhibit, rows[rows["group_id"] == group], setting, folder, str(group))
        for group in rows["group_id"].unique()
    ]


def _figure(
    exhibit: Exhibit, rows: pd.DataFrame, setting: Setting, folder: Path, group: str | None
) -> MadeFigure:
    drawing = exhibit.drawing
    if drawing is None:
        raise ArgumentError(f"the exhibit '{exhibit.id}' has no figure.")
    say = setting.say
    name = exhibit.id if group is None else f"{exhibit.id}-{_file_name(group)}"
    title = "" if group is None else say.label("group_id", group, setting.labels)
    caption = say.text(drawing.caption)
    ax = drawing.draw(rows, labels=setting.labels, language=say.language)
    if setting.banner:
        _stamp(ax, setting.banner)
    description = drawing.describe(rows, labels=setting.labels, language=say.language)
    for kind in saving.FORMATS:
        saving.save(ax, folder / f"{name}.{kind}")
    svg = saving.inline_svg(ax, name, f"{caption}: {title}" if title else caption, description)
    return MadeFigure(name, caption, description, svg)


def _stamp(ax: Axes, banner: str) -> None:
    """Say on the figure itself, wherever it may be copied to, that it is internal."""
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.suptitle(banner, color=style.WARNING, fontsize=style.SMALL, x=0.01, ha="left")


def _file_name(group: str) -> str:
    """Return a group's id as part of a file name, different for different ids."""
    plain = re.sub(r"[^\w.-]", "_", group)
    if plain == group:
        return plain
    import hashlib

    return f"{plain}-{hashlib.sha256(group.encode()).hexdigest()[:6]}"
