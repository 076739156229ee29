"""What the documentation says is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import evalkit
from evalkit.study.schema import TABLES
from evalkit.study.settings_rules import RULES
from evalkit.toml.rules import Table, Tables, ValueOrTable, faults

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
STUDY = (ROOT / "docs" / "study.md").read_text("utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)[1]


def test_the_ten_lines_of_the_readme_run(tmp_path, capsys, monkeypatch):
    sample = (ROOT / "data" / "sample" / "programme").as_posix()
    monkeypatch.chdir(tmp_path)
    code = block("python").replace("data/sample/programme", sample)
    assert len(code.strip().splitlines()) == 10
    exec(compile(code, "README.md", "exec"), {})
    assert "child" in capsys.readouterr().out
    assert (tmp_path / "change.svg").exists()
    assert (tmp_path / "output" / "programme" / "report.html").exists()


def test_the_study_toml_of_the_readme_breaks_no_rule():
    assert list(faults(tomllib.loads(block("toml")), RULES)) == []


def test_the_error_in_the_readme_is_the_one_that_is_raised(folder, edit, errors_of):
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-03;child;sju;9")
    assert str(errors_of(folder)[0]) in README


def keys_of(rules):
    if isinstance(rules, Tables):
        yield from keys_of(rules.each)
    elif isinstance(rules, Table):
        for key, inner in rules.keys.items():
            yield key
            yield from () if isinstance(inner, ValueOrTable) else keys_of(inner)
        yield from keys_of(rules.any_key)


@pytest.mark.parametrize("key", sorted(set(keys_of(RULES))))
def test_every_key_of_study_toml_is_explained(key):
    assert re.search(rf"[`\[.]{key}[`\].]", STUDY)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_and_value_is_explained(table):
    (line,) = (line for line in STUDY.splitlines() if line.startswith(f"| `{table}` | a"))
    for column in TABLES[table]:
        assert f"`{column.name}`" in line
        assert (f"**`{column.name}`**" in line) == column.required
        if column.name != "role":
            assert all(value in line for value in column.values)


def test_the_changelog_and_citation_name_this_version():
    assert f"## {evalkit.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"version: {evalkit.__version__}" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_every_public_function_has_an_example():
    for room in (getattr(evalkit, name) for name in evalkit.__all__):
        if not isinstance(room, ModuleType):
            continue
        for function in (getattr(room, key) for key in room.__all__):
            if callable(function) and not isinstance(function, type):
                assert ">>>" in function.__doc__, function
    assert ">>>" in evalkit.read_study.__doc__


def test_notebooks_are_committed_without_outputs():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        text = path.read_text("utf-8")
        assert '"execution_count": null' in text
        assert not re.search(r'"execution_count": \d', text)
        assert not re.search(r'"outputs": \[\s*\{', text)
