"""The sums that a metric declares, found in the rows of its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.privacy.cells import At, Everyone

if TYPE_CHECKING:
    from evalkit.privacy.cells import Cells, Sum
    from evalkit.privacy.numbers import Relation

EVERYONE = "everyone"
"""The id of how many there are in all."""


@dataclass(frozen=True)
class Adding:
    """A result, its declaration, and the ids of its numbers, by row and column."""

    result: pd.DataFrame
    cells: Cells
    places: pd.DataFrame

    def relations(self) -> tuple[list[Relation], pd.DataFrame]:
        """Return the sums in which every number is known, and numbers that no column holds.

        The second is what is left of totals to which others belong too: ``id, value``.
        """
        found: list[Relation] = []
        left = []
        for place, each in enumerate(self.cells.sums):
            members = self._members(each)
            if members.empty:
                continue
            name = f"left {place}"
            if each.rest:
                rest = members["value"].where(members["total"], -members["value"])
                rest = rest.groupby(members["group"]).sum()
                left.append(pd.DataFrame({"id": name + rest.index, "value": rest.to_numpy()}))
            totals = members[members["total"]].set_index("group")["id"]
            parts = members[~members["total"]].groupby("group")["id"].agg(tuple)
            found += [
                (whole, (*some, *([f"{name}{group}"] if each.rest else [])))
                for group, whole, some in zip(
                    totals.index, totals, parts.reindex(totals.index), strict=True
                )
            ]
        if self._grand() is not None:
            found.append((EVERYONE, tuple(self._everyone()["id"])))
        none = pd.DataFrame({"id": pd.Series(dtype="str"), "value": pd.Series(dtype="float64")})
        return found, pd.concat(left, ignore_index=True) if left else none

    def everyone(self) -> pd.DataFrame:
        """Return the numbers of how many there are, as a table; the grand total may be told."""
        single = self._everyone()
        grand = self._grand()
        if grand is not None:
            single = pd.concat([single, pd.DataFrame({"id": [EVERYONE], "value": [grand]})])
        printed = single["id"] == EVERYONE
        return single.assign(unsafe=False, forced=False, printed=printed, weight=0.5 * printed)

    def _grand(self) -> float | None:
        single = self._everyone()
        alone = single["id"].tolist() == [EVERYONE]
        return None if alone or single.empty else float(single["value"].sum())

    def _everyone(self) -> pd.DataFrame:
        """Return how many there are for each of what tells them apart: ``id, value``."""
        found = [pd.DataFrame({"id": pd.Series(dtype="str"), "value": pd.Series(dtype="float64")})]
        for each in self.cells.sums:
            if isinstance(each.total, Everyone):
                members = self._members(each)
                found.append(members.loc[members["total"], ["id", "value"]])
        return pd.concat(found, ignore_index=True).drop_duplicates("id")

    def _members(self, each: Sum) -> pd.DataFrame:
        """Return who is part of a sum: ``group, id, value, total``; whole sums of known numbers."""
        rows = self._rows(each)
        kept = [key for key in self.cells.keys if key not in each.over]
        group = self._text(rows, kept)
        parts = [self._term(term, rows, group, each).assign(total=False) for term in each.parts]
        if isinstance(each.total, Everyone):
            added = pd.concat(parts).groupby("group")["value"].sum(skipna=False)
            told = [key for key in kept if key not in each.total.across]
            ids = EVERYONE + self._text(rows, told)
            whole = pd.DataFrame({"group": group, "id": ids}).drop_duplicates("group")
            whole = whole.assign(value=whole["group"].map(added))
            differ = whole.groupby("id")["value"].transform("nunique") > 1
            parts.append(whole[~differ].assign(total=True))
        else:
            parts.append(self._term(each.total, rows, group, each).assign(total=True))
        table = pd.concat(parts, ignore_index=True)
        known = table["value"].notna().groupby(table["group"]).transform("all")
        wholes = table["total"].groupby(table["group"]).transform("sum") == 1
        return table[known & wholes]

    def _rows(self, each: Sum) -> pd.DataFrame:
        rows = self.result
        if each.least is not None:
            rows = rows[rows[each.least[0]] >= each.least[1]]
        if each.most is not None:
            rows = rows[rows[each.most[0]] <= each.most[1]]
        return rows

    def _term(
        self, term: str | At, rows: pd.DataFrame, group: pd.Series, each: Sum
    ) -> pd.DataFrame:
        name = term.column if isinstance(term, At) else term
        if isinstance(term, At):
            rows = rows[rows[each.over[0]].astype("str") == term.value]
        table = pd.DataFrame(
            {
                "group": group.loc[rows.index],
                "id": self.places.loc[rows.index, name],
                "value": rows[name].astype("float64"),
            }
        )
        return table.drop_duplicates(["group", "id"])

    def _text(self, rows: pd.DataFrame, keys: list[str]) -> pd.Series:
        text = pd.Series("", index=rows.index, dtype="str")
        for key in keys:
            text = text + f"|{key}=" + rows[key].astype("str").where(rows[key].notna(), "")
        return text
