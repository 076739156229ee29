"""Results told in sentences, from protected numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.locale import N_
from evalkit.privacy import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Hashable

    from evalkit.locale import Labels, Words

MOST_SENTENCES = 6


def rate_sentences(rates: pd.DataFrame, say: Words, labels: Labels) -> list[str]:
    """Tell the children's rate of attendance of each group; of many groups the table tells."""
    children = rates[rates["role"] == "child"]
    if len(children) > MOST_SENTENCES:
        return []
    return [_rate_sentence(row, say, labels) for row in children.to_dict("records")]


def _rate_sentence(row: dict[Hashable, Any], say: Words, labels: Labels) -> str:
    who = {
        "group": say.label("group_id", row["group_id"], labels),
        "role": say.label("role", row["role"], labels),
    }
    if row[HIDDEN]:
        return say.text(N_("{role} ({group}): the rate is hidden to protect people."), **who)
    text = say.text(
        N_("{role} ({group}): {present} of {n} expected attendances took place, {share}."),
        **who,
        present=say.number(row["present"]),
        n=say.number(row["n"]),
        share=say.percent(row["estimate"]),
    )
    if pd.isna(row["lower"]):
        return text
    interval = say.text(
        N_("95% interval {lower} to {upper}, with the stated design effect of {effect}."),
        lower=say.percent(row["lower"]),
        upper=say.percent(row["upper"]),
        effect=say.decimal(row["design_effect"]),
    )
    return f"{text} {interval}"
