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


class Seen(NamedTuple):
    """An exhibit as its files show it: what the manifest says, its numbers, what is wrong.

    ``means`` are the cells in which a mean stands that a family of exhibits may give back, with a
    number of the answers that it is the mean of, and the key that tells these apart.
    """

    exhibit: Told
    shown: Mapping[str, float]
    breaches: list[Breach]
    means: Sequence[tuple[str, str, str]] = ()

    @property
    def told(self) -> Told:
        """What the manifest says of its numbers."""
        told: Told = self.exhibit["disclosure"]
        return told


def seen(
    exhibit: Told, policy: Told, sheets: Mapping[str, Rows], tables: Mapping[str, Rows]
) -> Seen:
    """Return what an exhibit shows, and what of it tells too much at first sight.

    ``sheets`` are the rows of the workbook, ``tables`` those of the page.
    """
    told, name = exhibit["disclosure"], str(exhibit["id"])
    found = [
        Breach(name, PAGE, "", f"row {row}, column {column}", "a hidden number stands here")
        for row, column in _without_colon(told["colons_on_page"], tables.get(name, []))
    ]
    sheet = told["sheet"]
    if sheet is None:
        return Seen(exhibit, {}, found)
    rows = sheets.get(sheet)
    if rows is None:
        return Seen(exhibit, {}, [*found, Breach(name, TABLES, sheet, "", "the sheet is missing")])
    shown = {number: _shown(rows, cells) for number, cells in told["numbers"].items()}
    problems = [*_beside(told, rows), *_means(told, rows, policy)]
    if policy["rounding"] is not None and not told["open"]:
        problems += _not_rounded(told, shown, policy["rounding"])
    else:
        problems += _too_small(told, shown, policy)
    found += [Breach(name, TABLES, sheet, cell, problem) for cell, problem in problems]
    means = [
        (cell, number, str(mean["over"]))
        for mean in told["means"]
        for cell, number in mean["of"].items()
        if is_number(cell_of(rows, cell))
    ]
    return Seen(exhibit, shown, found, means)


def attack(family: Sequence[Seen], policy: Told) -> tuple[pd.DataFrame, list[Breach]]:
    """Return what can be worked out of the hidden numbers of exhibits of the same people."""
    if policy["rounding"] is not None and not any(each.told["open"] for each in family):
        return pd.DataFrame(), []
    first = family[0].told
    system = _system(family)
    try:
        table = attacked(
            system,
            policy["min_cell"],
            zeros=policy["zeros"] == "hide",
            full=_rests(system) if first["full_rows"] == "hide" else None,
            by_rule=all(each.told["by_size"] for each in family),
        )
    except NotSolvedError:
        problem = "the numbers shown do not add up: some were changed"
        name, sheet = str(family[0].exhibit["id"]), str(first["sheet"] or "")
        return pd.DataFrame(), [Breach(name, TABLES, sheet, "", problem)]
    places = pd.DataFrame(
        [_place(number, family) for number in table["id"]], columns=["exhibit", "sheet", "cell"]
    )
    table = table.join(places)
    shown = {number: value for each in family for number, value in each.shown.items()}
    outside = {number: ids for each in family for number, ids in each.told["outside"].items()}
    breaches = [*_narrow(table, shown, outside, first, policy), *_told_by_means(family)]
    return table[table["id"].isin(list(shown))].drop(columns="id"), breaches


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
        if not np.isnan(value) and value % base:
            yield told["numbers"][number].split()[0], f"{value:g} is no multiple of {base}"


def _told_by_means(family: Sequence[Seen]) -> Iterator[Breach]:
    """Yield means beside whose answers another exhibit hides some: they would give them back."""
    hidden = {
        number
        for each in family
        for number, value in each.shown.items()
        if np.isnan(value) and not each.means
    }
    for each in family:
        for cell, number, over in each.means:
            mark = f"|{over}="
            alike = number.split(mark)[0] + mark
            if any(other.startswith(alike) for other in hidden):
                name, sheet = str(each.exhibit["id"]), str(each.told["sheet"])
                yield Breach(
                    name, TABLES, sheet, cell, "it tells answers that another exhibit hides"
                )


def _rests(system: System) -> NDArray[np.bool_]:
    return np.array([name.startswith(REST) for name in system.ids], dtype=bool)


def _system(family: Sequence[Seen]) -> System:
    """Return the numbers of exhibits as an outsider knows them."""
    values: dict[str, float] = {}
    relations = [tuple(relation) for each in family for relation in each.told["sums"]]
    for each in family:
        shown = dict(each.shown)
        if each.told["everyone"] is not None:
            known = each.exhibit["rows_used"][each.told["everyone"]]
            shown[EVERYONE] = np.nan if known is None else float(known)
        # What one of them shows is known for all.
        values |= {name: value for name, value in shown.items() if name not in values}
        values |= {name: value for name, value in shown.items() if not np.isnan(value)}
    ids = sorted({member for relation in relations for member in relation} | set(values))
    nothing = np.zeros(len(ids), dtype=bool)
    return System(
        ids=tuple(ids),
        values=np.array([values.get(name, np.nan) for name in ids], dtype=float),
        unsafe=nothing,
        printed=np.isin(ids, list(values)),
        forced=nothing,
        weights=np.ones(len(ids)),
        sums=sums_of(
            ((total, tuple(parts)) for total, *parts in relations),
            {name: place for place, name in enumerate(ids)},
        ),
    )


def _narrow(
    table: pd.DataFrame,
    shown: Mapping[str, float],
    outside: Mapping[str, Sequence[str]],
    told: Told,
    policy: Told,
) -> Iterator[Breach]:
    """Yield hidden numbers that can be worked out too closely."""
    most = {name: value for name, value in shown.items() if not np.isnan(value)}
    most |= dict(zip(table["id"], table["upper"], strict=True))
    for row in table.to_dict("records"):
        number = str(row["id"])
        complement = number.startswith((REST, LEFT))
        if number.startswith(EVERYONE) or (complement and policy["complements"] == "show"):
            continue
        others = outside.get(number.removeprefix(REST), ())
        many = any(most.get(other, 0) >= policy["min_cell"] for other in others)
        full = not many and _is_everyone(number, row["upper"], told, shown)
        if complement and row["upper"] == 0 and not full:
            continue
        if not row["safe"] or full:
            what = "what is left of the total beside it" if complement else "the hidden number"
            lower, upper = (f"{row[end]:g}" for end in ("lower", "upper"))
            told_by = "" if row["width"] < row["required"] else ", by the rule of what is hidden"
            problem = f"{what} must lie between {lower} and {upper}{told_by}"
            yield Breach(row["exhibit"], TABLES, row["sheet"], row["cell"], problem)


def _is_everyone(number: str, most: float, told: Told, shown: Mapping[str, float]) -> bool:
    """Return whether nothing is left of a total, so that a count is known to be of everyone."""
    if told["full_rows"] == "show" or not number.startswith(REST) or most > 0:
        return False
    return shown.get(number.removeprefix(REST)) != 0


def _place(number: str, family: Sequence[Seen]) -> tuple[str, str, str]:
    """Return exhibit, sheet and cell in which a number stands, or beside which it is left over."""
    for each in family:
        cells = each.told["numbers"].get(number.removeprefix(REST), "")
        if cells:
            return str(each.exhibit["id"]), str(each.told["sheet"]), cells.split()[0]
    return str(family[0].exhibit["id"]), str(family[0].told["sheet"] or ""), ""
