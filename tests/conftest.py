"""What many tests use: the sample study, copies of it to break, and small studies."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import evalkit as ek
from evalkit.errors import StudyError

ROOT = Path(__file__).parent.parent
SMIL = ROOT / "data" / "sample" / "smil-2009"


@pytest.fixture(autouse=True)
def _from_the_project_folder(monkeypatch):
    """Doctests and tests name the sample by its path from the project folder."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def smil():
    return ek.read_study(SMIL)


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the sample study that a test may break."""
    return Path(shutil.copytree(SMIL, tmp_path / "study"))


@pytest.fixture
def edit(folder):
    """Return a function that replaces text in a file of the copy, exactly once."""

    def replace(name, old, new):
        path = folder / name
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")

    return replace


@pytest.fixture
def errors_of():
    """Return a function that reads a study and gives back the problems it raises."""

    def read(folder: os.PathLike[str]):
        with pytest.raises(StudyError) as caught:
            ek.read_study(folder)
        return caught.value.found

    return read


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes a small study: settings as TOML, tables as csv texts."""

    def make(settings="", **tables):
        folder = tmp_path / "made"
        folder.mkdir(exist_ok=True)
        entries = ['title = "Made up"', settings]
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, "utf-8")
            entry = f'[[files]]\npath = "{name}.csv"\nholds = "{name}"\nlegal_basis = "anonymous"'
            entries.append(entry)
        (folder / "study.toml").write_text("\n".join(entries), "utf-8")
        return folder

    return make
