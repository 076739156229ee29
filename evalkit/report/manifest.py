"""The manifest: what went in, what came out, with which versions, and what was hidden."""

from __future__ import annotations

import hashlib
import hmac
import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from evalkit._version import __version__
from evalkit.report.writing import MADE_BY, MANIFEST, hashes
from evalkit.study.schema import of_people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from evalkit.report.making import Made, Setting

    Patterns = Mapping[str, Mapping[str, Sequence[str]]]

LIBRARIES = (
    *("babel", "great-tables", "jinja2", "lazy-loader", "matplotlib", "narwhals", "numpy"),
    *("openpyxl", "pandas", "pyarrow", "python-calamine", "rich", "scipy", "typer"),
)
POLICY = (
    *("min_cell", "open", "zeros", "full_rows", "complements", "rounding"),
    *("shows_persons", "already_published"),
)
"""What of the policy the manifest tells."""


def write_manifest(made: Sequence[Made], setting: Setting, folder: Path, earlier: Patterns) -> None:
    """Write ``manifest.json`` for all other files of the folder.

    ``earlier`` are the patterns of an earlier report: those for other readers are kept.
    """
    policy = setting.policy
    content = {
        "made_by": MADE_BY,
        "versions": _versions(),
        "study": setting.study.settings.title,
        "language": setting.say.language,
        "audience": policy.audience,
        "internal": policy.internal,
        "disclosure": {name: getattr(policy, name) for name in POLICY},
        "inputs": _inputs(setting),
        "warnings": _warnings(setting),
        "exhibits": _exhibits(made, setting),
        "patterns": _patterns(made, setting, earlier),
        "outputs": hashes(folder),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a report, None where there is none of ours."""
    try:
        content: Any = json.loads((folder / MANIFEST).read_text("utf-8"))
        return content if content["made_by"] == MADE_BY else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def earlier_patterns(folder: Path, title: Mapping[str, str]) -> Patterns:
    """Return which numbers an earlier report of the same study hid, by readers and exhibit."""
    content = read_manifest(folder)
    if content is None or content.get("study") != dict(title):
        return {}
    patterns = content.get("patterns")
    return patterns if isinstance(patterns, dict) else {}


def _versions() -> dict[str, str]:
    own = {"evalkit": __version__, "python": platform.python_version()}
    return own | {name: metadata.version(name) for name in LIBRARIES}


def _inputs(setting: Setting) -> dict[str, str | None]:
    """Return the hash of each input file.

    Where numbers are hidden, no plain hash is published: a small file can be guessed by trying.
    With a key of the study they are keyed; without one the manifest names the files only.
    """
    key = setting.study.settings.disclosure.hash_key
    records = setting.study.inputs.sort_values("file").to_dict("records")
    plain = {str(row["file"]): str(row["sha256"]) for row in records}
    if not setting.policy.hides:
        return dict(plain)
    if key is None:
        return dict.fromkeys(plain)
    return {name: keyed(sha, key) for name, sha in plain.items()}


def keyed(sha256: str, key: str) -> str:
    """Return a hash that only who knows the key can compare with that of a file (HMAC-SHA-256)."""
    return "hmac-" + hmac.new(key.encode(), bytes.fromhex(sha256), hashlib.sha256).hexdigest()


def _warnings(setting: Setting) -> dict[str, int | None]:
    """Count warnings by file: their texts name rows and values, which may be people.

    Where numbers are hidden only the files are named: so many warnings may be so many children.
    """
    counts = setting.study.problems["file"].value_counts().sort_index()
    hides = setting.policy.hides
    return {str(name): None if hides else int(count) for name, count in counts.items()}


def _exhibits(made: Sequence[Made], setting: Setting) -> list[dict[str, Any]]:
    # Several exhibits rest on the same people: hidden in one, their number is told in none.
    untold = {table for each in made for table, rows in each.used.items() if rows is None}
    return [_exhibit(each, untold, setting) for each in made]


def _exhibit(each: Made, untold: set[str], setting: Setting) -> dict[str, Any]:
    used = {
        table: None if table in untold and of_people(table) else rows
        for table, rows in each.used.items()
    }
    told: dict[str, Any] = {
        "id": each.exhibit.id,
        "tables": list(each.exhibit.needs),
        "rows_used": used,
        "rows_left_out": each.left_out,
        "rows_hidden": each.hidden,
        "figures": list(each.files),
    }
    return told | ({"disclosure": each.disclosed} if setting.policy.hides else {})


def _patterns(
    made: Sequence[Made], setting: Setting, earlier: Patterns
) -> dict[str, dict[str, list[str]]]:
    """Return which numbers are hidden, by readers and exhibit; reports to come hide them too."""
    kept = {name: {key: list(ids) for key, ids in of.items()} for name, of in earlier.items()}
    if setting.policy.hides:
        own = {each.exhibit.id: list(each.pattern) for each in made if each.pattern}
        kept[setting.policy.audience] = own
    return dict(sorted(kept.items()))
