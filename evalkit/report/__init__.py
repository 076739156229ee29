"""The report: what stands in it, in order, everything written beside it, and its audit."""

from __future__ import annotations

from evalkit.report.auditing import Audit, audit
from evalkit.report.building import Built, build

__all__ = ["Audit", "Built", "audit", "build"]
