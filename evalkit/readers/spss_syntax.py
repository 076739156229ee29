"""SPSS syntax: what VARIABLE LABELS and VALUE LABELS say."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from evalkit.errors import Problem, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = re.compile(
    r"""(?P<space>[ \t]+|\r?\n(?![ \t]*\r?\n))
    |(?P<end>\.[ \t]*(?=\r?\n|\Z)|\r?\n(?=[ \t]*\r?\n))
    |'(?P<single>(?:[^']|'')*)'(?!')
    |"(?P<double>(?:[^"]|"")*)"(?!")
    |(?P<sign>[/+,=])
    |(?P<word>(?:(?!\.[ \t]*(?:\r?\n|\Z))[^\s'"/+,=])+)
    """,
    re.VERBOSE,
)
COMMENT_END = re.compile(r"\.[ \t]*(?=\r?\n|\Z)|\r?\n[ \t]*(?=\r?\n|\Z)|\Z")


class Token(NamedTuple):
    """A word, a sign or a text in quotation marks."""

    text: str
    quoted: bool


class Codebook(NamedTuple):
    """What a form asks and what its codes mean, by the names of variables.

    Attributes
    ----------
    questions : dict
        The text of each question.
    labels : dict of dict
        The text of each code (as text), in the order of the file.
    """

    questions: dict[str, str]
    labels: dict[str, dict[str, str]]


def parse_syntax(text: str, name: str) -> Codebook:
    """Return the labels that a text of SPSS syntax gives; other commands are passed over.

    Raises
    ------
    ReadError
        A quotation mark that is never closed, or no labels at all.
    """
    book = Codebook({}, {})
    for command in _commands(text, name):
        words = [token.text.upper() for token in command[:3]]
        if words[:2] in (["VARIABLE", "LABELS"], ["VAR", "LABELS"]):
            _take_questions(command[2:], book)
        elif words[:2] in (["VALUE", "LABELS"], ["VAL", "LABELS"]):
            _take_labels(command[2:], book)
        elif words == ["ADD", "VALUE", "LABELS"]:
            _take_labels(command[3:], book)
    if not book.questions and not book.labels:
        message = (
            "the syntax holds no VARIABLE LABELS and no VALUE LABELS. Export it again from the "
            "form, or leave 'codebook' out."
        )
        raise ReadError([Problem(name, message)])
    return book


def _commands(text: str, name: str) -> Iterator[list[Token]]:
    """Yield commands: up to a full stop at the end of a line, or a blank line."""
    place, command = 0, list[Token]()
    while place < len(text):
        if not command and _starts_comment(text, place):
            found = COMMENT_END.search(text, place)
            place = found.end() if found else len(text)
            continue
        match = TOKEN.match(text, place)
        if match is None:
            line = text.count("\n", 0, place) + 1
            message = "a quotation mark is opened here and never closed. Export the file again."
            raise ReadError([Problem(name, message, row=line)])
        place = match.end()
        if match["end"] is None:
            command += _token(match)
        elif command:
            yield _joined(command)
            command = []
    if command:
        yield _joined(command)


def _starts_comment(text: str, place: int) -> bool:
    return text[place] == "*" or text[place : place + 8].lower() == "comment "


def _token(match: re.Match[str]) -> list[Token]:
    for kind, mark in (("single", "'"), ("double", '"')):
        if match[kind] is not None:
            text = " ".join(match[kind].replace(mark * 2, mark).split())
            return [Token(text, quoted=True)]
    plain = match["word"] or match["sign"]
    return [Token(plain, quoted=False)] if plain and plain not in ",=" else []


def _joined(command: list[Token]) -> list[Token]:
    """Join the texts between which stands a plus."""
    tokens: list[Token] = []
    for token in command:
        if len(tokens) > 1 and tokens[-1] == Token("+", quoted=False) and token.quoted:
            tokens.pop()
            tokens[-1] = Token(" ".join(f"{tokens[-1].text} {token.text}".split()), quoted=True)
        else:
            tokens.append(token)
    return tokens


def _segments(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield what stands between slashes."""
    segment: list[Token] = []
    for token in [*tokens, Token("/", quoted=False)]:
        if token != Token("/", quoted=False):
            segment.append(token)
        elif segment:
            yield segment
            segment = []


def _take_questions(tokens: list[Token], book: Codebook) -> None:
    plain = [token for segment in _segments(tokens) for token in segment]
    told = {a.text: b.text for a, b in pairwise(plain) if b.quoted and not a.quoted}
    book.questions.update(told)


def _take_labels(tokens: list[Token], book: Codebook) -> None:
    """Take names, then pairs of code and label: a code may stand in quotation marks too."""
    for segment in _segments(tokens):
        first = next((i for i, token in enumerate(segment) if token.quoted), len(segment))
        first -= (len(segment) - first) % 2
        codes, texts = segment[first::2], segment[first + 1 :: 2]
        labels = {code.text: label.text for code, label in zip(codes, texts, strict=False)}
        for variable in segment[:first]:
            book.labels.setdefault(variable.text, {}).update(labels)
