"""One exhibit of a report attacked with what its files show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from evalkit.privacy.attacking import NotSolvedError
from evalkit.privacy.auditing import attacked
from evalkit.privacy.policy import LEAST_FOR_MEAN, LEAST_FOR_SPREAD
from evalkit.privacy.system import System, sums_of
from evalkit.report.published import cell_of, is_hidden, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Told = Mapping[str, Any]
    Rows = list[list[Any]]

PAGE, TABLES = "report.html", "tables.xlsx"
REST, LEFT, EVERYONE = "rest ", "left ", "everyone"


class Breach(NamedTuple):
    """Something that tells too much."""

    exhibit: str
    file: str
    sheet: str
    cell: str
    problem: str


def audited_exhibit(
    exhibit: Told, policy: Told, sheets: Mapping[str, Rows], tables: Mapping[str, Rows]
) -> tuple[pd.DataFrame, list[Breach]]:
    """Return what can be worked out of an exhibit's hidden numbers, and what tells too much.

    ``sheets`` are the rows of the workbook, ``tables`` those of the page.
    """
    told, name = exhibit["disclosure"], str(exhibit["id"])
    found = [
        Breach(name, PAGE, "", f"row {row}, column {column}", "a hidden number stands here")
        for row, column in _without_colon(told["colons_on_page"], tables.get(name, []))
    ]
    sheet = told["sheet"]
    if sheet is None:
        return pd.DataFrame(), found
    rows = sheets.get(sheet)
    if rows is None:
        return pd.DataFrame(), [*found, Breach(name, TABLES, sheet, "", "the sheet is missing")]
    shown = {number: _shown(rows, cells) for number, cells in told["numbers"].items()}
    problems = [*_beside(told, rows), *_means(told, rows, policy)]
    if policy["rounding"] is not None and not told["open"]:
        problems += _not_rounded(told, shown, policy["rounding"])
        numbers = pd.DataFrame()
    else:
        problems += _too_small(told, shown, policy)
        numbers, more = _attacked(exhibit, shown, policy)
        problems += more
        numbers = numbers.assign(exhibit=name, sheet=sheet)
    found += [Breach(name, TABLES, sheet, cell, problem) for cell, problem in problems]
    return numbers, found


def _without_colon(colons: Sequence[str], rows: Rows) -> Iterator[tuple[int, int]]:
    for place in colons:
        row, column = map(int, place.split())
        inside = row <= len(rows) and column <= len(rows[row - 1])
        if not inside or not is_hidden(rows[row - 1][column - 1]):
            yield row, column


def _shown(rows: Rows, cells: str) -> float:
    """Return the number that stands in any of some cells, NaN where it is hidden in all."""
    values = [cell_of(rows, cell) for cell in cells.split()]
    numbers = [float(value) for value in values if is_number(value)]
    return numbers[0] if numbers else np.nan


def _too_small(told: Told, shown: Mapping[str, float], policy: Told) -> Iterator[tuple[str, str]]:
    """Yield numbers that are shown, but count fewer people than may be shown."""
    if told["open"]:
        return
    least = 0 if policy["zeros"] == "hide" else 1
    for number, value in shown.items():
        if least <= value < policy["min_cell"]:
            cell = told["numbers"][number].split()[0]
            yield cell, f"{value:g} is shown, which is below {policy['min_cell']}"


def _beside(told: Told, rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield shares and intervals that stand beside a hidden count."""
    for count, columns in told["derived"].items():
        for row in range(1, len(rows) + 1):
            if cell_of(rows, f"{count}{row}") == ":":
                for column in columns:
                    if is_number(cell_of(rows, f"{column}{row}")):
                        yield f"{column}{row}", "it tells the hidden number beside it"


