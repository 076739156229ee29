"""From a result and its `Cells` to the numbers in it, and what adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evalkit.errors import ArgumentError
from evalkit.privacy.adding import EVERYONE, added
from evalkit.privacy.numbers import Number

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from numpy.typing import NDArray

    from evalkit.privacy.adding import Added
    from evalkit.privacy.cells import Cells
    from evalkit.privacy.numbers import Relation
    from evalkit.privacy.policy import Policy

REST = "rest"
LITTLE = 0.25
"""What it costs to hide a number that is neither a count of the table nor a total."""


class Numbered(NamedTuple):
    """The numbers of a result.

    Attributes
    ----------
    numbers : list of Number
    relations : list of Relation
    places : pandas.DataFrame of str
        In the rows and counted columns of the result, the id of the number that stands there.
    few : ndarray of bool
        The rows behind which too few people stand: all that they say is hidden.
    """

    numbers: list[Number]
    relations: list[Relation]
    places: pd.DataFrame
    few: NDArray[np.bool_]

    @property
    def everyone(self) -> str | None:
        """The id of how many there are in all, where that is told."""
        return next((number.id for number in self.numbers if number.id == EVERYONE), None)


def numbered(
    result: pd.DataFrame, cells: Cells, policy: Policy, *, shown: Container[str] | None = None
) -> Numbered:
    """Return the numbers of a result, which of them are unsafe, and what adds up.

    ``shown`` are the columns that are told; of others an outsider knows nothing.
    """
    places = _places(result, cells)
    few = _few(result, cells, policy)
    parts = [
        _of_column(
            result[name], places[name], _flags(result, name, cells, policy, few), cells, shown
        )
        for name in cells.counted
    ]
    sums = added(result, cells, places)
    relations = list(sums.relations)
    if cells.count is not None and cells.total is not None and not policy.is_open(cells):
        own, rests = _rests(result, cells, policy, places, few)
        relations += own
        parts.append(rests)
    numbers = [number for part in parts for number in _numbers(part)]
    numbers += _of_no_column(sums, policy)
    return Numbered(numbers, relations, places, few)


def _of_no_column(sums: Added, policy: Policy) -> Iterator[Number]:
    """Yield what is left of totals, and how many there are: only those in all may be told."""
    for name, value in sums.left.items():
        small = policy.hides and policy.complements == "hide" and 0 < value < policy.min_cell
        yield Number(name, int(value), unsafe=small, printed=False, weight=0.0)
    for name, value in sums.everyone.items():
        in_all = name == EVERYONE
        yield Number(name, int(value), printed=in_all, weight=LITTLE if in_all else 0.0)


def _few(result: pd.DataFrame, cells: Cells, policy: Policy) -> NDArray[np.bool_]:
    few = np.zeros(len(result), dtype=bool)
    names = (*cells.persons, *(() if policy.is_open(cells) else cells.persons_left))
    for name in names:
        few |= policy.few(result[name])
    return few


def _places(result: pd.DataFrame, cells: Cells) -> pd.DataFrame:
    """Return an id for each counted column of each row, of the keys it depends on."""
    texts = {
        key: f"|{key}=" + result[key].astype("str").where(result[key].notna(), "")
        for key in cells.keys
    }
    if result[list(cells.keys)].duplicated().any() or not cells.keys:
        again = result.groupby(list(cells.keys) or np.zeros(len(result)), dropna=False).cumcount()
        texts["row"] = "|row=" + again.astype("str").str.zfill(6)
    ids = {}
    for name in cells.counted:
        alike = {key for key, columns in cells.repeated.items() if name in columns}
        same = cells.same.get(name)
        text = pd.Series(same.column if same else name, index=result.index, dtype="str")
        for key in (each for each in texts if each not in alike):
            text = text + texts[key]
        if same is not None:
            text = text + f"|{same.key}=" + result[same.of].astype("str")
        there = result[name].notna()
        if name in cells.only_where:
            there &= result[cells.only_where[name]].astype("bool")
        ids[name] = text.where(there)
    return pd.DataFrame(ids, index=result.index)


def _flags(
    result: pd.DataFrame, name: str, cells: Cells, policy: Policy, few: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return which numbers of a column are unsafe, and which are hidden in any case."""
    main = name in (cells.count, cells.total)
    unsafe = policy.unsafe(result[name])
    if main and policy.is_open(cells):
        unsafe = np.zeros(len(result), dtype=bool)
    forced = few.copy()
    if cells.total is not None:
        # Of a group that is too small nothing is broken down: not even what nobody is.
        tiny = policy.few(result[cells.total])
        unsafe = unsafe | (tiny if name == cells.total else False)
        forced |= tiny & main
    return pd.DataFrame({"unsafe": unsafe | few, "forced": forced}, index=result.index)


