"""What may be published: the policy, what results are made of, and the gate."""

from __future__ import annotations

from evalkit.privacy.cells import Cells
from evalkit.privacy.gate import HIDDEN, protect
from evalkit.privacy.policy import Policy

__all__ = ["HIDDEN", "Cells", "Policy", "protect"]
