"""Write the invented sample programme, or one of another size: see its README.md."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from programme_script.stated import CHILDREN, SEED

HERE = Path(__file__).parent


def main() -> None:
    """Read the command line and write the study folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=HERE / "programme", metavar="OUT")
    parser.add_argument("--groups", type=int, default=len(CHILDREN), metavar="K")
    parser.add_argument("--children", type=int, metavar="N", help="per group")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S")
    parser.add_argument("--clean", action="store_true", help="no slip of the pen anywhere")
    given = parser.parse_args()
    if given.groups < 1 or (given.children is not None and given.children < 1):
        parser.error("there must be at least one group and one child")
    # openpyxl writes other bytes where lxml is installed, unless told before it is imported.
    os.environ["OPENPYXL_LXML"] = "False"
    from programme_script.exports import write_programme

    write_programme(
        given.out,
        groups=given.groups,
        children=given.children,
        seed=given.seed,
        clean=given.clean,
    )


if __name__ == "__main__":
    main()
