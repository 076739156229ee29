"""Exports of answers: one file in, typed answers with their questions and labels out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import check_choice, did_you_mean
from evalkit.errors import ArgumentError, Problem, ReadError
from evalkit.readers import nettskjema
from evalkit.readers.codebooks import read_codebook
from evalkit.readers.labels import ordered, typed_labels, unlabelled
from evalkit.readers.plain import table_of
from evalkit.readers.raw import left_out, read_raw
from evalkit.readers.spss_syntax import Codebook
from evalkit.readers.typed import Typed, typed_column

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from evalkit.readers.plain import Plain

PLATFORMS = ("plain", "nettskjema")


@dataclass(frozen=True, eq=False, repr=False)
class Export:
    """The answers of a file; made by `evalkit.read_export`.

    Attributes
    ----------
    platform : str
        ``plain`` or ``nettskjema``.
    answers : pandas.DataFrame
        One row per form, one column per variable: codes and numbers as ``Int64`` or ``Float64``,
        dates as ``datetime64[s]``, else text; blanks are NA. The index ``row`` is the row in the
        file, as Excel shows it.
    questions : pandas.DataFrame
        One row per variable: ``variable``, ``question`` and ``part`` (its text in the codebook,
        else its name), ``kind`` (single, multiple, matrix, text, number, date, time, system,
        attachment).
    labels : dict
        ``{variable: {code: label}}``, the codes in the order of the scale, as in ``answers``.
    excluded : pandas.DataFrame
        Rows that are not in ``answers``: ``file, sheet, row, reason``.
    text : pandas.DataFrame
        The answers as they stand in the file: all text, blanks NA.
    sheet : str or None
        The sheet of a workbook.
    codebook : Path or None
        The file that the labels came from.
    problems : tuple of Problem
        Warnings.
    sha256 : str
        The hash of the file as it was read.
    """

    platform: str
    answers: pd.DataFrame
    questions: pd.DataFrame
    labels: dict[str, dict[int | str, str]]
    excluded: pd.DataFrame
    text: pd.DataFrame
    sheet: str | None
    codebook: Path | None
    problems: tuple[Problem, ...]
    sha256: str

    def labelled(self) -> pd.DataFrame:
        """Return the answers with labels for codes, as ordered categoricals.

        Labels that nobody chose stay categories. A code without a label is a category of its
        own, at its place where labels go by number, else last; a label that two codes share is
        followed by its code.
        """
        words = {name: ordered(self.answers[name], self.labels[name]) for name in self.labels}
        return self.answers.assign(**words)

    def __repr__(self) -> str:
        """Return a short summary for a terminal."""
        rows, columns = self.answers.shape
        labels, left = len(self.labels), len(self.excluded)
        return (
            f"Export ({self.platform}): {rows} rows, {columns} variables, {labels} with labels, "
            f"{left} rows left out"
        )


def read_export(
    path: str | os.PathLike[str],
    *,
    codebook: str | os.PathLike[str] | None = None,
    platform: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> Export:
    """Read an export of answers: a plain table, or a report of Nettskjema.

    The bytes decide what the file is, not its name: csv with ``,`` ``;`` or tab, xlsx, xls or
    ods. Each column decides for itself whether it holds numbers (with a decimal comma or dot),
    dates or text; a negative number is a number, never a missing answer.

    Parameters
    ----------
    path : path
        The file.
    codebook : path, optional
        Where labels stand: SPSS syntax (``.sps``), or a table (csv or workbook) with the columns
        ``variable``, ``code``, ``question``, ``label``, ``text`` or some of them, also in
        Norwegian (``variabel``, ``kode``, ``spørsmål``, ``etikett``, ``tekst``). Of Nettskjema
        a file of the same name that ends in ``.sps`` is taken if it is there; no label is
        ever guessed.
    platform : str, optional
        ``plain`` or ``nettskjema``; by default what the header row says.
    encoding : str, optional
        Of a csv file. By default: what a byte order mark says, else UTF-8, else Windows-1252
        with a warning.
    sheet : str, optional
        The sheet of a workbook; needed where several hold something.
    name : str, optional
        What messages call the file; by default its name.

    Returns
    -------
    Export
        ``.answers``, ``.questions``, ``.labels``, ``.excluded``, and ``.labelled()``.

    Raises
    ------
    ReadError
        The file or its codebook cannot be read, with all problems; rows of the wrong length,
        Excel's errors in cells.
    ArgumentError
        An unknown platform, or something that is no path.

    Examples
    --------
    >>> import evalkit as ek
    >>> export = ek.read_export("data/sample/smil-2009/headcounts.csv")
    >>> export
    Export (plain): 16 rows, 4 variables, 0 with labels, 0 rows left out
    >>> export.questions["kind"].tolist()
    ['text', 'text', 'number', 'number']
    """
    if platform is not None:
        check_choice(platform, "platform", PLATFORMS)
    file = _path(path, "path")
    name = name or file.name
    raw = read_raw(file, name=name, sheet=sheet, encoding=encoding)
    platform = platform or ("nettskjema" if nettskjema.is_nettskjema(raw.cells) else "plain")
    if platform == "nettskjema" and len(raw.cells):
        cells, numbered = nettskjema.with_plain_headers(raw.cells, name, raw.sheet)
        raw = raw._replace(cells=cells, problems=(*raw.problems, *numbered))
    plain = table_of(raw, name)
    if any(problem.severity == "error" for problem in plain.problems):
        raise ReadError(plain.problems)
    source = _codebook_of(file, codebook, platform)
    book = Codebook({}, {}) if source is None else read_codebook(source)
    return _export(plain, platform, source, book, name)


def _path(given: str | os.PathLike[str], what: str) -> Path:
    try:
        return Path(given).expanduser()
    except (TypeError, RuntimeError):
        raise ArgumentError(f"{what} must be the path of a file, but is {given!r}.") from None


def _codebook_of(file: Path, codebook: str | os.PathLike[str] | None, platform: str) -> Path | None:
    if codebook is not None:
        return _path(codebook, "codebook")
    beside = file.with_suffix(".sps")
    return beside if platform == "nettskjema" and beside.is_file() else None


def _export(plain: Plain, platform: str, source: Path | None, book: Codebook, name: str) -> Export:
    text = plain.frame
    variables = [str(variable) for variable in text]
    typed = {
        variable: typed_column(text[variable], from_workbook=plain.sheet is not None)
        for variable in variables
    }
    answers = pd.DataFrame({variable: c.values for variable, c in typed.items()}, text.index)
    codes = {variable: book.labels[variable] for variable in book.labels if variable in typed}
    labels = {variable: typed_labels(codes[variable], answers[variable]) for variable in codes}
    kinds = {variable: column.kind for variable, column in typed.items()}
    if platform == "nettskjema":
        kinds = nettskjema.question_kinds(text, kinds, codes)
    else:
        kinds |= dict.fromkeys(codes, "single")
    excluded = _excluded(plain, platform, kinds, name)
    kept = ~text.index.isin(excluded["row"])
    problems = [
        *plain.problems,
        *_doubts(typed, name, plain.sheet),
        *_misfits(book, variables, source, name),
        *unlabelled(answers, labels, name, plain.sheet),
    ]
    return Export(
        platform=platform,
        answers=answers[kept],
        questions=_questions(variables, kinds, book, platform),
        labels=labels,
        excluded=excluded,
        text=text[kept],
        sheet=plain.sheet,
        codebook=source,
        problems=tuple(problems),
        sha256=plain.sha256,
    )


def _excluded(plain: Plain, platform: str, kinds: Mapping[str, str], name: str) -> pd.DataFrame:
    """Return blank rows, and those of Nettskjema that answer nothing."""
    reasons = dict(zip(plain.excluded["row"], plain.excluded["reason"], strict=True))
    if platform == "nettskjema":
        empty = nettskjema.without_answers(plain.frame, kinds)
        reasons |= dict.fromkeys(plain.frame.index[empty].to_list(), nettskjema.NOTHING)
    return left_out(name, plain.sheet, reasons)


def _doubts(columns: Mapping[str, Typed], name: str, sheet: str | None) -> Iterator[Problem]:
    for variable, column in columns.items():
        if column.doubt is not None:
            yield Problem(name, column.doubt, sheet=sheet, column=variable, severity="warning")


def _misfits(
    book: Codebook, variables: list[str], source: Path | None, name: str
) -> Iterator[Problem]:
    """Warn of variables that only the codebook has; refuse one that has no other."""
    told = list(dict.fromkeys([*book.questions, *book.labels]))
    absent = [variable for variable in told if variable not in variables]
    if source is None or not absent:
        return
    if len(absent) == len(told):
        message = (
            f"none of its variables is in {name}: it seems to belong to another form. "
            f"{did_you_mean(absent[0], variables)}"
        )
        raise ReadError([Problem(source.name, message)])
    message = f"{', '.join(absent)}: {name} has no such column, so the labels were not used."
    yield Problem(source.name, message, severity="warning")


def _questions(
    variables: list[str], kinds: Mapping[str, str], book: Codebook, platform: str
) -> pd.DataFrame:
    if platform == "nettskjema":
        table = nettskjema.questions_and_parts(pd.Index(variables), kinds, book.questions)
    else:
        asked = [book.questions.get(variable, variable) for variable in variables]
        table = pd.DataFrame({"question": asked, "part": pd.NA}, index=variables)
    table = table.rename_axis("variable").reset_index()
    return table.assign(kind=table["variable"].map(dict(kinds))).astype("str")
