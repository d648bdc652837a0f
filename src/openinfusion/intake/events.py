# SPDX-License-Identifier: Apache-2.0
"""News of intake; and the words in which a referral arrives, which pure translators of messages use too."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.intake.domain.incoming import (
    AllergyIn,
    ConditionIn,
    CoverageIn,
    LabIn,
    MeasurementIn,
    OrderIn,
    PersonIn,
    ReferralIn,
    SexIn,
)
from openinfusion.kernel.news import News

__all__ = [
    "AllergyIn", "AuthorizationDecided", "ConditionIn", "CoverageIn", "LabIn", "MeasurementIn", "OrderIn", "PersonIn",
    "ReferralAccepted", "ReferralIn", "ReferralReceived", "SexIn",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(News):
    """A referral has come in."""

    referral_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAccepted(News):
    """A referral was accepted; its therapy and its first prescription stand."""

    referral_id: UUID
    therapy_id: UUID
    prescription_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationDecided(News):
    """A payer has decided on an authorization: approved, partial or denied."""

    authorization_id: UUID
    referral_id: UUID
    decision: str
