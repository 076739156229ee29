"""The page: one self-contained HTML file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit._version import __version__
from evalkit.figures import style
from evalkit.locale import N_, in_language
from evalkit.readers import NO_DATA
from evalkit.report.contents import SECTIONS, VOICES, exhibits_of
from evalkit.report.disclosure_told import disclosure_sentences
from evalkit.tables import html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.report.making import Made, Setting

METHOD = "method"
MOST_GROUPS = 8
"""What the study says of more groups than these is folded away."""
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A section of the page."""

    id: str
    title: str
    sentences: tuple[str, ...]
    exhibits: tuple[Made, ...]


def write_page(made: Sequence[Made], setting: Setting, path: Path) -> None:
    """Write the report as one HTML file: nothing in it is fetched from elsewhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("evalkit.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["without_style"] = _without_style
    settings, say = setting.study.settings, setting.say
    inputs = _inputs(setting)
    page = environment.get_template("page.html.j2").render(
        t=say.text,
        language=say.language,
        title=in_language(settings.title, say.language),
        about=in_language(settings.about, say.language),
        source=in_language(settings.source, say.language),
        groups=_groups(setting),
        most_groups=MOST_GROUPS,
        banner=setting.banner,
        disclosure=disclosure_sentences(made, setting),
        open_to_all=not setting.policy.hides,
        sections=_sections(made, setting),
        styles=[*(_style(each.table) for each in made if each.table), _style(inputs)],
        missing=_missing(made, setting),
        inputs=_without_style(inputs),
        warnings=_warnings(setting),
        version=__version__,
        colours=style,
    )
    path.write_text(page, "utf-8", newline="\n")


def _style(table: str) -> str:
    """Return the style sheet of a table: it belongs in the head of the page."""
    found = STYLE.search(table)
    return found[1] if found else ""


def _without_style(table: str) -> str:
    return STYLE.sub("", table)


def _groups(setting: Setting) -> list[tuple[str, str]]:
    language = setting.say.language
    return [
        (in_language(group.title, language), in_language(group.about, language))
        for group in setting.study.settings.groups.values()
        if group.about
    ]


def _sections(made: Sequence[Made], setting: Setting) -> list[Section]:
    """Return the sections with something in them; the method part is always there."""
    sections = []
    for key, title in SECTIONS.items():
        exhibits = tuple(each for each in made if each.exhibit.section == key)
        if exhibits or key == METHOD:
            sentences = tuple(text for each in exhibits for text in each.sentences)
            sections.append(Section(key, setting.say.text(title), sentences, exhibits))
    return sections


def _missing(made: Sequence[Made], setting: Setting) -> list[str]:
    """Return what the study has no data for: sections, and groups within sections."""
    say, study = setting.say, setting.study
    shown = {each.exhibit.id for each in made}
    listed = exhibits_of(study, setting.policy)
    absent = [each.absent for each in listed if each.id not in shown and each.absent]
    sections = {each.exhibit.section for each in made}
    if not any(each.startswith("background") for each in shown):
        absent.append(N_("No background of participants was available."))
    absent += [text for voice, text in VOICES.items() if voice not in sections]
    texts = [say.text(text) for text in dict.fromkeys(absent)]
    if len(study.comments):
        texts.append(say.text(N_("Open answers are not shown: what they say may name a child.")))
    if len(study.headcounts) or len(study.attendance):
        known = set(study.headcounts.dropna(subset="present")["group_id"])
        known |= set(study.attendance["group_id"])
        without = [
            say.label("group_id", group, setting.labels)
            for group in study.settings.groups
            if group not in known
        ]
        if without:
            message = N_("No attendance was available for {groups}.")
            texts.append(say.text(message, groups=say.enumeration(without)))
    return texts


def _inputs(setting: Setting) -> str:
    """Return the files as a table.

    How many rows each holds, and how many of them are left out, stands in internal reports only:
    where a row is a person, they would tell the hidden numbers of other tables.
    """
    keys = ["file", "holds", "legal_basis"]
    inputs, excluded = setting.study.inputs, setting.study.excluded
    files = inputs.dropna(subset="holds").groupby(keys, sort=False, observed=True)
    table = files["rows"].sum().reset_index()
    # Rows left out are those that somebody wrote and no table holds: titles and sums are not.
    written = excluded[~excluded["reason"].isin(NO_DATA)]
    places = pd.MultiIndex.from_frame(table[["file", "holds"]].astype("str"))
    left_out = written.groupby(["file", "table"], observed=True).size()
    table["left_out"] = left_out.reindex(places, fill_value=0).to_numpy()
    return html(
        table.sort_values("file"),
        language=setting.say.language,
        labels=setting.labels,
        table_id="table-inputs",
        once=["file"],
        columns=[*keys, *([] if setting.policy.hides else ["rows", "left_out"])],
    )


def _warnings(setting: Setting) -> list[str]:
    """Return how many warnings each file gave; often they are about few people: inside only."""
    if setting.policy.hides:
        return []
    counts = setting.study.problems["file"].value_counts().sort_index()
    return [
        setting.say.plural(
            "{file}: {n} warning, see evalkit check",
            "{file}: {n} warnings, see evalkit check",
            int(count),
            file=file,
        )
        for file, count in counts.items()
    ]
