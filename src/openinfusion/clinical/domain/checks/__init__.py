# SPDX-License-Identifier: Apache-2.0
"""All checks, in one list: facts in, findings out."""
from __future__ import annotations

from collections.abc import Callable

from openinfusion.clinical.domain.checks.allergy import check_allergy
from openinfusion.clinical.domain.checks.dose_range import check_dose_range
from openinfusion.clinical.domain.checks.duplicate import check_duplicate
from openinfusion.clinical.domain.checks.line import check_line
from openinfusion.clinical.domain.checks.nutrition import check_nutrition
from openinfusion.clinical.domain.checks.stability import check_stability
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier, in_order

Check = Callable[[Facts], list[Finding]]

CHECKS: tuple[Check, ...] = (check_allergy, check_duplicate, check_dose_range, check_line, check_stability, check_nutrition)


def judge(facts: Facts, retired: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every finding of every check, the most dangerous first. A retired rule is silent, but never a hard stop."""
    found = [finding for check in CHECKS for finding in check(facts)]
    return in_order([f for f in found if f.tier is Tier.HARD or f.code not in retired])
