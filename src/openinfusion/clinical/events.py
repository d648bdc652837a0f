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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(News):
    """A call that something waits for was settled: whether it may ``go`` or is on ``hold``, who said so and in which words."""

    call_id: UUID
    holds: UUID
    release: str
    words: str
    settled_by: UUID
    settler_name: str
