# SPDX-License-Identifier: Apache-2.0
"""The verbs of exchange."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission(
    "exchange.file.read", "See and download files that came in and went out.",
    frozenset({Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE, Role.PARTNER}),
)
SEND = Permission("exchange.claims.send", "Write claim files.", frozenset({Role.BILLER}))
RECEIVE = Permission("exchange.remittance.receive", "Take in remittance files.", frozenset({Role.BILLER, Role.PARTNER}))
RECEIVE_REFERRAL = Permission(
    "exchange.referral.receive", "Take in a referral as a FHIR bundle.",
    frozenset({Role.INTAKE, Role.PHARMACIST, Role.PARTNER}),
)
ASK = Permission(
    "exchange.question.ask", "Ask payers about benefits and authorizations, and take in their answers.",
    frozenset({Role.INTAKE, Role.AUTHORIZATION}),
)

ALL = (READ, SEND, RECEIVE, RECEIVE_REFERRAL, ASK)
