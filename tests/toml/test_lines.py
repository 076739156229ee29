"""Lines of study.toml are found whatever way it is written."""

from __future__ import annotations

import tomllib

import pytest

from evalkit.toml.lines import line_of, lines

TEXT = """language = "nb"  # [not.a.header]
[title]
nb = "[også.ikke]"
en = '''
[inside.a.string]
key = 1
'''

[groups."mo.v09"]
title = { nb = "Mo", en = "Mo" }
list = [
  "a",
  "[b]", # ]
]
[groups."mo.v09".about]
nb = "x = 1"
[[files]]
path = "a.csv"
columns.present = "Antall"
[[ files ]]
path = 'b.csv'
[files.columns]
"present" = "Til stede"
"""


def test_every_header_and_key():
    tomllib.loads(TEXT)
    found = lines(TEXT)
    assert found == {
        ("language",): 1,
        ("title",): 2,
        ("title", "nb"): 3,
        ("title", "en"): 4,
        ("groups", "mo.v09"): 9,
        ("groups", "mo.v09", "title"): 10,
        ("groups", "mo.v09", "list"): 11,
        ("groups", "mo.v09", "about"): 15,
        ("groups", "mo.v09", "about", "nb"): 16,
        ("files", 0): 17,
        ("files", 0, "path"): 18,
        ("files", 0, "columns", "present"): 19,
        ("files", 1): 20,
        ("files", 1, "path"): 21,
        ("files", 1, "columns"): 22,
        ("files", 1, "columns", "present"): 23,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("groups", "mo.v09", "title", "nb"), 10),
        (("files", 1, "columns", "present"), 23),
        (("files", 0, "columns"), 19),
        (("files",), 17),
        (("nowhere",), None),
        ((), None),
    ],
)
def test_the_nearest_line_around_a_path(path, line):
    assert line_of(lines(TEXT), path) == line
