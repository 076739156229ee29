"""The report: what stands in it, in order, and everything written beside it."""

from __future__ import annotations

from evalkit.report.building import Built, build

__all__ = ["Built", "build"]
