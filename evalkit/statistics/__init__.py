"""Pure numbers: arrays in, typed results out. Knows no study and no label."""

from __future__ import annotations

from evalkit.statistics.clustered import ClusteredEstimate, clustered_proportion
from evalkit.statistics.proportions import Estimate, proportion
from evalkit.statistics.thresholds import reliable_change_threshold

__all__ = [
    "ClusteredEstimate",
    "Estimate",
    "clustered_proportion",
    "proportion",
    "reliable_change_threshold",
]
