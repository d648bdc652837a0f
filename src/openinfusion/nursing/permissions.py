# SPDX-License-Identifier: Apache-2.0
"""The verbs of nursing."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

_MANAGERS = frozenset({Role.NURSE_MANAGER, Role.SUITE_SCHEDULER})

READ = Permission(
    "nursing.visit.read", "See visits and infusion records.", _MANAGERS | {
        Role.NURSE, Role.PHARMACIST, Role.INTAKE, Role.BILLER, Role.COMPLIANCE, Role.EXECUTIVE, Role.PARTNER,
    },
)
REQUEST = Permission("nursing.visit.request", "Ask for a visit.",
    _MANAGERS | {Role.NURSE, Role.PHARMACIST, Role.INTAKE})
OFFER = Permission("nursing.visit.offer", "Offer a visit to a nurse, move it, close what was missed.", _MANAGERS)
MAKE = Permission("nursing.visit.make", "Accept, make and document a visit.",
    frozenset({Role.NURSE, Role.NURSE_MANAGER}))
REVIEW = Permission("nursing.visit.review", "Review a documented visit.", frozenset({Role.NURSE_MANAGER}))
SIGN = Permission("nursing.visit.sign", "Sign the record of a visit.", frozenset({Role.NURSE, Role.NURSE_MANAGER}))

ALL = (READ, REQUEST, OFFER, MAKE, REVIEW, SIGN)
