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
GO_ALONE = Permission("nursing.visit.go_alone", "Let a visit that needs two nurses go on with one.",
    frozenset({Role.NURSE_MANAGER}))
REVIEW = Permission("nursing.visit.review", "Review a documented visit.", frozenset({Role.NURSE_MANAGER}))
SIGN = Permission("nursing.visit.sign", "Sign the record of a visit.", frozenset({Role.NURSE, Role.NURSE_MANAGER}))
MISS = Permission("nursing.visit.miss", "Record that a visit did not take place.", _MANAGERS | {Role.NURSE})
TELL = Permission("nursing.reaction.tell", "Record that the prescriber was told of a reaction.",
    frozenset({Role.PHARMACIST, Role.NURSE, Role.NURSE_MANAGER}))
RATE_PLAN = Permission("nursing.rate_plan.name", "Say by whose rate steps an infusion runs.", frozenset({Role.PHARMACIST}))
ROSTER = Permission("nursing.roster.manage", "Plan nurses' shifts and time off, keep agencies, revoke phones.", _MANAGERS)
TIME_OFF = Permission("nursing.roster.own", "Enter one's own shifts and time off.", frozenset({Role.NURSE, Role.NURSE_MANAGER}))
HAND_OVER = Permission("nursing.handover.write", "Write and read handover notes.",
    frozenset({Role.NURSE, Role.NURSE_MANAGER, Role.PHARMACIST}))
SUITE_PLAN = Permission("nursing.appointment.plan", "Ask for, book, move and cancel appointments of a suite.",
    _MANAGERS | {Role.INTAKE})
SUITE_CHECK_IN = Permission("nursing.appointment.check_in", "Check a patient in at a suite, or record that nobody came.",
    _MANAGERS | {Role.NURSE})
SUITE_CARE = Permission("nursing.appointment.care", "Pre-medicate, infuse, observe and discharge at a suite.",
    frozenset({Role.NURSE, Role.NURSE_MANAGER}))
SUITE_TERMS = Permission("nursing.suite.manage", "Set a suite's hours, minutes and the acuity a nurse watches.",
    frozenset({Role.NURSE_MANAGER}))

ALL = (READ, REQUEST, OFFER, MAKE, GO_ALONE, REVIEW, SIGN, MISS, TELL, RATE_PLAN, ROSTER, TIME_OFF, HAND_OVER,
       SUITE_PLAN, SUITE_CHECK_IN, SUITE_CARE, SUITE_TERMS)
