"""What a TOML parser's complaint means to somebody who is no programmer."""

from __future__ import annotations

import re

from evalkit.errors import Problem

AT_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)")
HEADER = re.compile(r"\s*(\[\[?)([^\[\]]*)\]")
BARE_KEY = re.compile(r"\s*([^\s\"'#=][^\"'#=]*?)\s*=")
BARE = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")
BACKSLASH_IN_STRING = re.compile(r'"[^"]*\\[^"]*"')
CURLY = "\u201c\u201d\u2018\u2019\u00ab\u00bb"


def syntax_problem(text: str, error: str, name: str) -> Problem:
    """Return what `tomllib` could not parse, with a way out for the commonest mistakes."""
    place = AT_LINE.search(error)
    all_lines = text.split("\n")
    row = int(place[1]) if place and place[1] else len(all_lines)
    line = all_lines[row - 1] if row <= len(all_lines) else ""
    reason = AT_LINE.sub("", error)
    message = _way_out(line, reason) or (
        f"the line cannot be read: {reason}. Line: {line.strip()[:100]!r}."
    )
    return Problem(name, message, row=row)


def _way_out(line: str, reason: str) -> str | None:
    code = line.split(" #", maxsplit=1)[0]
    if any(mark in code for mark in CURLY):
        return f'quotation marks must be straight: " and not {CURLY[:2]} or {CURLY[-2:]}.'
    if "twice" in reason or "overwrite" in reason:
        return f"the name stands twice ({reason}). Keep one of the two: {code.strip()!r}."
    header = HEADER.match(code)
    if header:
        quoted = _quoted(header[2])
        brackets = "]" * len(header[1])
        return (
            None if quoted == header[2].strip() else _needs_quotes(f"{header[1]}{quoted}{brackets}")
        )
    key = BARE_KEY.match(code)
    if key and _quoted(key[1]) != key[1]:
        return _needs_quotes(f"{_quoted(key[1])} = …")
    if BACKSLASH_IN_STRING.search(code):
        return (
            "a backslash in quotation marks means something else in TOML. Write paths with a "
            "slash: path = 'raw/file.csv'."
        )
    value = code.partition("=")[2].strip()
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{1,2}-\d{1,2}", value):
        return f"'{value}' is not how TOML writes a date. Write year-month-day: 2009-02-23."
    if re.match(r"[^\W\d]", value):
        return f'a text needs quotation marks: "{value}".'
    return None


def _needs_quotes(example: str) -> str:
    return f"a name with other letters than a-z needs quotation marks: write {example}"


def _quoted(dotted: str) -> str:
    """Return a dotted name with quotation marks around the parts that need them."""
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^.\"']+", dotted)
    return ".".join(p.strip() if BARE.fullmatch(p.strip()) else f'"{p.strip()}"' for p in parts)
