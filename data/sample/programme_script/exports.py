"""All of the sample: draw it, write it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from programme_script.anonymous import professionals_file, talk_files
from programme_script.groups import Group, plan, session_rows
from programme_script.kor_files import kor_files
from programme_script.parents import parents_files
from programme_script.people import PARTICIPANTS, Child, children_of, consent_rows, participant_rows
from programme_script.readme import readme
from programme_script.registers import STYLES, register_rows
from programme_script.settings import Entry, study_toml
from programme_script.stated import CHILDREN
from programme_script.writing import write_csv, write_text, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What the file writes, and what we call it.
PARTICIPANT_VALUES = {
    "role": {
        "barn": "child",
        "forelder": "parent",
        "fagperson": "professional",
        "brukerrepresentant": "user_representative",
    },
    "gender": {"jente": "girl", "gutt": "boy", "kvinne": "woman", "mann": "man"},
    "ended_how": {
        "fullført": "completed",
        "avtalt": "planned",
        "uten avtale": "unplanned",
        "flyttet": "moved",
    },
}


def write_programme(
    folder: Path, *, groups: int, children: int | None, seed: int, clean: bool
) -> None:
    """Write a study folder.

    ``children`` per group, or as many as the sample has; ``clean`` leaves out every slip of the
    pen, but not that children stay away.
    """
    planned = plan(groups)
    sizes = [children or CHILDREN[(group.place - 1) % len(CHILDREN)] for group in planned]
    people = [
        child
        for group, size in zip(planned, sizes, strict=True)
        for child in children_of(group, size, seed, clean=clean)
    ]
    sites = list(dict.fromkeys(group.site for group in planned))
    entries = [
        *_lists(folder, planned, people, seed, clean=clean),
        *_registers(folder, planned, people, clean=clean),
        *kor_files(folder, people, seed, clean=clean),
        *parents_files(folder, people, seed, clean=clean),
        professionals_file(folder, planned, seed, clean=clean),
        *talk_files(folder, sites, seed, clean=clean),
    ]
    talks = sum(site.talks for site in sites)
    write_text(folder / "study.toml", study_toml(planned, entries, talks))
    write_text(folder / "README.md", readme(planned, people, seed))


def _lists(
    folder: Path, groups: list[Group], children: list[Child], seed: int, *, clean: bool
) -> Iterator[Entry]:
    path = "raw/deltakere.xlsx"
    write_workbook(folder / path, {"Deltakere": participant_rows(groups, children)})
    values = {"columns": PARTICIPANTS, "values": PARTICIPANT_VALUES}
    yield Entry(path, "participants", "quality_assurance", values)
    write_csv(folder / "raw/samtykker.csv", consent_rows(children, clean=clean))
    yield Entry("raw/samtykker.csv", "consents", "quality_assurance")
    write_csv(folder / "raw/samlinger.csv", session_rows(groups, seed))
    yield Entry("raw/samlinger.csv", "sessions", "quality_assurance")


def _registers(
    folder: Path, groups: list[Group], children: list[Child], *, clean: bool
) -> Iterator[Entry]:
    """Write a workbook per site, a sheet per group."""
    in_order = sorted(groups, key=lambda group: group.site.name)
    for site, own in groupby(in_order, key=lambda group: group.site):
        path, sheets, entries = f"raw/oppmote/{site.name.lower()}.xlsx", {}, []
        for group in own:
            there = [child for child in children if child.group is group]
            sheets[group.sheet] = register_rows(group, there, clean=clean)
            entries.append(_register_entry(path, group))
        write_workbook(folder / path, sheets)
        yield from entries


def _register_entry(path: str, group: Group) -> Entry:
    style = STYLES[group.site.register]
    more = {
        "layout": "register",
        "sheet": group.sheet,
        "group": group.id,
        "marks": style.stated_marks(),
        "empty": style.empty,
    }
    return Entry(path, "attendance", "quality_assurance", more)
