"""The figures of an exhibit: drawn from what may be shown, told in words, written to files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evalkit.figures import saving, style
from evalkit.report import shortening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.report.exhibits import Drawing, Exhibit
    from evalkit.report.making import Setting


@dataclass(frozen=True)
class MadeFigure:
    """A figure of the report: its caption, the same in words, and what is not drawn in it."""

    name: str
    caption: str
    description: str
    svg: str
    remark: str = ""


def figures_of(
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
    if not missed:
        return made, []
    return made, [shortening.not_drawn(missed, setting.say, some=bool(made))]


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
        # Without room of its own the line would flatten the bars of a low figure.
        figure.set_figheight(figure.get_figheight() + 2 * style.SMALL / 72)
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
