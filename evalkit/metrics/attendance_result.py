"""What a result on attendance looks like, whether heads were counted or persons are known."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from evalkit.locale import N_

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "estimate": "float64",
        "lower": "float64",
        "upper": "float64",
        "n": "Int64",
        "n_missing": "Int64",
        "method": "str",
        "present": "Int64",
        "n_unknown": "Int64",
        "n_excused": "Int64",
        "estimate_all_absent": "float64",
        "estimate_all_present": "float64",
        "n_persons": "Int64",
        "n_persons_absent": "Int64",
        "n_groups": "Int64",
        "n_sessions": "Int64",
        "expected_at_once": "Int64",
        "design_effect": "float64",
        "note": "str",
    }
)
"""The columns of a rate in their order, so that results of both kinds lie in one table."""

FLAGS = (
    *("expected", "heads", "told", "seen", "used", "wrong", "rows", "at_once"),
    *("session_id_used", "group_id_used", "known", "absent", "excused", "unknown"),
)
"""Columns made on the way to a result: no grouping column may bear their names."""

NO_INTERVAL = N_(
    "No interval: the same people are expected at every session, so attendances are not "
    "independent, and headcounts do not say who came."
)
FULL_COUNT = N_("No interval: a session is a full count of those who were expected.")
DESIGN_EFFECT = N_("The interval rests on the design effect that the study states.")
NOTHING_KNOWN = N_("No rate: how many were expected, or how many came, is not known.")
ALIKE = N_("All persons have the same rate: Wilson's interval, each person counted once.")
ONE_PERSON = N_("No interval: it takes at least two persons.")
ALL_SESSIONS = N_("No interval: a full count of the sessions at which the person was expected.")


def in_columns(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return ``keys`` and the columns of a rate; those that ``table`` lacks are not known."""
    result = table.reindex(columns=[*keys, *TYPES])
    return result.astype(dict(TYPES)).reset_index(drop=True)


def divided(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares, NaN of nothing."""
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def over_sessions(sessions: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the numbers of sessions and groups, and the most expected at once, by ``keys``.

    ``sessions`` has a row per key and session with ``used`` (whether anything is known of it)
    and ``n`` (what was expected there); ``group_id`` where groups are known.
    """
    used = sessions["used"] > 0
    in_groups = "group_id" in sessions
    flagged = sessions.assign(
        session_id_used=sessions["session_id"].where(used),
        group_id_used=sessions["group_id"].where(used) if in_groups else None,
        at_once=sessions["n"].where(used).astype("Int64"),
    )
    table = flagged.groupby(groups_of(flagged, keys), dropna=False, observed=True).agg(
        n_sessions=("session_id_used", "nunique"),
        expected_at_once=("at_once", "max"),
        n_groups=("group_id_used", "nunique"),
    )
    table = table.astype("Int64")
    return table if in_groups else table.drop(columns="n_groups")


def groups_of(table: pd.DataFrame, keys: Sequence[str]) -> list[Hashable] | NDArray[np.intp]:
    """Return what to group a table by: its keys, or one group of all rows."""
    return list(keys) if keys else np.zeros(len(table), dtype=np.intp)


def with_keys(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return grouped sums with their keys as columns; one row where there are no keys."""
    return table.reset_index() if keys else table.reindex([0])
