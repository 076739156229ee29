"""One exhibit made: measured, protected, drawn, tabled. Nothing is shown that was not protected."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.figures import saving, style
from evalkit.locale import N_, words
from evalkit.privacy import HIDDEN, Cells, Policy, protect
from evalkit.study.schema import PEOPLE
from evalkit.tables import html
from evalkit.tables.workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words
    from evalkit.report.exhibits import Drawing, Exhibit, Measured
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
        policy = replace(own, internal=internal)
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
    sentences: tuple[str, ...]
    used: dict[str, int | None]
    left_out: int | None

    @property
    def hidden(self) -> int:
        """How many rows are hidden."""
        return int(self.result[HIDDEN].sum())


def make(exhibit: Exhibit, measured: Measured, setting: Setting, folder: Path) -> Made:
    """Protect, draw and table one exhibit; its figures are written to ``folder``."""
    say = setting.say
    public = protect(measured.result, measured.cells, setting.policy)
    result = exhibit.arrange(public, setting.study)
    # Which columns there are must not depend on what is hidden in them.
    known = measured.result.notna().any()
    columns = [c for c in exhibit.columns if c not in exhibit.optional or known[c]]
    used, left_out = _rests_on(measured, setting.policy)
    notes = _notes(exhibit, result, columns, left_out, say)
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
    return Made(
        exhibit=exhibit,
        title=title,
        result=result,
        sheet=Sheet(result, columns, exhibit.headings, notes),
        table=table,
        figures=tuple(_figures(exhibit, result, measured.cells.count, setting, folder)),
        sentences=tuple(exhibit.sentences(result, say, setting.labels)),
        used=used,
        left_out=left_out,
    )


def _rests_on(measured: Measured, policy: Policy) -> tuple[dict[str, int | None], int | None]:
    """Return the rows used by table and those left out; where rows are people, protected."""
    used = {
        table: _shown(rows, policy) if table in PEOPLE else rows
        for table, rows in measured.used.items()
    }
    of_people = not PEOPLE.isdisjoint(measured.used)
    left_out = _shown(measured.left_out, policy) if of_people else measured.left_out
    return used, left_out


def _shown(rows: int, policy: Policy) -> int | None:
    table = protect(pd.DataFrame({"rows": [rows]}), Cells("people", count="rows"), policy)
    return None if table["rows"].isna().any() else rows


def _notes(
    exhibit: Exhibit, result: pd.DataFrame, columns: Sequence[str], left_out: int | None, say: Words
) -> list[str]:
    """Return the lines under a table: notes of its rows, what was left out, what signs mean."""
    notes: list[str] = []
    if "note" in result and "estimate" in columns:
        shown = result.loc[~result[HIDDEN], "note"].dropna()
        notes += [say.text(str(note)) for note in shown.unique()]
    if left_out:
        notes.append(say.plural(*exhibit.left_out, left_out))
    if any(result[name].any() for name in result.columns if str(name).startswith(HIDDEN)):
        notes.append(say.text(N_("A colon stands where a number is hidden to protect people.")))
    return notes


def _figures(
    exhibit: Exhibit, result: pd.DataFrame, count: str | None, setting: Setting, folder: Path
) -> list[MadeFigure]:
    """Draw the exhibit, once or once per group, where there is a number to show."""
    drawing = exhibit.drawing
    if drawing is None:
        return []
    rows = drawing.rows(result)
    groups = [str(group) for group in rows["group_id"].unique()] if drawing.per_group else [None]
    names = _file_names([group for group in groups if group is not None])
    made = []
    for group in groups:
        mine = rows if group is None else rows[rows["group_id"] == group]
        if len(mine) and (count is None or mine[count].notna().any()):
            name = exhibit.id if group is None else f"{exhibit.id}-{names[group]}"
            made.append(_figure(drawing, mine, group, name, setting, folder))
    return made


def _figure(
    drawing: Drawing,
    rows: pd.DataFrame,
    group: str | None,
    name: str,
    setting: Setting,
    folder: Path,
) -> MadeFigure:
    say = setting.say
    caption = say.text(drawing.caption)
    if group is not None:
        caption += f": {say.label('group_id', group, setting.labels)}"
    ax = drawing.draw(rows, labels=setting.labels, language=say.language)
    if setting.banner:
        _stamp(ax, setting.banner)
    description = drawing.describe(rows, labels=setting.labels, language=say.language)
    for kind in saving.FORMATS:
        saving.save(ax, folder / f"{name}.{kind}")
    return MadeFigure(name, caption, description, saving.inline_svg(ax, name, caption, description))


def _stamp(ax: Axes, banner: str) -> None:
    """Say on the figure itself, wherever it may be copied to, that it is internal."""
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.suptitle(banner, color=style.WARNING, fontsize=style.SMALL, x=0.01, ha="left")


def _file_names(groups: Sequence[str]) -> dict[str, str]:
    """Return the ids of groups as parts of file names that differ on every system."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for group in groups:
        plain = re.sub(r"[^\w-]", "_", group)
        if plain != group or plain.casefold() in taken:
            plain += f"-{hashlib.sha256(group.encode()).hexdigest()[:6]}"
        taken.add(plain.casefold())
        names[group] = plain
    return names
