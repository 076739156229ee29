"""The sums that a metric declares, found in the rows of its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.privacy.cells import At, Everyone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from evalkit.privacy.cells import Cells, Sum
    from evalkit.privacy.numbers import Relation

EVERYONE = "everyone"
"""The id of how many there are in all."""


class Found(NamedTuple):
    """A sum of known numbers: its total and its parts with their values, by their ids."""

    group: str
    total: tuple[str, float]
    parts: Mapping[str, float]

    @property
    def left(self) -> float:
        """What is left of the total besides the parts."""
        return self.total[1] - sum(self.parts.values())


@dataclass(frozen=True)
class Added:
    """What adds up in a result.

    Attributes
    ----------
    relations : list of Relation
        Sums of which every number is known.
    left : mapping of str to float
        Numbers that no column holds: what is left of totals to which others belong too.
    everyone : mapping of str to float
        How many there are, in all and of each of what tells them apart.
    """

    relations: list[Relation] = field(default_factory=list)
    left: dict[str, float] = field(default_factory=dict)
    everyone: dict[str, float] = field(default_factory=dict)


def added(result: pd.DataFrame, cells: Cells, places: pd.DataFrame) -> Added:
    """Return the sums of a result; ``places`` are the ids of its numbers, by row and column."""
    rows = _Rows.of(result, cells, places)
    out = Added()
    of_everyone: list[Found] = []
    for place, each in enumerate(cells.sums):
        found = list(rows.found(each))
        if isinstance(each.total, Everyone):
            of_everyone += found
            continue
        for one in found:
            own = f"left {place}{one.group}"
            rest = (own,) if each.rest else ()
            if each.rest:
                out.left[own] = one.left
            out.relations.append((one.total[0], (*one.parts, *rest)))
    _add_everyone(out, of_everyone)
    return out


def _add_everyone(out: Added, found: Sequence[Found]) -> None:
    """Add how many there are, where all sums say the same of it; and all of these in all."""
    values: dict[str, set[float]] = {}
    for one in found:
        values.setdefault(one.total[0], set()).add(one.total[1])
    out.everyone.update({name: min(own) for name, own in values.items() if len(own) == 1})
    out.relations.extend(
        (one.total[0], tuple(one.parts)) for one in found if one.total[0] in out.everyone
    )
    single = sorted(out.everyone)
    if single and single != [EVERYONE]:
        out.relations.append((EVERYONE, tuple(single)))
        out.everyone[EVERYONE] = sum(out.everyone[name] for name in single)


class _Rows(NamedTuple):
    """A result as plain lists: the text of each key, the id and value of each number."""

    result: pd.DataFrame
    keys: tuple[str, ...]
    texts: Mapping[str, list[str]]
    ids: Mapping[str, list[object]]
    values: Mapping[str, list[float]]

    @classmethod
    def of(cls, result: pd.DataFrame, cells: Cells, places: pd.DataFrame) -> _Rows:
        texts = {
            key: result[key].astype("str").where(result[key].notna(), "").tolist()
            for key in cells.keys
        }
        values = {
            name: result[name].to_numpy(dtype=float, na_value=np.nan).tolist()
            for name in cells.counted
        }
        ids = {name: places[name].tolist() for name in cells.counted}
        return cls(result, cells.keys, texts, ids, values)

    def found(self, each: Sum) -> Iterator[Found]:
        """Yield the sums of one declaration, group by group; those with unknown numbers not."""
        kept = [key for key in self.keys if key not in each.over]
        rows = self._where(each)
        parts: dict[str, dict[str, float]] = {}
        totals: dict[str, dict[str, float]] = {}
        for term in each.parts:
            self._gather(term, each, rows, kept, parts)
        if isinstance(each.total, Everyone):
            told = [key for key in kept if key not in each.total.across]
            for row in rows:
                group = self._group(row, kept)
                name = EVERYONE + self._group(row, told)
                totals[group] = {name: sum(parts.get(group, {}).values())}
        else:
            self._gather(each.total, each, rows, kept, totals)
        for group, total in totals.items():
            known = [*total.values(), *parts.get(group, {}).values()]
            if len(total) == 1 and group in parts and not any(map(np.isnan, known)):
                yield Found(group, next(iter(total.items())), parts[group])

    def _where(self, each: Sum) -> list[int]:
        holds = np.ones(len(self.result), dtype=bool)
        if each.least is not None:
            holds &= (self.result[each.least[0]] >= each.least[1]).to_numpy(dtype=bool)
        if each.most is not None:
            holds &= (self.result[each.most[0]] <= each.most[1]).to_numpy(dtype=bool)
        return [int(row) for row in np.flatnonzero(holds)]

    def _gather(
        self,
        term: str | At,
        each: Sum,
        rows: Sequence[int],
        kept: Sequence[str],
        into: dict[str, dict[str, float]],
    ) -> None:
        """Add the numbers of a term to their groups; a number that is not known is NaN."""
        name = term.column if isinstance(term, At) else term
        for row in rows:
            if isinstance(term, At) and self.texts[each.over[0]][row] != term.value:
                continue
            number = self.ids[name][row]
            known = isinstance(number, str)
            numbers = into.setdefault(self._group(row, kept), {})
            numbers[str(number) if known else f"unknown {name} {row}"] = (
                self.values[name][row] if known else np.nan
            )

    def _group(self, row: int, keys: Sequence[str]) -> str:
        return "".join(f"|{key}={self.texts[key][row]}" for key in keys)
