# SPDX-License-Identifier: Apache-2.0
"""News of the clinical room."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionVerified(News):
    """A pharmacist verified and signed a prescription version."""

    prescription_id: UUID
    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReopened(News):
    """A verified order went back to the pharmacist, because what was known changed."""

    prescription_id: UUID
    therapy_id: UUID
