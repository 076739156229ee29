"""Marks of a register: which say present, absent, excused or unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.arguments import check_choice
from evalkit.errors import Problem, ReadError
from evalkit.readers.raw import composed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATUSES = ("present", "absent", "excused", "unknown")
USUAL = {
    "present": (
        "x",
        "1",
        "ja",
        "✓",
        "✔",
        "√",
        "til stede",
        "tilstede",
        "møtt",
        "yes",
        "present",
        "TRUE",
    ),
    "absent": ("0", "-", "–", "—", "nei", "fravær", "borte", "no", "absent", "FALSE"),
    "excused": ("s", "syk", "forfall", "excused"),
    "unknown": ("?",),
}
"""Marks that are known unless a study states its own."""


class Vocabulary(NamedTuple):
    """Known marks: as written, in any case, and as a sentence for messages."""

    exact: dict[str, str]
    folded: dict[str, str]
    listed: str

    def status(self, marks: pd.Series) -> pd.Series:
        """Return the status of each mark: as written first, then in any case; NA if unknown."""
        found = {mark: self._status_of(_plain(mark)) for mark in marks.dropna().unique()}
        return marks.map(found).astype(pd.CategoricalDtype(list(STATUSES)))

    def _status_of(self, mark: str) -> str | None:
        return self.exact.get(mark) or self.folded.get(mark.casefold())


def vocabulary(stated: Mapping[str, Sequence[str]] | None, *, name: str, where: str) -> Vocabulary:
    """Return the marks that a study states, or the usual ones.

    Raises
    ------
    ReadError
        A mark in two statuses, or a blank one.
    ArgumentError
        A status that is not known.
    """
    marks = USUAL if stated is None else stated
    for status in marks:
        check_choice(status, "a status of marks", STATUSES)
    pairs = [(composed(str(mark)), status) for status in marks for mark in marks[status]]
    problems = list(_wrong(pairs, name, where))
    if problems:
        raise ReadError(problems)
    exact = {_plain(mark): status for mark, status in pairs}
    by_case: dict[str, set[str]] = {}
    for mark, status in exact.items():
        by_case.setdefault(mark.casefold(), set()).add(status)
    folded = {mark: min(found) for mark, found in by_case.items() if len(found) == 1}
    listed = "; ".join(" ".join([status, *map(str, marks[status])]) for status in marks)
    return Vocabulary(exact, folded, f"Known marks: {listed}.")


def _wrong(pairs: list[tuple[str, str]], name: str, where: str) -> list[Problem]:
    problems = []
    first: dict[str, str] = {}
    for mark, status in pairs:
        if not mark:
            message = f"a blank mark stands under {status} in {where}. Use 'empty' for it."
            problems.append(Problem(name, message))
        elif first.setdefault(_plain(mark), status) != status:
            message = (
                f"the mark '{mark}' stands under both {first[_plain(mark)]} and {status} in "
                f"{where}. Keep one."
            )
            problems.append(Problem(name, message))
    return problems


def _plain(mark: str) -> str:
    """Return a mark as it is compared: 1.0 is 1, one space for several."""
    text = " ".join(mark.split())
    return re.sub(r"^([0-9]+)[.,]0+$", r"\1", text)
