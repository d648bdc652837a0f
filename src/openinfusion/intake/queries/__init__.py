# SPDX-License-Identifier: Apache-2.0
"""Reads of intake."""
from __future__ import annotations

from openinfusion.intake.queries.authorization_case import (
    AuthorizationCase,
    ListedAuthorization,
    authorization_case,
    facts_of,
    listed,
    run_out_soon,
)
from openinfusion.intake.queries.expectation import ExpectationRow, expectations_of, expected_now
from openinfusion.intake.queries.expected import expected_for, expected_of
from openinfusion.intake.queries.facts import (
    ReferralFact,
    board_rows,
    counts_by_state,
    dose_of,
    facts_with,
    referral_fact,
    referral_facts,
    referral_row,
)
from openinfusion.intake.queries.records import (
    AssessmentFact,
    AuthorizationFact,
    BenefitsFact,
    assessment_of,
    authorization_fact,
    authorizations_on,
    authorizations_where,
    benefits_of,
    due_authorizations,
)

__all__ = [
    "AssessmentFact",
    "AuthorizationCase",
    "AuthorizationFact",
    "BenefitsFact",
    "ExpectationRow",
    "ListedAuthorization",
    "ReferralFact",
    "assessment_of",
    "authorization_case",
    "authorization_fact",
    "authorizations_on",
    "authorizations_where",
    "benefits_of",
    "board_rows",
    "counts_by_state",
    "dose_of",
    "due_authorizations",
    "expectations_of",
    "expected_for",
    "expected_now",
    "expected_of",
    "facts_of",
    "facts_with",
    "listed",
    "referral_fact",
    "referral_facts",
    "referral_row",
    "run_out_soon",
]
