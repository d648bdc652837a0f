# SPDX-License-Identifier: Apache-2.0
"""Who may see findings, answer them and verify."""
from __future__ import annotations

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role

READ = Permission(
    "clinical.review.read", "Read verification reviews and findings.",
    frozenset({
        Role.PHARMACIST, Role.TECHNICIAN, Role.INTAKE, Role.AUTHORIZATION, Role.NURSE, Role.NURSE_MANAGER,
        Role.COMPLIANCE, Role.PARTNER,
    }),
)
OPEN = Permission(
    "clinical.review.open", "Open a review for a transcribed order, withdraw it when the order ends.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN, Role.INTAKE}),
)
ANSWER = Permission(
    "clinical.finding.answer", "Answer a soft stop with a coded reason, sign for what could not be judged.",
    frozenset({Role.PHARMACIST}),
)
VERIFY = Permission(
    "clinical.review.verify", "Verify an order and sign for it, or send it back.", frozenset({Role.PHARMACIST}),
)

WATCH = Permission(
    "clinical.checks.run", "Run the checks of an order again.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN, Role.INTAKE, Role.NURSE}),
)
RETIRE = Permission(
    "clinical.rule.retire", "Propose that a rule be retired, confirm another's proposal, put it in force again.",
    frozenset({Role.PHARMACIST}),
)
LOAD_INTERACTIONS = Permission(
    "clinical.interactions.load", "Load an interaction set from a source the site licenses, or withdraw it.",
    frozenset({Role.PHARMACIST}),
)
ENTER_OBSERVATION = Permission(
    "clinical.observation.enter", "Enter a compatibility observation from a published source.",
    frozenset({Role.PHARMACIST, Role.TECHNICIAN}),
)
SIGN_OBSERVATION = Permission(
    "clinical.observation.sign", "Compare an observation with its source and sign it, or withdraw it.",
    frozenset({Role.PHARMACIST}),
)

ALL = (READ, OPEN, ANSWER, VERIFY, WATCH, RETIRE, LOAD_INTERACTIONS, ENTER_OBSERVATION, SIGN_OBSERVATION)
