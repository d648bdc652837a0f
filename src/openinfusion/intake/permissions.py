# SPDX-License-Identifier: Apache-2.0
"""What may be done in intake, and by whom."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_DESK = frozenset({Role.INTAKE, Role.AUTHORIZATION, Role.PHARMACIST})

READ = Permission(
    "intake.referral.read",
    "Read referrals.",
    _DESK
    | {Role.NURSE_MANAGER, Role.SUITE_SCHEDULER, Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE, Role.ADMINISTRATOR},
)
RECEIVE = Permission(
    "intake.referral.receive", "Enter a referral.", frozenset({Role.INTAKE, Role.PHARMACIST, Role.PARTNER})
)
WORK = Permission("intake.referral.work", "Review a referral and gather what is missing.", _DESK)
CLINICAL = Permission(
    "intake.referral.clinically_accept", "Accept a referral clinically.", frozenset({Role.PHARMACIST})
)
DECIDE = Permission(
    "intake.referral.decide",
    "Accept, decline, cancel or refer out a referral.",
    frozenset({Role.INTAKE, Role.PHARMACIST}),
)
BENEFITS = Permission("intake.benefits.record", "Record benefits.", frozenset({Role.INTAKE, Role.AUTHORIZATION}))
AUTHORIZE = Permission(
    "intake.authorization.work", "Work an authorization.", frozenset({Role.INTAKE, Role.AUTHORIZATION})
)
ASSESS = Permission(
    "intake.assessment.record", "Assess a patient for home infusion.",
    _DESK | {Role.NURSE, Role.NURSE_MANAGER},
)
USE = Permission(
    "intake.authorization.use", "Count units against an authorization.", frozenset({Role.AUTHORIZATION, Role.BILLER})
)

ALL = (READ, RECEIVE, WORK, CLINICAL, DECIDE, BENEFITS, AUTHORIZE, ASSESS, USE)
