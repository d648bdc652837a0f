# SPDX-License-Identifier: Apache-2.0
"""The tables of the clinical room."""

from __future__ import annotations

from openinfusion.clinical.models.break_glass import BreakGlass
from openinfusion.clinical.models.call import Call
from openinfusion.clinical.models.dosing import DosingNote
from openinfusion.clinical.models.education import Education
from openinfusion.clinical.models.event import ClinicalEvent
from openinfusion.clinical.models.firing import Firing, Outcome, RuleStanding, Trigger
from openinfusion.clinical.models.goal import Goal, GoalReview
from openinfusion.clinical.models.interaction import Interaction, InteractionSet
from openinfusion.clinical.models.intervention import Intervention
from openinfusion.clinical.models.monitoring import Monitoring
from openinfusion.clinical.models.observation import CompatibilityObservation
from openinfusion.clinical.models.review import FindingAnswer, Review

__all__ = [
    "BreakGlass",
    "Call",
    "ClinicalEvent",
    "CompatibilityObservation",
    "DosingNote",
    "Education",
    "FindingAnswer",
    "Firing",
    "Goal",
    "GoalReview",
    "Interaction",
    "InteractionSet",
    "Intervention",
    "Monitoring",
    "Outcome",
    "Review",
    "RuleStanding",
    "Trigger",
]
