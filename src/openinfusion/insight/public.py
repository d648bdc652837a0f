# SPDX-License-Identifier: Apache-2.0
"""The door of insight: measures, and the margin of a therapy, expected against actual."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.billing.public import MarginActual, margin_actual
from openinfusion.delivery.public import supplied_days
from openinfusion.insight.domain.measure import Measure
from openinfusion.insight.queries import all_measures, measure
from openinfusion.intake.public import ExpectedMargin, expected_margin
from openinfusion.kernel.refusal import NotFound

__all__ = ["ComparedMargin", "Measure", "all_measures", "margin", "measure"]


@dataclass(frozen=True, slots=True)
class ComparedMargin:
    """What was expected of a therapy when it was accepted, if it was, and what it has brought so far."""

    expected: ExpectedMargin | None
    actual: MarginActual
    supplied_days: int  # days of the course that delivered supplies cover


def margin(therapy_id: UUID) -> ComparedMargin:
    """The margin of a therapy, expected against actual; nothing is expected of one that did not come by intake."""
    try:
        expected = expected_margin(therapy_id)
    except NotFound:
        expected = None
    return ComparedMargin(expected, margin_actual(therapy_id), supplied_days(therapy_id))
