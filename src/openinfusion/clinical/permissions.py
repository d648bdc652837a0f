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


_NURSES = frozenset({Role.NURSE, Role.NURSE_MANAGER})
_CARERS = _NURSES | {Role.PHARMACIST}
_OFFICE = frozenset({Role.TECHNICIAN, Role.INTAKE})

CARE_READ = Permission(
    "clinical.care.read", "Read monitoring, interventions, care plans, education, calls and events.",
    _CARERS | _OFFICE | {Role.COMPLIANCE, Role.EXECUTIVE},
)
MONITOR_PLAN = Permission(
    "clinical.monitoring.plan", "Plan, add, cancel or stop the tests of a therapy.", frozenset({Role.PHARMACIST}),
)
MONITOR_DRAW = Permission(
    "clinical.monitoring.draw", "Say that a sample was drawn or an assessment made.", _CARERS | {Role.TECHNICIAN},
)
MONITOR_RESULT = Permission(
    "clinical.monitoring.result", "Match a result on the chart with the test that was due.",
    _CARERS | _OFFICE,
)
MONITOR_ACT = Permission(
    "clinical.monitoring.act", "Judge a result: seen without a change, or acted on.", frozenset({Role.PHARMACIST}),
)
INTERVENE = Permission(
    "clinical.intervention.record", "Record an intervention and its outcome.", _CARERS,
)
CARE_PLAN = Permission("clinical.goal.write", "Write, review and settle goals of the care plan.", _CARERS)
TEACH = Permission("clinical.education.record", "Record what was taught and whether it was taught back.", _CARERS)
CALL_LOG = Permission("clinical.call.log", "Write a call down and hand it to whoever is on call.", _CARERS | _OFFICE)
CALL_REFER = Permission(
    "clinical.call.refer", "Put an answer of the call before a delivery before the pharmacist or nurse manager.",
    _CARERS | _OFFICE | {Role.WAREHOUSE},
)
CALL_TAKE = Permission("clinical.call.take", "Take a call that was escalated, and settle it.", _CARERS)
EVENT_REPORT = Permission(
    "clinical.event.report", "Report an adverse reaction, a line event or unplanned care.", _CARERS | _OFFICE,
)
EVENT_REVIEW = Permission(
    "clinical.event.review", "Judge a reported event.", frozenset({Role.PHARMACIST, Role.NURSE_MANAGER}),
)
CORRECT = Permission("clinical.entry.correct", "Mark an entry as entered in error.", _CARERS)
OUTCOME_READ = Permission(
    "clinical.outcome.read", "Read outcomes and how they are worked out.",
    frozenset({Role.PHARMACIST, Role.NURSE_MANAGER, Role.COMPLIANCE, Role.EXECUTIVE}),
)

DOSE = Permission(
    "clinical.dosing.keep", "Keep a dosing calculation in the chart with what follows from it.", frozenset({Role.PHARMACIST}),
)

BREAK_GLASS = Permission(
    "clinical.break_glass.pass", "Ask that a hard stop be passed in an emergency, or confirm another's asking.",
    frozenset({Role.PHARMACIST}),
)
BREAK_GLASS_REVIEW = Permission(
    "clinical.break_glass.review", "Review a hard stop that was passed in an emergency.", frozenset({Role.COMPLIANCE}),
)

ALL = (
    DOSE, BREAK_GLASS, BREAK_GLASS_REVIEW,
    READ, OPEN, ANSWER, VERIFY, WATCH, RETIRE, LOAD_INTERACTIONS, ENTER_OBSERVATION, SIGN_OBSERVATION,
    CARE_READ, MONITOR_PLAN, MONITOR_DRAW, MONITOR_RESULT, MONITOR_ACT, INTERVENE, CARE_PLAN, TEACH, CALL_LOG, CALL_REFER,
    CALL_TAKE,
    EVENT_REPORT, EVENT_REVIEW, CORRECT, OUTCOME_READ,
)
