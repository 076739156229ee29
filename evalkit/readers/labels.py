"""Codes and their labels: as the answers have them, in the order of the scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Problem
from evalkit.readers.typed import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NUMBER = rf"{WHOLE}(?:\.[0-9]+)?"


def typed_labels(labels: Mapping[str, str], answers: pd.Series) -> dict[int | str, str]:
    """Return labels by codes as the answers have them: whole numbers unless these are text."""
    codes = pd.Series(list(labels), dtype="str").str.replace(r"\.0+$", "", regex=True)
    numeric = pd.api.types.is_numeric_dtype(answers) or answers.isna().all()
    keys = codes.astype("int64") if numeric and codes.str.fullmatch(WHOLE).all() else codes
    return dict(zip(keys.to_list(), labels.values(), strict=True))


def unlabelled(
    answers: pd.DataFrame,
    labels: Mapping[str, Mapping[int | str, str]],
    name: str,
    sheet: str | None,
) -> Iterator[Problem]:
    """Warn of codes that were answered but have no label."""
    for variable, known in labels.items():
        codes = _extra(_as_text(answers[variable]), [str(code) for code in known])
        if codes:
            message = (
                f"{', '.join(codes)}: the codebook has no label for "
                f"{'this code' if len(codes) == 1 else 'these codes'}."
            )
            yield Problem(name, message, sheet=sheet, column=variable, severity="warning")


def ordered(answers: pd.Series, labels: Mapping[int | str, str]) -> pd.Series:
    """Return answers as labels, with all of them as categories in the order of the scale."""
    text = _as_text(answers)
    codes = [str(code) for code in labels]
    words = dict(zip(codes, labels.values(), strict=True))
    scale = _in_order(codes, _extra(text, codes))
    taken = [words.get(code, code) for code in scale]
    shown = [
        f"{word} ({code})" if taken.count(word) > 1 and word != code else word
        for word, code in zip(taken, scale, strict=True)
    ]
    kind = pd.CategoricalDtype(shown, ordered=True)
    return text.map(dict(zip(scale, shown, strict=True))).astype(kind)


def _as_text(answers: pd.Series) -> pd.Series:
    """Return codes as text: 4.0 among 4.5 is 4."""
    return answers.astype("str").str.replace(r"\.0$", "", regex=True)


def _extra(text: pd.Series, codes: list[str]) -> list[str]:
    return sorted(set(text.dropna().unique()) - set(codes), key=_place)


def _place(code: str) -> tuple[float, str]:
    return (float(code) if pd.Series([code]).str.fullmatch(NUMBER).all() else float("inf"), code)


def _in_order(codes: list[str], extra: list[str]) -> list[str]:
    """Return all codes: extra ones at their place if the known go up or down, else last."""
    places = [_place(code) for code in codes]
    if places == sorted(places):
        return sorted([*codes, *extra], key=_place)
    if places == sorted(places, reverse=True):
        return sorted([*codes, *extra], key=_place, reverse=True)
    return [*codes, *extra]
