"""What may be published: the policy, what results are made of, suppression, and the gate."""

from __future__ import annotations

from evalkit.privacy.cells import Cells
from evalkit.privacy.gate import HIDDEN, HIDDEN_SIGN, hidden_in, protect
from evalkit.privacy.policy import Policy
from evalkit.privacy.two_way import Suppressed, audit, suppress

__all__ = [
    "HIDDEN",
    "HIDDEN_SIGN",
    "Cells",
    "Policy",
    "Suppressed",
    "audit",
    "hidden_in",
    "protect",
    "suppress",
]
