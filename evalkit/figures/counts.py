"""What figures of counts share: numbers that may be hidden, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import ArgumentError
from evalkit.privacy import HIDDEN_SIGN

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.locale import Words


def counted(value: object, *, is_hidden: bool, words: Words) -> str:
    """Return a count as text: the sign for hidden, empty where it is not known."""
    import pandas as pd

    if is_hidden:
        return HIDDEN_SIGN
    return "" if pd.isna(value) else words.number(value)  # type: ignore[arg-type, call-overload]


def only_group(result: pd.DataFrame, what: str) -> str | None:
    """Return the one group of a result; raise where there are several."""
    if "group_id" not in result:
        return None
    groups = list(result["group_id"].unique())
    if len(groups) > 1:
        raise ArgumentError(
            f"{what} draws one group, but the result has {len(groups)}: {', '.join(groups)}. "
            f"Draw each by itself: result[result['group_id'] == '{groups[0]}']."
        )
    return str(groups[0]) if groups else None
