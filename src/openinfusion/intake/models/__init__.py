# SPDX-License-Identifier: Apache-2.0
"""The tables of intake."""
from __future__ import annotations

from openinfusion.intake.models.authorization import Authorization, AuthorizationMessage, AuthorizationUse
from openinfusion.intake.models.expectation import Cause, Expectation
from openinfusion.intake.models.referral import Assessment, Assistance, Benefits, ItemReceived, Referral

__all__ = [
    "Assessment", "Assistance", "Authorization", "AuthorizationMessage", "AuthorizationUse", "Benefits", "Cause",
    "Expectation", "ItemReceived", "Referral",
]
