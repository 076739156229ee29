"""What may be published: the policy, what results are made of, suppression, and the gate."""

from __future__ import annotations

from evalkit.privacy.cells import At, Cells, Everyone, Mean, Same, Sum
from evalkit.privacy.gate import HIDDEN_SIGN, hidden_in, protect
from evalkit.privacy.masking import HIDDEN
from evalkit.privacy.policy import Policy
from evalkit.privacy.two_way import Suppressed, audit, suppress
from evalkit.privacy.unnaming import of_groups_large_enough, unnamed

__all__ = [
    "HIDDEN",
    "HIDDEN_SIGN",
    "At",
    "Cells",
    "Everyone",
    "Mean",
    "Policy",
    "Same",
    "Sum",
    "Suppressed",
    "audit",
    "hidden_in",
    "of_groups_large_enough",
    "protect",
    "suppress",
    "unnamed",
]
