"""What may be published: the policy, what results are made of, and the gate."""

from __future__ import annotations

from evalkit.privacy.cells import Cells
from evalkit.privacy.gate import HIDDEN, HIDDEN_SIGN, hidden_in, protect
from evalkit.privacy.policy import Policy

__all__ = ["HIDDEN", "HIDDEN_SIGN", "Cells", "Policy", "hidden_in", "protect"]
