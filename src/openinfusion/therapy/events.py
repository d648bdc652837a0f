# SPDX-License-Identifier: Apache-2.0
"""News of the therapy room: what became of a course and its prescriptions."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyBegun(News):
    """A course of therapy was opened for a patient."""

    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionTranscribed(News):
    """A prescription version stands in the house and waits for a pharmacist."""

    prescription_id: UUID
    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionEnded(News):
    """A version is no longer to be filled: changed, completed, discontinued or expired."""

    prescription_id: UUID
    therapy_id: UUID
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSigned(News):
    """The prescriber's dated signature on the plan of treatment is on file."""

    plan_id: UUID
    therapy_id: UUID
