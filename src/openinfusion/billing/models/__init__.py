# SPDX-License-Identifier: Apache-2.0
"""Tables of billing."""
from __future__ import annotations

from openinfusion.billing.models.claim import Claim, ClaimLine, Denial
from openinfusion.billing.models.day import PerDiemDay, Stay, StayKind
from openinfusion.billing.models.ledger import Cost, LedgerTransfer
from openinfusion.billing.models.remittance import Remittance, RemittanceClaim
from openinfusion.billing.models.sent import ClaimSent

__all__ = [
    "Claim", "ClaimLine", "ClaimSent", "Cost", "Denial", "LedgerTransfer", "PerDiemDay", "Remittance", "RemittanceClaim", "Stay",
    "StayKind",
]
