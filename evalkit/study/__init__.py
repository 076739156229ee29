"""The study folder: its settings, its tables, and the checks across them."""

from __future__ import annotations

from evalkit.study.loading import read_study
from evalkit.study.model import Study

__all__ = ["Study", "read_study"]