def _means(told: Told, rows: Rows, policy: Told) -> Iterator[tuple[str, str]]:
    """Yield means of too few, and of a number that is not shown."""
    enough = max(policy["min_cell"], LEAST_FOR_MEAN)
    for mean in told["means"]:
        needed = {mean["mean"]: enough} | dict.fromkeys(mean["spreads"], LEAST_FOR_SPREAD)
        for row in range(1, len(rows) + 1):
            n = cell_of(rows, f"{mean['n']}{row}")
            for column, least in needed.items():
                cell = f"{column}{row}"
                if is_number(cell_of(rows, cell)) and not (is_number(n) and n >= least):
                    yield cell, f"it takes at least {least} people, and their number shown"


def _not_rounded(told: Told, shown: Mapping[str, float], base: int) -> Iterator[tuple[str, str]]:
    for number, value in shown.items():
        if value % base:
            yield told["numbers"][number].split()[0], f"{value:g} is no multiple of {base}"


def _attacked(
    exhibit: Told, shown: Mapping[str, float], policy: Told
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    told = exhibit["disclosure"]
    system = _system(exhibit, shown)
    try:
        table = attacked(
            system,
            policy["min_cell"],
            zeros=policy["zeros"] == "hide",
            full=_rests(system) if told["full_rows"] == "hide" else None,
            by_rule=told["by_size"],
        )
    except NotSolvedError:
        return pd.DataFrame(), [("", "the numbers shown do not add up: some were changed")]
    table["cell"] = [_cell(number, told) for number in table["id"]]
    problems = list(_narrow(table, shown, told, policy))
    return table[table["id"].isin(list(shown))].drop(columns="id"), problems


def _rests(system: System) -> NDArray[np.bool_]:
    return np.array([name.startswith(REST) for name in system.ids], dtype=bool)


def _system(exhibit: Told, shown: Mapping[str, float]) -> System:
    """Return the numbers of an exhibit as an outsider knows them."""
    told = exhibit["disclosure"]
    members = {member for relation in told["sums"] for member in relation}
    ids = sorted(members | set(shown))
    values = dict(shown)
    if told["everyone"] is not None:
        known = exhibit["rows_used"][told["everyone"]]
        values[EVERYONE] = np.nan if known is None else float(known)
    nothing = np.zeros(len(ids), dtype=bool)
    return System(
        ids=tuple(ids),
        values=np.array([values.get(name, np.nan) for name in ids], dtype=float),
        unsafe=nothing,
        printed=np.isin(ids, list(shown)),
        forced=nothing,
        weights=np.ones(len(ids)),
        sums=sums_of(
            ((total, tuple(parts)) for total, *parts in told["sums"]),
            {name: place for place, name in enumerate(ids)},
        ),
    )


def _narrow(
    table: pd.DataFrame, shown: Mapping[str, float], told: Told, policy: Told
) -> Iterator[tuple[str, str]]:
    """Yield hidden numbers that can be worked out too closely."""
    for row in table.to_dict("records"):
        number = str(row["id"])
        complement = number.startswith((REST, LEFT))
        if number.startswith(EVERYONE) or (complement and policy["complements"] == "show"):
            continue
        full = _is_everyone(number, row["upper"], told, shown)
        if complement and row["upper"] == 0 and not full:
            continue
        if not row["safe"] or full:
            what = "what is left of the total beside it" if complement else "the hidden number"
            lower, upper = (f"{row[end]:g}" for end in ("lower", "upper"))
            told_by = "" if row["width"] < row["required"] else ", by the rule of what is hidden"
            yield row["cell"], f"{what} must lie between {lower} and {upper}{told_by}"


def _is_everyone(number: str, most: float, told: Told, shown: Mapping[str, float]) -> bool:
    """Return whether nothing is left of a total, so that a count is known to be of everyone."""
    if told["full_rows"] == "show" or not number.startswith(REST) or most > 0:
        return False
    return shown.get(number.removeprefix(REST)) != 0


def _cell(number: str, told: Told) -> str:
    """Return the cell in which a number stands, or beside which it is what is left."""
    cells = told["numbers"].get(number.removeprefix(REST), "")
    return cells.split()[0] if cells else ""
