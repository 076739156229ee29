"""Nettskjema (University of Oslo): its columns, kinds of questions, and answers with nothing in.

The layout of the reports since 2023: one header row of codebook names; ``$submission_id``,
``$created``, ..., ``$answer_time_ms`` are the system's; ``question.part`` is a tick box or a row
of a matrix. The csv report is called .txt, has semicolons and decimal dots.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM = "$"
SIGNS = ("$submission_id", "$answer_time_ms", "$created")
NOTHING = "no question was answered"
PARTED = r"(?P<stem>\S+)\.(?P<part>[^\s.]+)"
TICKED, UNTICKED = "1", "0"
FILE_NAME = (
    r".+\.(?:png|jpe?g|gif|heic|pdf|docx?|odt|xlsx?|ods|pptx?|txt|csv|zip|mp[34]|mov|m4a|wav)"
)
ATTACHMENT = ("attachment", "vedlegg")
SENTENCE_END = "?:.!"


def is_nettskjema(cells: pd.DataFrame) -> bool:
    """Return whether row 1 has a column that only Nettskjema has."""
    return len(cells) > 0 and bool(cells.iloc[0].isin(SIGNS).any())


def with_plain_headers(
    cells: pd.DataFrame, name: str, sheet: str | None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return cells whose headers are unescaped and each there once, and what that changed.

    A form without a codebook has question texts as headers, as HTML, and the same text again
    where a question is asked again: ``Kommentar``, ``Kommentar (2)``.
    """
    header = cells.iloc[0].map(html.unescape, na_action="ignore")
    number = header.groupby(header).cumcount().add(1)
    again = number.gt(1)
    numbered = header.where(~again, header + " (" + number.astype("str") + ")")
    message = "the question is asked several times, so its later columns are numbered."
    problems = tuple(
        Problem(name, message, sheet=sheet, row=1, column=str(column), severity="warning")
        for column in header[again].unique()
    )
    return pd.concat([numbered.to_frame().T, cells.iloc[1:]]).astype("str"), problems


def question_kinds(
    text: pd.DataFrame, kinds: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the kind of each variable, from its name, its cells and its labels.

    ``kinds`` are those of the cells alone: number, date, time, text.
    """
    parts = parts_of(text.columns)
    ticks = _tick_columns(text, parts, labels)
    sizes = parts.groupby("stem")["part"].transform("size")
    found = {}
    for variable in text.columns:
        cells = text[variable].dropna()
        if variable.startswith(SYSTEM):
            kind = "system"
        elif variable in ticks:
            kind = "multiple"
        elif variable in parts.index and (
            variable in labels or (sizes[variable] > 1 and kinds[variable] == "number")
        ):
            kind = "matrix"
        elif variable in labels:
            kind = "single"
        elif _holds_files(variable, cells):
            kind = "attachment"
        else:
            kind = kinds[variable]
        found[variable] = kind
    return found


def parts_of(variables: pd.Index) -> pd.DataFrame:
    """Return ``stem`` and ``part`` of the variables called ``stem.part``."""
    names = pd.Series(variables, index=variables, dtype="str")
    own = ~names.str.startswith(SYSTEM)
    found: pd.DataFrame = names.where(own).str.extract(f"^{PARTED}$").dropna()
    return found


def _tick_columns(
    text: pd.DataFrame, parts: pd.DataFrame, labels: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """Return the columns of 0 and 1 without blanks, all those of a question alike."""
    if text.empty:
        return set()
    ticks = [TICKED, UNTICKED]
    looks = text[list(parts.index)].isin(ticks).all().to_numpy(dtype="bool")
    labelled = [list(labels.get(str(name), ticks)) == ticks for name in parts.index]
    alike = pd.Series(looks & np.array(labelled, dtype="bool"), index=parts.index)
    whole = alike.groupby(parts["stem"]).transform("all")
    return set(whole.index[whole])


def _holds_files(variable: str, cells: pd.Series) -> bool:
    if cells.empty:
        return variable.casefold().startswith(ATTACHMENT)
    return bool(cells.str.fullmatch(FILE_NAME, case=False).all())


def without_answers(text: pd.DataFrame, kinds: Mapping[str, str]) -> pd.Series:
    """Return which rows answer nothing: blank but for the system's columns and unticked boxes."""
    ticks = [name for name, kind in kinds.items() if kind == "multiple"]
    others = [name for name, kind in kinds.items() if kind not in ("multiple", "system")]
    blank = text[others].isna().all(axis="columns")
    return blank & ~text[ticks].isin([TICKED]).any(axis="columns") & bool(others)


def questions_and_parts(
    variables: pd.Index, kinds: Mapping[str, str], texts: Mapping[str, str]
) -> pd.DataFrame:
    """Return ``question`` and ``part`` of each variable, in words where the codebook has them.

    The codebook says of a tick box the question and the box in one text; the question is what
    all boxes of it have in common. Of a row of a matrix it says the row alone.
    """
    told = pd.Series(dict(texts), dtype="str").reindex(variables)
    table = pd.DataFrame({"question": told.fillna(pd.Series(variables, index=variables))})
    table["part"] = pd.Series(pd.NA, index=variables, dtype="str")
    parts = parts_of(variables)
    parts = parts.loc[[name for name in parts.index if kinds[name] in ("multiple", "matrix")]]
    table.loc[parts.index, "question"] = parts["stem"]
    table.loc[parts.index, "part"] = told[parts.index].fillna(parts["part"])
    for names in parts.groupby("stem", sort=False).groups.values():
        if kinds[names[0]] == "multiple" and told[names].notna().all():
            question, boxes = _in_common(told[names].to_list())
            table.loc[names, "question"] = question or parts.loc[names[0], "stem"]
            table.loc[names, "part"] = boxes
    return table


def _in_common(texts: list[str]) -> tuple[str, list[str]]:
    """Part texts into what all begin with, up to the end of a sentence or a word, and the rest."""
    if len(texts) == 1:
        return "", texts
    shortest, longest = min(texts), max(texts)
    pairs = enumerate(zip(shortest, longest, strict=False))
    end = next((i for i, (a, b) in pairs if a != b), len(shortest))
    start = shortest[:end]
    sentence = max(start.rfind(f"{mark} ") for mark in SENTENCE_END) + 1
    cut = sentence or start.rfind(" ") + 1
    return start[:cut].strip(), [text[cut:].strip() for text in texts]
