"""Pure numbers: arrays in, typed results out. Knows no study and no label."""

from __future__ import annotations

from evalkit.statistics.clustered import ClusteredEstimate, clustered_proportion
from evalkit.statistics.proportions import Estimate, proportion

__all__ = ["ClusteredEstimate", "Estimate", "clustered_proportion", "proportion"]
