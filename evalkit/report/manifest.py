"""The manifest: what went in, what came out, with which versions."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from evalkit._version import __version__
from evalkit.report.writing import MADE_BY, MANIFEST, hashes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.report.making import Made, Setting

LIBRARIES = (
    *("babel", "great-tables", "jinja2", "lazy-loader", "matplotlib", "narwhals", "numpy"),
    *("openpyxl", "pandas", "pyarrow", "python-calamine", "rich", "scipy", "typer"),
)


def write_manifest(made: Sequence[Made], setting: Setting, folder: Path) -> None:
    """Write ``manifest.json`` for all other files of the folder."""
    content = {
        "made_by": MADE_BY,
        "versions": _versions(),
        "language": setting.say.language,
        "internal": setting.policy.internal,
        "disclosure": {
            "min_cell": setting.policy.min_cell,
            "already_published": setting.policy.already_published,
        },
        "inputs": {row["file"]: row["sha256"] for row in _records(setting)},
        "warnings": _warnings(setting),
        "exhibits": [_exhibit(each) for each in made],
        "outputs": hashes(folder),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8", newline="\n")


def _versions() -> dict[str, str]:
    own = {"evalkit": __version__, "python": platform.python_version()}
    return own | {name: metadata.version(name) for name in LIBRARIES}


def _records(setting: Setting) -> list[dict[Any, Any]]:
    return setting.study.inputs.sort_values("file").to_dict("records")


def _warnings(setting: Setting) -> dict[str, int]:
    """Count warnings by file: their texts name rows and values, which may be people."""
    counts = setting.study.problems["file"].value_counts().sort_index()
    return {str(name): int(count) for name, count in counts.items()}


def _exhibit(each: Made) -> dict[str, Any]:
    return {
        "id": each.exhibit.id,
        "tables": list(each.exhibit.needs),
        "rows_used": each.used,
        "rows_left_out": each.left_out,
        "rows_hidden": each.hidden,
        "figures": list(each.files),
    }
