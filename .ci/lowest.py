"""Run the tests on the lowest versions that pyproject.toml admits, in a venv of their own."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv-lowest"


def lowest() -> list[str]:
    """Return every requirement of pyproject.toml pinned to its lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return [requirement.replace(">=", "==") for requirement in wanted]


def main() -> int:
    """Make the venv anew, install, run the tests; return their exit code."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    scripts = VENV / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(scripts / "python")
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *lowest()], check=True)
    install = [python, "-m", "pip", "install", *quiet, "--no-deps", "--editable", str(ROOT)]
    subprocess.run(install, check=True)
    # More seeds say nothing of versions, and old solvers are several times slower.
    options = ["-p", "no:cacheprovider", "-m", "not thorough"]
    tests = [python, "-m", "pytest", *options, *sys.argv[1:]]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
