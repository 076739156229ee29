"""TOML files with helpful errors: every fault of a file, each with its line."""

from __future__ import annotations

from evalkit.toml.reading import Toml, problems_of, read_toml

__all__ = ["Toml", "problems_of", "read_toml"]
