"""The page on one's own form: its example loads, its code runs, it explains every key."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import evalkit as ek
from evalkit.instruments.definition_checks import FORM_COLUMNS, LABEL_KEYS
from evalkit.instruments.definition_rules import RULES
from evalkit.locale.vocabulary import INFORMANT
from evalkit.toml.rules import Table, Tables, ValueOrTable

PAGE = (Path(__file__).parents[2] / "docs" / "own-instrument.md").read_text("utf-8")


def rows_under(heading):
    section = PAGE.split(f"\n## {heading}")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")]


@pytest.fixture
def own_form(tmp_path, monkeypatch):
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "own-form.toml").write_text(example, "utf-8")
    monkeypatch.chdir(tmp_path)
    return ek.load_instrument("own-form.toml")


def test_the_example_is_a_form(own_form):
    assert own_form.id == "TRYGG"
    assert own_form.ages == (8, 13)
    assert own_form.item_ids == ("belonging", "dread", "wellbeing", "comment")
    scale = own_form.scale("safety")
    assert (scale.lowest, scale.highest, scale.steps_per_unit) == (2, 8, 1)
    assert own_form.item("belonging").codes == (1, 2, 3, 4)
    assert own_form.item("dread").reversed
    assert own_form.about == {
        "nb": "Made for our group in 2025; not validated.",
        "en": "Made for our group in 2025; not validated.",
    }
    assert own_form.profile("ours").threshold == 2
    (cutoff,) = own_form.cutoffs
    assert (cutoff.value, cutoff.clinical, cutoff.informants) == (5, "<", ("self",))
    assert cutoff.evidence.note["nb"] == "A reason to ask, not a diagnosis."


def test_the_code_of_the_page_runs(own_form):
    flags = doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(PAGE, {}, "own-instrument.md", None, 0)
    assert len(test.examples) >= 5
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


def keys_of(rules):
    if isinstance(rules, Table):
        yield from ((key, key in rules.required) for key in rules.keys)


PARTS = {
    "The form": [RULES],
    "`[[items]]`": [RULES.keys["items"].each],
    "`[[scales]]`": [RULES.keys["scales"].each],
    "Numbers about a scale": [RULES.keys[k].each for k in ("profiles", "cutoffs", "reliabilities")],
}
KEYS = [
    (part, *key) for part, tables in PARTS.items() for table in tables for key in keys_of(table)
]


@pytest.mark.parametrize(("part", "key", "required"), sorted(set(KEYS)))
def test_every_key_is_explained_and_whether_it_must_be_stated(part, key, required):
    if isinstance(RULES.keys.get(key), Tables):
        assert f"[[{key}]]" in PAGE
        return
    if key == "scale":
        assert "names its `scale` where the form has several" in PAGE
        return
    (row,) = (
        line for line in rows_under(part) if re.search(rf"[`\[.]{key}[`\].]", line.split("|")[1])
    )
    assert ("**Must be stated**" in row) == required


def test_the_page_explains_no_key_that_is_none():
    known = {key for _, key, _ in KEYS}
    for part in PARTS:
        for row in rows_under(part)[2:]:
            assert set(re.findall(r"[a-z_]+", row.split("|")[1])) <= known


def test_values_and_names_are_all_there():
    (row,) = (line for line in rows_under("The form") if line.startswith("| `informants`"))
    assert all(f"`{informant}`" in row for informant in INFORMANT)
    assert all(f"`{name}`" in PAGE for name in (*FORM_COLUMNS, *LABEL_KEYS))
    assert isinstance(RULES.keys["items"].each.keys["answers"], ValueOrTable)