def _of_column(
    values: pd.Series,
    ids: pd.Series,
    flags: pd.DataFrame,
    cells: Cells,
    shown: Container[str] | None,
) -> pd.DataFrame:
    """Return the numbers of a column: each once, with how many rows are lost with it."""
    name = str(values.name)
    table = flags.assign(id=ids, value=values.astype("float64")).dropna(subset="id")
    if table.groupby("id")["value"].nunique().gt(1).any():
        raise ArgumentError(
            f"'{name}' is declared to be the same number in several rows, but is not. Mend the "
            "Cells of this result."
        )
    grouped = table.groupby("id")
    out = grouped[["unsafe", "forced"]].any().assign(value=grouped["value"].first())
    # With a total all shares of it are lost; how many did not answer is the least loss.
    out["weight"] = 1.0 if name == cells.count else LITTLE
    if name == cells.total:
        out["weight"] = 1.0 + grouped.size()
    out["printed"] = shown is None or name in shown
    return out.reset_index()


def full_rows(result: pd.DataFrame, cells: Cells, policy: Policy) -> NDArray[np.bool_]:
    """Return in which rows a count is that of everyone, and that is not to be known.

    Where of enough others nothing is known, nobody can be sure of anyone.
    """
    if cells.count is None or cells.total is None or not policy.hides_full_rows(cells):
        return np.zeros(len(result), dtype=bool)
    total = result[cells.total]
    full = result[cells.count].eq(total) & total.gt(0)
    for name in cells.outside:
        full &= ~result[name].ge(policy.min_cell).fillna(value=False).astype("bool")
    return full.fillna(value=False).to_numpy(dtype=bool)


def _rests(
    result: pd.DataFrame,
    cells: Cells,
    policy: Policy,
    places: pd.DataFrame,
    few: NDArray[np.bool_],
) -> tuple[list[Relation], pd.DataFrame]:
    """Return what is left of each total besides the count: people too, whom no column counts."""
    count, total = result[cells.count], result[cells.total]
    left = (total - count).rename(REST)
    both = left.notna()
    unsafe = np.zeros(len(result), dtype=bool)
    if policy.hides:
        if policy.complements == "hide":
            unsafe |= policy.few(left)
        unsafe |= full_rows(result, cells, policy)
    ids = (f"{REST} " + places[cells.count]).where(both)
    table = pd.DataFrame({"id": ids, "value": left.astype("float64"), "unsafe": unsafe | few})
    table = table.assign(forced=False, printed=False, weight=0.0).dropna(subset="id")
    relations: list[Relation] = [
        (str(whole), (str(part), str(rest)))
        for whole, part, rest in zip(
            *(each[both].tolist() for each in (places[cells.total], places[cells.count], ids)),
            strict=True,
        )
    ]
    return relations, table


def _numbers(table: pd.DataFrame) -> list[Number]:
    columns = ["id", "value", "unsafe", "printed", "forced", "weight"]
    rows = table.drop_duplicates("id")[columns]
    return [
        Number(name, int(value), bool(unsafe), bool(printed), bool(forced), float(weight))
        for name, value, unsafe, printed, forced, weight in zip(
            *(rows[column].tolist() for column in columns), strict=True
        )
    ]
