# SPDX-License-Identifier: Apache-2.0
"""All checks, in one list: facts in, findings out. The manual is written from this list and from the rows it names."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openinfusion.clinical.domain.checks.age import check_age
from openinfusion.clinical.domain.checks.allergy import check_allergy
from openinfusion.clinical.domain.checks.compatibility import check_compatibility
from openinfusion.clinical.domain.checks.device import check_device
from openinfusion.clinical.domain.checks.dose_range import check_dose_range
from openinfusion.clinical.domain.checks.duplicate import check_duplicate
from openinfusion.clinical.domain.checks.duration import check_duration
from openinfusion.clinical.domain.checks.hepatic import check_hepatic
from openinfusion.clinical.domain.checks.interaction import check_interaction
from openinfusion.clinical.domain.checks.lab import check_lab
from openinfusion.clinical.domain.checks.line import check_line
from openinfusion.clinical.domain.checks.monitoring import check_monitoring
from openinfusion.clinical.domain.checks.nutrition import check_nutrition
from openinfusion.clinical.domain.checks.pregnancy import check_pregnancy
from openinfusion.clinical.domain.checks.rate import check_rate
from openinfusion.clinical.domain.checks.regimen import check_regimen
from openinfusion.clinical.domain.checks.renal import check_renal
from openinfusion.clinical.domain.checks.route import check_route
from openinfusion.clinical.domain.checks.sensitivity import check_sensitivity
from openinfusion.clinical.domain.checks.stability import check_stability
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier, in_order


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its rule's name, a title, the section of the clinical specification, its function and its rows."""

    rule: str
    title: str
    section: str
    run: Callable[[Facts], list[Finding]]
    files: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        return (self.run.__doc__ or "").strip()


CHECKS: tuple[Check, ...] = (
    Check("interaction", "Interactions", "6.1", check_interaction, ("interactions.toml",)),
    Check("allergy", "Allergy and side chain", "6.2", check_allergy),
    Check("sensitivity", "Sensitivities of product, line and kit", "6.2", check_sensitivity, ("sensitivities.toml",)),
    Check("duplicate", "Duplicate therapy", "6.3", check_duplicate),
    Check("dose_range", "Dose range", "6.4", check_dose_range),
    Check("rate", "Rate, concentration and dilution", "6.4", check_rate, ("rates.toml",)),
    Check("lab", "Laboratory results", "6.5", check_lab, ("labs.toml",)),
    Check("renal", "Kidney", "6.4", check_renal, ("renal.toml",)),
    Check("hepatic", "Liver", "6.5", check_hepatic, ("hepatic.toml",)),
    Check("age", "Age", "6.4", check_age, ("ages.toml",)),
    Check("pregnancy", "Pregnancy and lactation", "6.9", check_pregnancy, ("pregnancy.toml",)),
    Check("route", "Route", "8", check_route),
    Check("line", "Line", "6.7", check_line, ("veins.toml",)),
    Check("compatibility", "Compatibility and Y-site", "6.6", check_compatibility),
    Check("stability", "Stability", "6.6", check_stability),
    Check("duration", "Duration", "6.4", check_duration, ("durations.toml",)),
    Check("monitoring", "Monitoring", "6.8", check_monitoring, ("monitoring.toml",)),
    Check("nutrition", "Parenteral nutrition", "3", check_nutrition),
    Check("regimen", "Chemotherapy against its regimen", "6.4", check_regimen),
    Check("device", "Heart pumps and inotropes", "6.10", check_device, ("devices.toml",)),
)


def judge(facts: Facts, retired: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every finding of every check, the most dangerous first. A retired rule is silent, but never a hard stop."""
    found = [finding for check in CHECKS for finding in check.run(facts)]
    return in_order([f for f in found if f.tier is Tier.HARD or f.code not in retired])
