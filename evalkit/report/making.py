"""One exhibit made: measured, protected, drawn, tabled. Nothing is shown that was not protected."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.errors import ArgumentError
from evalkit.figures import saving, style
from evalkit.locale import N_, words
from evalkit.privacy import HIDDEN, Cells, Policy, protect
from evalkit.report import shortening
from evalkit.study.schema import of_people
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

    def with_labels_of(self, exhibit: Exhibit) -> Setting:
        """Return the setting with what the form of an exhibit calls its items and answers."""
        if exhibit.instrument is None:
            return self
        form = exhibit.instrument.labels(self.say.language)
        columns = {**form, **self.labels}
        own = {name: {**form.get(name, {}), **self.labels.get(name, {})} for name in columns}
        return replace(self, labels=own)

    @property
    def banner(self) -> str | None:
        """What every page of an internal report says."""
        return self.say.text(INTERNAL) if self.policy.internal else None


@dataclass(frozen=True)
class MadeFigure:
    """A figure of the report: its caption, the same in words, and what is not drawn in it."""

    name: str
    caption: str
    description: str
    svg: str
    remark: str = ""


@dataclass(frozen=True)
class Made:
    """An exhibit as it stands in the report; ``result`` is what may be shown.

    ``files`` names all figures that were written, also those that are too many for the page;
    ``remarks`` say what is not on the page, and why.
    """

    exhibit: Exhibit
    form: str | None
    title: str
    result: pd.DataFrame
    sheet: Sheet | None
    table: str | None
    figures: tuple[MadeFigure, ...]
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    sentences: tuple[str, ...]
    used: dict[str, int | None]
    left_out: int | None

    @property
    def hidden(self) -> int:
        """How many rows are hidden."""
        return int(self.result[HIDDEN].sum())


def make(exhibit: Exhibit, measured: Measured, setting: Setting, folder: Path) -> Made:
    """Protect, draw and table one exhibit; its figures are written to ``folder``."""
    if exhibit.internal_only and not setting.policy.internal:
        raise ArgumentError(f"'{exhibit.id}' shows single persons: for internal reports only.")
    setting = setting.with_labels_of(exhibit)
    say = setting.say
    public = protect(measured.result, measured.cells, setting.policy)
    result = exhibit.arrange(public, setting.study)
    # Which columns there are must not depend on what is hidden in them.
    known = measured.result.notna().any()
    columns = [
        c for c in exhibit.columns if c not in exhibit.optional or known.get(c, default=False)
    ]
    used, left_out = _rests_on(measured, setting.policy)
    notes = _notes(exhibit, result, columns, left_out, say)
    figures, figure_remarks = _figures(exhibit, result, measured.cells.count, setting, folder)
    on_page = figures if len(figures) <= shortening.MOST_FIGURES else []
    if len(on_page) < len(figures):
        figure_remarks.append(shortening.in_folder(len(figures), say))
    table, table_remarks = _table(exhibit, result, columns, notes, setting)
    remarks = shortening.once((*figure_remarks, *table_remarks), say)
    return Made(
        exhibit=exhibit,
        form=exhibit.form(say),
        title=exhibit.subject(say),
        result=result,
        sheet=_sheet(exhibit, result, columns, [*notes, *_sign(result, say)], setting),
        table=table,
        figures=tuple(on_page),
        files=tuple(figure.name for figure in figures),
        remarks=remarks,
        sentences=tuple(exhibit.sentences(result, say, setting.labels)),
        used=used,
        left_out=left_out,
    )


def _sheet(
    exhibit: Exhibit,
    result: pd.DataFrame,
    columns: Sequence[str],
    notes: Sequence[str],
    setting: Setting,
) -> Sheet | None:
    """Return the sheet of the workbook, if the exhibit has a table."""
    return Sheet(result, columns, exhibit.headings, notes, setting.labels) if columns else None


def _table(
    exhibit: Exhibit,
    result: pd.DataFrame,
    columns: Sequence[str],
    notes: Sequence[str],
    setting: Setting,
) -> tuple[str | None, list[str]]:
    """Return the table of the page, if the exhibit has one there, and what to say beside it."""
    say = setting.say
    if not columns or not exhibit.on_page:
        return None, []
    if len(result) > shortening.MOST_ROWS:
        sheet = exhibit.sheet_name(say)
        return None, [shortening.elsewhere(len(result), sheet, say), *notes]
    rows, remarks = shortening.rows_for_page(result, say)
    if rows.empty:
        return None, remarks
    table = html(
        rows,
        columns=columns,
        headings=exhibit.headings,
        rows_by=exhibit.rows_by,
        once=exhibit.once,
        notes=[*notes, *remarks, *_sign(rows, say)],
        language=say.language,
        labels=setting.labels,
        table_id=f"table-{exhibit.id}",
    )
    return table, []


def _rests_on(measured: Measured, policy: Policy) -> tuple[dict[str, int | None], int | None]:
    """Return the rows used by table and those left out; where rows are people, protected."""
    used = {
        table: _shown(rows, policy) if of_people(table) else rows
        for table, rows in measured.used.items()
    }
    people = any(of_people(table) for table in measured.used)
    left_out = _shown(measured.left_out, policy) if people else measured.left_out
    return used, left_out


def _shown(rows: int, policy: Policy) -> int | None:
    table = protect(pd.DataFrame({"rows": [rows]}), Cells("people", count="rows"), policy)
    return None if table["rows"].isna().any() else rows


def _notes(
    exhibit: Exhibit, result: pd.DataFrame, columns: Sequence[str], left_out: int | None, say: Words
) -> list[str]:
    """Return the lines under a table: why there is no interval, what was left out."""
    notes: list[str] = []
    if "note" in result and "lower" in exhibit.columns and "estimate" in columns:
        shown = result.loc[~result[HIDDEN], "note"].dropna()
        notes += [say.text(str(note)) for note in shown.unique()]
    notes += [say.text(note) for note in exhibit.notes]
    if left_out:
        notes.append(say.plural(*exhibit.left_out, left_out))
    return notes


def _sign(result: pd.DataFrame, say: Words) -> list[str]:
    """Return what a colon means, where one may stand."""
    if any(result[name].any() for name in result.columns if str(name).startswith(HIDDEN)):
        return [say.text(N_("A colon stands where a number is hidden to protect people."))]
    return []


def _figures(
    exhibit: Exhibit, result: pd.DataFrame, count: str | None, setting: Setting, folder: Path
) -> tuple[list[MadeFigure], list[str]]:
    """Draw the exhibit, once or once for each of something, where enough of it may be shown."""
    made, missed = [], []
    for drawing in exhibit.drawings:
        parts = shortening.parts_of(drawing, result, count)
        names = _file_names([part.of for part in parts if part.of is not None])
        stem = f"{exhibit.id}-{drawing.id}" if drawing.id else exhibit.id
        for part in parts:
            if part.enough:
                name = stem if part.of is None else f"{stem}-{names[part.of]}"
                made.append(_figure(drawing, part, name, setting, folder))
            else:
                missed.append(
                    _of_what(drawing, part.of, setting) or _caption(drawing, None, setting)
                )
    return made, [shortening.not_drawn(missed, setting.say, some=bool(made))] if missed else []


def _caption(drawing: Drawing, part: str | None, setting: Setting) -> str:
    """Return the caption, with what the figure is of."""
    caption, of = setting.say.text(drawing.caption), _of_what(drawing, part, setting)
    return f"{caption}: {of}" if of else caption


def _of_what(drawing: Drawing, part: str | None, setting: Setting) -> str:
    """Return which part of a form, and which group, a figure is of; empty where it is of all."""
    say = setting.say
    of = []
    if drawing.block is not None:
        of.append(say.label("block", drawing.block, setting.labels))
    if part is not None and drawing.per is not None:
        of.append(say.label(drawing.per, part, setting.labels))
    return ", ".join(of)


def _figure(
    drawing: Drawing, part: shortening.Part, name: str, setting: Setting, folder: Path
) -> MadeFigure:
    say, labels = setting.say, setting.labels
    ax = drawing.draw(part.rows, labels=labels, language=say.language)
    if setting.banner:
        _stamp(ax, setting.banner)
    caption = _caption(drawing, part.of, setting)
    description = drawing.describe(part.rows, labels=labels, language=say.language)
    files = saving.rendered_as(saving.figure_of(ax), saving.FORMATS)
    for kind, content in files.items():
        (folder / f"{name}.{kind}").write_bytes(content)
    svg = saving.inline_svg(files["svg"], name, caption, description)
    remark = ""
    if part.hidden and drawing.whole is not None:
        remark = shortening.rows_not_drawn(part, drawing.whole, say, labels)
    return MadeFigure(name, caption, description, svg, remark)


def _stamp(ax: Axes, banner: str) -> None:
    """Say on the figure itself, wherever it may be copied to, that it is internal."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    look: dict[str, Any] = {"color": style.WARNING, "fontsize": style.SMALL}
    if not figure.legends:
        figure.suptitle(banner, x=0.01, ha="left", **look)
        return
    # A legend of the whole figure stands where the line would: it then bears the line itself.
    legend = figure.legends[0]
    legend.set_title(f"{banner}\n{legend.get_title().get_text()}".strip())
    legend.get_title().set(**look)


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
