# SPDX-License-Identifier: Apache-2.0
"""The line: osmolarity, vesicants and long courses against where the tip lies (clinical specification 6.7)."""
from __future__ import annotations

from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier

_INTRAVENOUS = frozenset({"IV", "INTRAVENOUS"})


def check_line(facts: Facts) -> list[Finding]:
    """Whether what is ordered may run through the line the patient has."""
    if facts.order.route.upper() not in _INTRAVENOUS:
        return [_passed(f"Route {facts.order.route}: no vein needed.")]
    if not facts.patient.line_tip:
        return [Finding(
            rule="line", code="line-not-recorded", tier=Tier.CANNOT_JUDGE, title="No line is recorded",
            text="Where the tip lies is not known, so the line cannot be judged.",
            do="record the line, or say how the drug will be given", evidence=(facts.order.drug.code,),
        )]
    if facts.patient.line_tip == "central":
        return [_passed(f"{facts.patient.line_type or 'Line'} with a central tip.")]
    found = [*_osmolarity(facts), *_vesicant(facts), *_long_course(facts)]
    return found or [_passed(f"{facts.patient.line_type or 'Line'}, tip {facts.patient.line_tip}.")]


def _passed(text: str) -> Finding:
    return Finding(rule="line", code="line-passed", tier=Tier.PASSED, title="The line fits", text=text)


def _osmolarity(facts: Facts) -> list[Finding]:
    osmolarity, limit = facts.order.osmolarity_mosm_per_l, figure("peripheral_osmolarity_max")
    if osmolarity is None or osmolarity <= limit.value:
        return []
    return [Finding(
        rule="line", code="line-osmolarity", tier=Tier.HARD, title="Too concentrated for this line",
        text=f"{osmolarity} mOsm/L; a {facts.patient.line_tip} tip takes at most {limit.value} mOsm/L.",
        do="a central line, or a more dilute preparation",
        evidence=(str(osmolarity), facts.patient.line_tip), source=limit.source,
    )]


def _vesicant(facts: Facts) -> list[Finding]:
    drug = facts.order.drug
    if not drug.vesicant:
        return []
    all_day = facts.order.infusion_minutes * facts.order.doses_per_day >= 24 * 60
    tier = Tier.HARD if all_day and drug.vesicant == "red" else Tier.SOFT
    return [Finding(
        rule="line", code="line-vesicant-continuous" if all_day else "line-vesicant", tier=tier,
        title="Vesicant through a line that is not central",
        text=f"{drug.name} harms tissue when it leaks ({drug.vesicant} list); the tip is {facts.patient.line_tip}.",
        do="a central line" if tier is Tier.HARD else "a central line, or watch the site at every dose",
        evidence=(drug.code, facts.patient.line_tip, str(facts.order.infusion_minutes)),
    )]


def _long_course(facts: Facts) -> list[Finding]:
    limit = figure("peripheral_days_max")
    if facts.order.days <= limit.value:
        return []
    return [Finding(
        rule="line", code="line-long-course", tier=Tier.SOFT, title="Long course without a central line",
        text=f"{facts.order.days} days through a {facts.patient.line_tip} line; beyond {limit.value} days a central "
             "line is advised.",
        do="ask for a PICC or a port", evidence=(str(facts.order.days), facts.patient.line_tip), source=limit.source,
    )]
