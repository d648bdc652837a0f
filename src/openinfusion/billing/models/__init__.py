# SPDX-License-Identifier: Apache-2.0
"""Tables of billing."""
from __future__ import annotations

from openinfusion.billing.models.adjustment import Refund, WriteOff
from openinfusion.billing.models.claim import Claim, ClaimLine
from openinfusion.billing.models.day import PerDiemDay, Stay, StayKind
from openinfusion.billing.models.denial import Appeal, Denial, Underpayment
from openinfusion.billing.models.ledger import Cost, LedgerTransfer
from openinfusion.billing.models.patient_account import Instalment, PatientPayment, PaymentPlan, Statement, StatementLine
from openinfusion.billing.models.period import Period, PeriodNote
from openinfusion.billing.models.remittance import Deposit, Remittance, RemittanceClaim
from openinfusion.billing.models.sent import ClaimSent

__all__ = [
    "Appeal",
    "Claim",
    "ClaimLine",
    "ClaimSent",
    "Cost",
    "Denial",
    "Deposit",
    "Instalment",
    "LedgerTransfer",
    "PatientPayment",
    "PaymentPlan",
    "PerDiemDay",
    "Period",
    "PeriodNote",
    "Refund",
    "Remittance",
    "RemittanceClaim",
    "Statement",
    "StatementLine",
    "Stay",
    "StayKind",
    "Underpayment",
    "WriteOff",
]
