# SPDX-License-Identifier: Apache-2.0
"""Tables of billing."""
from __future__ import annotations

from openinfusion.billing.models.claim import Claim, ClaimLine, Denial, PerDiemDay
from openinfusion.billing.models.ledger import Cost, LedgerTransfer
from openinfusion.billing.models.remittance import Remittance, RemittanceClaim

__all__ = ["Claim", "ClaimLine", "Cost", "Denial", "LedgerTransfer", "PerDiemDay", "Remittance", "RemittanceClaim"]
