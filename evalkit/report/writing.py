"""Writing a folder whole or not at all, and never over what somebody else put there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.json"
MADE_BY = "evalkit"
NOT_OURS_BUT_HARMLESS = {".DS_Store", "Thumbs.db", "desktop.ini"}


@contextlib.contextmanager
def whole_folder(out: Path, inputs: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes ``out`` when all went well; else nothing changes.

    Raises
    ------
    OutputError
        ``out`` lies in the study folder or around it, is a file, holds files that evalkit did
        not write or that were changed since, or cannot be written.
    """
    out = out.resolve()
    _refuse_inputs(out, inputs.resolve())
    _refuse_others_files(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise OutputError(f"{out.as_posix()} cannot be written: {error.strerror}.") from error
    try:
        new.chmod(0o755)
        yield new
        _swap(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, by path from there, sorted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _refuse_inputs(out: Path, inputs: Path) -> None:
    if out == inputs or inputs in out.parents or out in inputs.parents:
        raise OutputError(
            f"{out.as_posix()} holds the study folder or lies in it, where nothing is written. "
            "Choose another folder with --out."
        )


def _refuse_others_files(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out.as_posix()} is a file. Choose a folder with --out.")
    there = {name: sha for name, sha in hashes(out).items() if not is_harmless(name)}
    ours = _written_by_us(out)
    foreign = sorted(name for name in there if name not in ours and name != MANIFEST)
    if there and (foreign or MANIFEST not in there):
        raise OutputError(
            f"{out.as_posix()} holds files that evalkit did not write: {_listed(foreign)}. "
            "Move them, or choose another folder with --out."
        )
    changed = sorted(name for name, sha in ours.items() if there.get(name, sha) != sha)
    if changed:
        raise OutputError(
            f"{out.as_posix()} holds files that were changed after evalkit wrote them: "
            f"{_listed(changed)}. Move them, or choose another folder with --out."
        )


def _written_by_us(out: Path) -> dict[str, str]:
    try:
        manifest: Any = json.loads((out / MANIFEST).read_text("utf-8"))
        outputs = manifest["outputs"] if manifest["made_by"] == MADE_BY else {}
        return {str(name): str(sha) for name, sha in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_harmless(name: str) -> bool:
    """Return whether a file is one that a system puts into every folder."""
    return name.rsplit("/", 1)[-1] in NOT_OURS_BUT_HARMLESS


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown or MANIFEST


def _swap(new: Path, out: Path) -> None:
    """Put the new folder where the old one was; on failure the old one is put back."""
    if not out.exists():
        _rename(new, out)
        return
    old = new.with_name(f"{new.name}-old")
    _rename(out, old)
    try:
        _rename(new, out)
    except OutputError:
        try:
            _rename(old, out)
        except OutputError as error:
            raise OutputError(
                f"{out.as_posix()} could not be replaced. The old report stands in "
                f"{old.as_posix()}; rename it by hand."
            ) from error
        raise
    shutil.rmtree(old, ignore_errors=True)


def _rename(source: Path, target: Path) -> None:
    """Rename a folder; on Windows another program may hold it for a moment."""
    for pause in (0.0, 0.2, 1.0):
        time.sleep(pause)
        try:
            source.rename(target)
        except OSError as caught:
            error = caught
        else:
            return
    raise OutputError(
        f"{target.as_posix()} could not be replaced ({error.strerror}); nothing was changed. "
        "Close the files of the old report that are open in other programs."
    ) from error
