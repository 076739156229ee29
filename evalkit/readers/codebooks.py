"""Codebooks: SPSS syntax, or a table of variables, codes and their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import Problem, ReadError
from evalkit.readers.encoding import decoded
from evalkit.readers.plain import read_plain
from evalkit.readers.spss_syntax import Codebook, parse_syntax

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

HEADERS = {
    "variable": ("variable", "variabel", "variable name", "variabelnavn", "name", "navn"),
    "code": ("code", "kode", "value", "verdi", "svarkode"),
    "question": ("question", "spørsmål", "question text", "spørsmålstekst"),
    "label": ("label", "etikett", "ledetekst"),
    "answer": ("text", "tekst", "answer", "svar", "svaralternativ", "answer text", "svartekst"),
}
"""What columns of a codebook may be called; a star before the name is passed over."""


def read_codebook(path: Path, *, encoding: str | None = None) -> Codebook:
    """Read a codebook: SPSS syntax (``.sps``), or a table as csv or in a workbook.

    A table has one row per code, or one per variable, and these columns, in any order and in
    English or Norwegian: ``variable`` (blank where it is that of the row above), ``code``,
    ``question``, ``label``, ``text``. ``text`` is that of a code, ``question`` that of a
    question; ``label`` is whichever of the two has no column of its own, and in a row without a
    code it is the question.

    Raises
    ------
    ReadError
        The file cannot be read, or holds no labels.
    """
    if path.suffix.lower() != ".sps":
        return _from_table(path, encoding)
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the codebook cannot be opened ({error.strerror}). Is its name right?"
        raise ReadError([Problem(path.name, message)]) from error
    text, _ = decoded(data, path.name, encoding)
    return parse_syntax(text.removeprefix("\ufeff"), path.name)


def _from_table(path: Path, encoding: str | None) -> Codebook:
    plain = read_plain(path, encoding=encoding)
    errors = [problem for problem in plain.problems if problem.severity == "error"]
    if errors:
        raise ReadError(errors)
    table = plain.frame.rename(columns=_known(plain.frame.columns))
    if "variable" not in table or not {"question", "label", "answer"} & set(table):
        message = (
            f"the columns {', '.join(plain.frame.columns)} are not those of a codebook. It has "
            "'variable' with 'label', or 'variable', 'code', 'label' and 'text'."
        )
        raise ReadError([Problem(path.name, message, sheet=plain.sheet, row=1)])
    table = table.reindex(columns=list(HEADERS)).astype("str")
    table = table.mask(table.isin(["null"]))
    return _codebook(table.assign(variable=table["variable"].ffill()))


def _known(headers: pd.Index) -> dict[str, str]:
    """Return our name of each column that is known, the first where two would have it."""
    ours = {word: name for name, words in HEADERS.items() for word in words}
    found: dict[str, str] = {}
    for header in headers:
        name = ours.get(header.lstrip("* ").casefold())
        if name is not None and name not in found.values():
            found[header] = name
    return found


def _codebook(table: pd.DataFrame) -> Codebook:
    has_code = table["code"].notna()
    label_is_question = ~has_code | table["answer"].notna()
    question = table["question"].fillna(table["label"].where(label_is_question))
    question = question.fillna(table["answer"].where(~has_code))
    answer = table["answer"].fillna(table["label"]).where(has_code)
    told = table.assign(question=question, answer=answer).dropna(subset="variable")
    asked = told.dropna(subset="question").drop_duplicates("variable")
    coded = told.dropna(subset="answer")
    return Codebook(
        dict(zip(asked["variable"], asked["question"], strict=True)),
        {
            str(variable): dict(zip(rows["code"], rows["answer"], strict=True))
            for variable, rows in coded.groupby("variable", sort=False)
        },
    )
