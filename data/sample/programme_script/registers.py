"""Attendance registers as practitioners keep them: a sheet per group, marks, typed sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from programme_script.groups import Group
    from programme_script.people import Child

Cell = str | int | date | None
TITLE = "Oppmøte"
PERSON = "Kode"
SUM = "Sum"
WRONG_BY = 1


@dataclass(frozen=True)
class Style:
    """How a site keeps its register: its marks, what it writes above a session, its sums.

    A status without a mark leaves the cell empty; ``empty`` says in study.toml what that means
    while a child is in the group.
    """

    legend: str
    heading: Callable[[Group, int], Cell]
    marks: Mapping[str, Cell] = field(default_factory=dict)
    empty: str = "unknown"
    sums: bool = True

    def mark(self, status: str | None) -> Cell:
        """Return what stands in the cell: nothing where the child was not expected."""
        return None if status is None else self.marks.get(status)

    def stated_marks(self) -> dict[str, list[str]]:
        """Return what study.toml says of the marks."""
        return {status: [str(mark)] for status, mark in self.marks.items()}


def _by_number(_: Group, number: int) -> Cell:
    return f"Samling {number}"


def _by_date(group: Group, number: int) -> Cell:
    return group.held_on(number)


def _by_number_and_date(group: Group, number: int) -> Cell:
    return f"Samling {number} ({group.held_on(number):%d.%m.%Y})"


def _mixed(group: Group, number: int) -> Cell:
    ways = (_by_number, _by_date, _by_date, _by_number_and_date)
    return ways[(number - 1) % len(ways)](group, number)


STYLES: Mapping[str, Style] = {
    "mixed": Style(
        legend="x = til stede, syk = meldt fra, - = borte",
        heading=_mixed,
        marks={"present": "x", "excused": "syk", "absent": "-"},
    ),
    "ones": Style(
        legend="1 = til stede, S = meldt fra, 0 = borte",
        heading=_by_date,
        marks={"present": 1, "excused": "S", "absent": 0},
    ),
    "crosses": Style(
        legend="Kryss for dem som er her",
        heading=_by_number,
        marks={"present": "x"},
        empty="absent",
    ),
    "questions": Style(
        legend="x = til stede, f = meldt fra, - = borte, ? = husker ikke",
        heading=_by_number_and_date,
        marks={"present": "x", "excused": "f", "absent": "-", "unknown": "?"},
        sums=False,
    ),
}


def register_rows(group: Group, children: list[Child], *, clean: bool) -> list[list[Cell]]:
    """Return a register: two rows of title, a header, the children, and sums if the site has any.

    Unless clean, the sum of the last child in a register of mixed headers is one too high.
    """
    style = STYLES[group.site.register]
    numbers = range(1, group.last + 1)
    header: list[Cell] = [PERSON, *(style.heading(group, number) for number in numbers)]
    lines = [_line(child, numbers, style) for child in children]
    if style.sums:
        header.append(SUM)
        lines = [[*line, len(child.attended)] for line, child in zip(lines, children, strict=True)]
        if has_wrong_sum(group) and not clean:
            lines[-1][-1] = len(children[-1].attended) + WRONG_BY
        lines.append(_sums_below(children, numbers))
    return [[f"{TITLE} {group.title['nb']}"], [style.legend], header, *lines]


def has_wrong_sum(group: Group) -> bool:
    """Return whether a sum was typed wrongly: in the programme's first register."""
    return group.place == 1


def _line(child: Child, numbers: range, style: Style) -> list[Cell]:
    return [child.code, *(style.mark(child.statuses.get(number)) for number in numbers)]


def _sums_below(children: list[Child], numbers: range) -> list[Cell]:
    present = [sum(number in child.attended for child in children) for number in numbers]
    return [SUM, *present, sum(present)]
