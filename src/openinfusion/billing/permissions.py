# SPDX-License-Identifier: Apache-2.0
"""The verbs of billing."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_BILLING = frozenset({Role.BILLER})
_DECIDES = frozenset({Role.BILLER, Role.EXECUTIVE})

READ = Permission(
    "billing.claim.read", "See claims, remittances, denials and the ledger.",
    frozenset({Role.BILLER, Role.AUTHORIZATION, Role.COMPLIANCE, Role.EXECUTIVE, Role.PARTNER}),
)
CAPTURE = Permission("billing.charge.capture", "Capture charges from deliveries and visits.", _BILLING)
WORK = Permission("billing.claim.work", "Check, hold, release, correct and appeal claims.", _BILLING)
SUBMIT = Permission("billing.claim.submit", "Send claims to payers.", _BILLING)
POST = Permission("billing.remittance.post", "Post remittances and payments.", frozenset({Role.BILLER, Role.PARTNER}))
WRITE_OFF = Permission(
    "billing.claim.write_off", "Write off what will not be paid, up to the limit of one's role.", _DECIDES,
)
REFUND = Permission("billing.refund.decide", "Approve that money is sent back to a payer or a patient.", _DECIDES)
STATE = Permission("billing.statement.send", "Send statements to patients and agree payment plans.", _BILLING)
BANK = Permission("billing.deposit.keep", "Enter the bank's deposits and match them with payments.", _DECIDES)
CLOSE = Permission("billing.period.close", "Close a month, approve another's closing, and reopen one.", _DECIDES)

ALL = (READ, CAPTURE, WORK, SUBMIT, POST, WRITE_OFF, REFUND, STATE, BANK, CLOSE)
