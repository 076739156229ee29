"""In which line of a TOML file a table or key stands: `tomllib` does not keep it."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
LONG_STRING = re.compile(r'"""|\'\'\'')


def lines(text: str) -> dict[Path, int]:
    r"""Return the line (from 1) of every header and key, by path.

    An entry of an array of tables has its place as a number: ``("files", 0, "path")``.
    Keys inside an inline table have no line of their own; see `line_of`.

    Examples
    --------
    >>> lines('[title]\nnb = "A"\n[[files]]\npath = "a.csv"')
    {('title',): 1, ('title', 'nb'): 2, ('files', 0): 3, ('files', 0, 'path'): 4}
    """
    found: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(_code_lines(text), start=1):
        header, key = HEADER.match(line), KEY.match(line)
        if key:
            found.setdefault(here + _inside(_parts(key[1]), here, arrays), number)
        elif header:
            here = _inside(_parts(header[2]), (), arrays)
            if header[1] == "[[":
                arrays[here] = arrays.get(here, -1) + 1
                here = (*here, arrays[here])
            found.setdefault(here, number)
    return found


def line_of(found: dict[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of the nearest thing in or around it."""
    for length in range(len(path), 0, -1):
        around = path[:length]
        if around in found:
            return found[around]
        inside = [line for key, line in found.items() if key[:length] == around]
        if inside:
            return min(inside)
    return None


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in PART.findall(dotted))


def _inside(parts: Path, here: Path, arrays: dict[Path, int]) -> Path:
    """Return a path with the number of the present entry behind each array of tables."""
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        whole = here + path
        if whole in arrays and place < len(parts) - 1:
            path = (*path, arrays[whole])
    return path


def _code_lines(text: str) -> list[str]:
    """Return the lines, with those inside long strings and lists of several lines blanked."""
    kept: list[str] = []
    quote, depth = "", 0
    for line in text.split("\n"):
        kept.append("" if quote or depth > 0 else line)
        if not (depth == 0 and not quote and HEADER.match(line) and not KEY.match(line)):
            quote, depth = _state_after(line, quote, depth)
    return kept


def _state_after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """Return which string is open after a line, and how many brackets are."""
    place = 0
    while place < len(line):
        char = line[place]
        if quote:
            if char == "\\" and quote[0] == '"':
                place += 1
            elif line.startswith(quote, place):
                place += len(quote) - 1
                quote = ""
        elif char in "\"'":
            quote = line[place : place + 3] if LONG_STRING.match(line, place) else char
            place += len(quote) - 1
        elif char == "#":
            break
        else:
            depth += (char in "[{") - (char in "]}")
        place += 1
    return (quote if len(quote) > 1 else ""), depth
