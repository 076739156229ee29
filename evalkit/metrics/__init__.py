"""What an evaluation measures: tables in, tidy results and their `Cells` out."""

from __future__ import annotations

from evalkit.metrics import attendance, background, completeness, outcomes, satisfaction

__all__ = ["attendance", "background", "completeness", "outcomes", "satisfaction"]
