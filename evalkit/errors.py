"""What evalkit raises, and how a place in a file is written in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

SHOWN_IN_MESSAGE = 30


class EvalkitError(Exception):
    """Anything evalkit itself raises."""


class ArgumentError(EvalkitError, ValueError):
    """A function was called with something it cannot use."""


class OutputError(EvalkitError):
    """Output could not be written; nothing was changed."""


class DisclosureError(EvalkitError):
    """What was to be published would tell too much of single people; nothing was written."""


class Problem(NamedTuple):
    """Something wrong or odd at one place of a file.

    ``row`` is the row a person sees in Excel (the header is row 1), and the line in
    a ``.toml`` file. ``problem`` says what is wrong and how to put it right.
    """

    file: str
    problem: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: str = "error"

    def place(self) -> str:
        """Return the place, from the file down to the column."""
        parts = [self.file]
        if self.sheet is not None:
            parts.append(f'sheet "{self.sheet}"')
        if self.row is not None:
            parts.append(f"{'line' if self.file.endswith('.toml') else 'row'} {self.row}")
        if self.column is not None:
            parts.append(f'column "{self.column}"')
        return ", ".join(parts)

    def __str__(self) -> str:
        """Return place and problem in one sentence."""
        return f"{self.place()}: {self.problem}"


PROBLEM_COLUMNS = ("file", "sheet", "row", "column", "value", "problem", "severity")


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by their place, each once."""
    places = {p: (p.file, p.sheet or "", p.row or 0, p.column or "", p.problem) for p in problems}
    return tuple(sorted(places, key=lambda p: places[p]))


def problem_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return problems as the table ``problems`` of a study, sorted by place."""
    import pandas as pd

    table = pd.DataFrame(
        [[getattr(p, name) for name in PROBLEM_COLUMNS] for p in _in_order(problems)],
        columns=list(PROBLEM_COLUMNS),
        dtype="object",
    )
    types = {name: "Int64" if name == "row" else "str" for name in PROBLEM_COLUMNS}
    return table.astype(types)


class ProblemsError(EvalkitError):
    """Something could not be read; carries every problem found, not only the first.

    Attributes
    ----------
    problems : pandas.DataFrame
        Columns ``file, sheet, row, column, value, problem, severity``.
    found : tuple of Problem
        The same, one object each.
    """

    def __init__(self, problems: Iterable[Problem], heading: str = "") -> None:
        self.found = _in_order(problems)
        errors = [problem for problem in self.found if problem.severity == "error"]
        lines = [str(problem) for problem in errors[:SHOWN_IN_MESSAGE]]
        if len(errors) > len(lines):
            more = len(errors) - len(lines)
            lines.append(f"... and {more} more: see .problems of this error.")
        super().__init__("\n".join([heading, *lines] if heading else lines))

    @property
    def problems(self) -> pd.DataFrame:
        """Every problem, as a table."""
        return problem_table(self.found)


class ReadError(ProblemsError):
    """One file could not be read."""


class StudyError(ProblemsError):
    """A study folder has errors: all of them, of all its files."""
