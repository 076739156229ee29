"""The rooms of the house: imports run one way, modules and functions stay small."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import evalkit

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "evalkit"
ROOMS = [
    "_version",
    "errors",
    "arguments",
    "locale",
    "statistics",
    "aggregate",
    "privacy",
    "readers",
    "toml",
    "instruments",
    "study",
    "metrics",
    "figures",
    "tables",
    "report",
]
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """Every room a module imports from, imports inside functions among them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [f"evalkit.{alias.name}" for alias in node.names]
                if node.module == "evalkit"
                else [node.module]
            )
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("evalkit."))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_from_itself_and_the_rooms_above(path):
    room = room_of(path)
    if room in {"__init__", "cli", "__main__"}:
        return
    above = ROOMS[: ROOMS.index(room) + 1]
    assert [name for name in imported_rooms(path) if name not in above] == []


def test_the_architecture_page_names_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    there = {room_of(path) for path in MODULES} - {"__init__", "__main__", "_version"}
    assert {room for room in there if f"`{room}" not in text} == set()


def test_no_module_bears_the_name_of_a_public_function():
    modules = {path.stem for path in MODULES}
    functions = set()
    for room in (getattr(evalkit, name) for name in evalkit.__all__):
        if not isinstance(room, ModuleType):
            continue
        functions |= {key for key in dir(room) if callable(getattr(room, key)) and key[0] != "_"}
    assert modules & functions == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_modules_and_functions_stay_small(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 330
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 42, f"{node.name} has {lines} lines"


def test_every_public_name_is_there_and_documented():
    for name in evalkit.__all__:
        assert getattr(evalkit, name).__doc__ or name == "__version__"


def test_importing_evalkit_imports_no_heavy_library():
    code = (
        "import sys, evalkit; "
        "heavy = {'pandas', 'numpy', 'matplotlib', 'scipy', 'great_tables'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_reading_and_the_first_rate_import_no_drawing_and_no_scipy():
    code = (
        "import sys, evalkit as ek; "
        "study = ek.read_study('data/sample/smil-2009'); ek.attendance.rate(study.headcounts); "
        "heavy = {'matplotlib', 'scipy', 'great_tables', 'babel', 'jinja2'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_constraints_pin_every_requirement_and_name_no_address():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in text.splitlines()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {r.split(">=")[0] for r in [*project["dependencies"], *itertools.chain(*extras)]}
    assert {name for name in wanted if "[" not in name} - pinned == set()
    assert "//" not in text
    assert "@" not in text
