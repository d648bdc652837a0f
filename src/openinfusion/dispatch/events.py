# SPDX-License-Identifier: Apache-2.0
"""News of dispatch."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlanAsked(News):
    """A plan of a day was asked for and waits for a worker."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitePlanAsked(News):
    """A plan of a suite's day was asked for and waits for a worker."""

    plan_id: UUID
