"""What figures of counts share: numbers that may be hidden or unknown, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch

from evalkit.errors import ArgumentError
from evalkit.locale import N_, UNKNOWN_SIGN
from evalkit.privacy import HIDDEN_SIGN

if TYPE_CHECKING:
    from evalkit.locale import Words

HIDDEN_WORD = N_("hidden")
UNKNOWN_WORD = N_("not known")


def counted(value: object, *, is_hidden: bool, words: Words) -> str:
    """Return a count as it is written on a figure: a sign where it is hidden or not known."""
    if is_hidden:
        return HIDDEN_SIGN
    return UNKNOWN_SIGN if pd.isna(value) else words.number(value)  # type: ignore[call-overload, arg-type]


def told(value: object, *, is_hidden: bool, words: Words) -> str:
    """Return a count as it is told in words."""
    if is_hidden:
        return words.text(HIDDEN_WORD)
    return words.text(UNKNOWN_WORD) if pd.isna(value) else words.number(value)  # type: ignore[call-overload, arg-type]


def sign_handles(values: pd.Series, is_hidden: pd.Series, words: Words) -> list[Patch]:
    """Return legend entries for the signs that a figure uses."""
    signs = []
    if is_hidden.any():
        signs.append(f"{HIDDEN_SIGN} {words.text(HIDDEN_WORD)}")
    if (values.isna() & ~is_hidden).any():
        signs.append(f"{UNKNOWN_SIGN} {words.text(UNKNOWN_WORD)}")
    return [Patch(alpha=0, label=sign) for sign in signs]


def only_group(result: pd.DataFrame, what: str) -> str | None:
    """Return the one group of a result; raise where there are several."""
    if "group_id" not in result:
        return None
    groups = list(result["group_id"].unique())
    if len(groups) > 1:
        raise ArgumentError(
            f"{what} draws one group, but the result has {len(groups)}: "
            f"{', '.join(map(str, groups))}. "
            f"Draw each by itself: result[result['group_id'] == '{groups[0]}']."
        )
    return str(groups[0]) if groups else None
