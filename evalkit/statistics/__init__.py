"""Pure numbers: arrays in, typed results out. Knows no study and no label."""

from __future__ import annotations

from evalkit.statistics.proportions import Estimate, proportion

__all__ = ["Estimate", "proportion"]
