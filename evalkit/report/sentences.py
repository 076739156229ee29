"""Results told in sentences, from protected numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.locale import N_, in_language
from evalkit.privacy import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Hashable

    from evalkit.instruments import Instrument
    from evalkit.locale import Labels, Words

MOST_SENTENCES = 6
FEW_GROUPS = 2
"""Of more groups than these the table tells whose rate is hidden."""


def completeness_sentences(received: pd.DataFrame, say: Words, labels: Labels) -> list[str]:
    """Tell of each form how many of those expected came."""
    rows = received[received["n"].notna() & ~received[HIDDEN]]
    sentences = []
    for row in rows.to_dict("records"):
        who = row["informant"]
        name = say.label("instrument", row["instrument"], labels)
        name += _in_brackets(say.label("informant", who, labels)) if isinstance(who, str) else ""
        text = N_("{form}: {received} of {n} expected forms came, {share}.")
        numbers = {"received": say.number(row["received"]), "n": say.number(row["n"])}
        share = say.percent(row["estimate"])
        sentences.append(say.text(text, form=name, share=share, **numbers))
    return sentences


def change_sentences(
    summary: pd.DataFrame, say: Words, labels: Labels, *, instrument: Instrument
) -> list[str]:
    """Tell how many improved reliably by a form, of those who could."""
    improved = summary[(summary["category"] == "improved") & ~summary[HIDDEN]]
    sentences = []
    for row in improved[improved["n"] > 0].to_dict("records"):
        numbers = {"count": say.number(row["count"]), "n": say.number(row["n"])}
        numbers["share"] = say.percent(row["estimate"])
        if pd.isna(row["lower"]):
            text = N_("{count} of {n} who could improve reliably did so, {share}.")
            text = say.text(text, **numbers)
        else:
            ends = {end: say.percent(row[end]) for end in ("lower", "upper")}
            text = N_(
                "{count} of {n} who could improve reliably did so, {share} ({lower} to {upper})."
            )
            text = say.text(text, **numbers, **ends)
        who = row.get("informant")
        form = in_language(instrument.name, say.language)
        form += _in_brackets(say.label("informant", who, labels)) if isinstance(who, str) else ""
        sentences.append(f"{form}: {text}")
    return sentences


def _in_brackets(label: str) -> str:
    """Return a label in brackets after a name, where it begins with no capital."""
    return f" ({label[:1].lower()}{label[1:]})"


def overall_rate_sentences(rates: pd.DataFrame, say: Words, labels: Labels) -> list[str]:
    """Tell the children's rate of attendance of all groups together."""
    children = rates[rates["role"] == "child"].assign(group_id=None)
    return [_rate_sentence(row, say, labels) for row in children.to_dict("records")]


def rate_sentences(rates: pd.DataFrame, say: Words, labels: Labels) -> list[str]:
    """Tell the children's rate of attendance of each group; of many groups the table tells."""
    children = rates[rates["role"] == "child"]
    if len(children) > MOST_SENTENCES:
        return []
    if len(children) > FEW_GROUPS:
        children = children[~children[HIDDEN]]
    return [_rate_sentence(row, say, labels) for row in children.to_dict("records")]


def _rate_sentence(row: dict[Hashable, Any], say: Words, labels: Labels) -> str:
    group = row["group_id"]
    place = N_("all groups") if group is None else None
    who = {
        "group": say.text(place) if place else say.label("group_id", group, labels),
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
    return f"{text} {_interval(row, say)}".strip()


def _interval(row: dict[Hashable, Any], say: Words) -> str:
    """Return the interval of a rate in words; empty where there is none."""
    if pd.isna(row["lower"]):
        return ""
    limits = {"lower": say.percent(row["lower"]), "upper": say.percent(row["upper"])}
    if pd.isna(row["design_effect"]):
        return say.text(N_("95% interval {lower} to {upper}, clustered by person."), **limits)
    return say.text(
        N_("95% interval {lower} to {upper}, with the stated design effect of {effect}."),
        **limits,
        effect=say.decimal(row["design_effect"]),
    )
