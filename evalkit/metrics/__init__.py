"""What an evaluation measures: tables in, tidy results and their `Cells` out."""

from __future__ import annotations

from evalkit.metrics import attendance, background, outcomes

__all__ = ["attendance", "background", "outcomes"]
