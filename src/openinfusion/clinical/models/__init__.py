# SPDX-License-Identifier: Apache-2.0
"""The tables of the clinical room."""

from __future__ import annotations

from openinfusion.clinical.models.firing import Firing, Outcome, RuleStanding, Trigger
from openinfusion.clinical.models.interaction import Interaction, InteractionSet
from openinfusion.clinical.models.observation import CompatibilityObservation
from openinfusion.clinical.models.review import FindingAnswer, Review

__all__ = [
    "CompatibilityObservation",
    "FindingAnswer",
    "Firing",
    "Interaction",
    "InteractionSet",
    "Outcome",
    "Review",
    "RuleStanding",
    "Trigger",
]
