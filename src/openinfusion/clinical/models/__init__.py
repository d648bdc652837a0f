# SPDX-License-Identifier: Apache-2.0
"""The tables of the clinical room."""

from __future__ import annotations

from openinfusion.clinical.models.firing import Firing, Outcome, RuleStanding, Trigger
from openinfusion.clinical.models.review import FindingAnswer, Review

__all__ = ["FindingAnswer", "Firing", "Outcome", "Review", "RuleStanding", "Trigger"]
