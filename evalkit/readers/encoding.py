"""From bytes to text: what a mark says, else UTF-8, else Windows-1252 with a warning."""

from __future__ import annotations

import codecs
import re

from evalkit.errors import Problem, ReadError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
USUAL = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac-roman")
# Nordic letters in UTF-8; as Windows-1252 they would be an A with a tilde and a sign.
NORDIC_IN_UTF8 = re.compile(rb"\xc3[\x84\x85\x86\x96\x98\xa4\xa5\xa6\xb6\xb8]")


def decoded(data: bytes, name: str, encoding: str | None = None) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file, and a warning where its encoding was guessed.

    Raises
    ------
    ReadError
        Bytes that the encoding does not know, a mixture of encodings, an unknown encoding.
    """
    if encoding is not None and _plain_name(encoding) not in map(_plain_name, USUAL):
        message = f"'{encoding}' is not an encoding that is read. Usual ones: {', '.join(USUAL)}."
        raise ReadError([Problem(name, message)])
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if encoding or marked:
        return _decode(data, name, encoding or str(marked)), ()
    if b"\0" in data:
        message = (
            "the file holds NUL bytes: it is UTF-16 without a mark, or no text at all. Save it as "
            "'CSV UTF-8', or state encoding = 'utf-16-le' in study.toml."
        )
        raise ReadError([Problem(name, message)])
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        row = _row_of(data, error.start)
    text = _decode(data, name, "cp1252")
    if NORDIC_IN_UTF8.search(data):
        message = (
            "the file mixes UTF-8 and other letters, as when rows of two files were pasted "
            "together; this row is not UTF-8. Save each file as 'CSV UTF-8' before joining them."
        )
        raise ReadError([Problem(name, message, row=row)])
    message = (
        "the file is not UTF-8 and was read as Windows-1252; check that letters such as æ, ø, å "
        "are right. If they are, state encoding = 'cp1252' for this file in study.toml."
    )
    return text, (Problem(name, message, row=row, severity="warning"),)


def _plain_name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return ""


def _decode(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place, byte = error.start, data[error.start]
    tried = f"not {encoding}" if encoding != "cp1252" else "neither UTF-8 nor Windows-1252"
    message = (
        f"byte {byte:#04x} (number {place + 1} of the file) is {tried}, so the text cannot be "
        "read. Save the file as 'CSV UTF-8', or state its encoding in study.toml."
    )
    row = None if encoding.startswith("utf-16") else _row_of(data, place)
    raise ReadError([Problem(name, message, row=row)])


def _row_of(data: bytes, place: int) -> int:
    """Return the row of a byte: line breaks inside quotation marks start no row."""
    before = data[:place].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b"".join(before.split(b'"')[::2]).count(b"\n") + 1
