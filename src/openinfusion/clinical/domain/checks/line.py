# SPDX-License-Identifier: Apache-2.0
"""The line: osmolarity, vesicants, pH and long courses against where the tip lies (clinical specification 6.7)."""
from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.quantity import shown_number

_NO_VEIN = frozenset({"sc", "subcutaneous", "intrathecal", "epidural", "enteral"})
_ARM_VEINS_SPARED = ("N18.32", "N18.4", "N18.5", "N18.6")


def check_line(facts: Facts) -> list[Finding]:
    """Whether what is ordered may run through the line the patient has."""
    if not facts.order.intravenous:
        return [_passed(f"Route {facts.order.route}: no vein needed.")]
    if not facts.patient.line_tip:
        return [Finding(
            rule="line", code="line-not-recorded", tier=Tier.CANNOT_JUDGE, title="No line is recorded",
            text="Where the tip lies is not known, so the line cannot be judged.",
            do="record the line, or say how the drug will be given", evidence=(facts.order.drug.code,),
        )]
    if facts.patient.line_tip in _NO_VEIN:
        return [Finding(
            rule="line", code="line-no-vein", tier=Tier.CANNOT_JUDGE, title="The line on record is in no vein",
            text=f"{facts.patient.line_type or 'Line'}, tip {facts.patient.line_tip}; the order is intravenous.",
            do="record the venous line, or clarify the route", evidence=(facts.order.drug.code, facts.patient.line_tip),
        )]
    if facts.patient.line_tip == "central":
        return _arm_veins(facts) or [_passed(f"{facts.patient.line_type or 'Line'} with a central tip.")]
    found = [*_osmolarity(facts), *(_vesicant(facts) or _ph(facts)), *_long_course(facts)]
    return found or [_passed(f"{facts.patient.line_type or 'Line'}, tip {facts.patient.line_tip}.")]


def _passed(text: str) -> Finding:
    return Finding(rule="line", code="line-passed", tier=Tier.PASSED, title="The line fits", text=text)


def _osmolarity(facts: Facts) -> list[Finding]:
    osmolarity, limit = facts.order.osmolarity_mosm_per_l, figure("peripheral_osmolarity_max")
    if osmolarity is None and "parenteral_nutrition" in terms(facts.order.drug):
        return [Finding(
            rule="line", code="line-osmolarity-unknown", tier=Tier.CANNOT_JUDGE, title="Osmolarity is not on the order",
            text=f"A {facts.patient.line_tip} tip takes at most {limit.value} mOsm/L, and the order does not say how much it is.",
            do="work it out from the formula, or a central line", evidence=(str(facts.order.dose), facts.patient.line_tip),
            source=limit.source,
        )]
    if osmolarity is None or osmolarity <= limit.value:
        return []
    return [Finding(
        rule="line", code="line-osmolarity", tier=Tier.HARD, title="Too concentrated for this line",
        text=f"{osmolarity} mOsm/L; a {facts.patient.line_tip} tip takes at most {limit.value} mOsm/L.",
        do="a central line, or a more dilute preparation",
        evidence=(str(osmolarity), facts.patient.line_tip), source=limit.source,
    )]


def _vein_row(facts: Facts, column: str) -> Caution | None:
    rows = cautions_for("veins.toml", terms(facts.order.drug))
    return next((r for r in rows if r.word(column)), None)


def _vesicant(facts: Facts) -> list[Finding]:
    drug, row = facts.order.drug, _vein_row(facts, "list")
    listed = drug.vesicant or (row.word("list") if row else "")
    if not listed:
        return []
    all_day = facts.order.daily_minutes >= 24 * 60
    tier = Tier.HARD if all_day and listed == "red" else Tier.SOFT
    return [Finding(
        rule="line", code="line-vesicant-continuous" if all_day else "line-vesicant", tier=tier,
        title="Vesicant through a line that is not central",
        text=f"{drug.name} harms tissue when it leaks ({listed} list); the tip is {facts.patient.line_tip}.",
        do="a central line" if tier is Tier.HARD else "a central line, or watch the site at every dose",
        evidence=(drug.code, facts.patient.line_tip, str(facts.order.infusion_minutes)), source=row.source if row else None,
    )]


def _ph(facts: Facts) -> list[Finding]:
    row, low, high = _vein_row(facts, "ph"), figure("ph_low"), figure("ph_high")
    ph = row.number("ph") if row else None
    if row is None or ph is None or low.value <= ph <= high.value:
        return []
    return [Finding(
        rule="line", code="line-ph", tier=Tier.INFO, title="Irritates a small vein",
        text=f"{facts.order.drug.name} has a pH of about {shown_number(ph)}; {low.value} to {high.value} is kind to a vein.",
        do="watch the site, dilute, or a central line", evidence=(facts.order.drug.code, facts.patient.line_tip),
        source=row.source,
    )]


def _long_course(facts: Facts) -> list[Finding]:
    limit, hours = figure("peripheral_days_max"), facts.order.interval_hours or 0
    if facts.order.days <= limit.value or hours >= figure("each_visit_hours").value:
        return []  # a vein is opened for each visit
    return [Finding(
        rule="line", code="line-long-course", tier=Tier.SOFT, title="Long course without a central line",
        text=f"{facts.order.days} days through a {facts.patient.line_tip} line; beyond {limit.value} days a central "
             "line is advised.",
        do="ask for a PICC or a port", evidence=(str(facts.order.days), facts.patient.line_tip), source=limit.source,
    )]


def _arm_veins(facts: Facts) -> list[Finding]:
    """A PICC where the arm veins should be spared for dialysis."""
    if not facts.patient.line_type.lower().startswith("picc"):
        return []
    recorded = on_record(facts.patient.conditions, _ARM_VEINS_SPARED)
    crcl, limit = facts.patient.crcl_ml_per_min, figure("picc_crcl_min")
    low = crcl is not None and crcl.value < limit.value
    if not recorded and not low:
        return []
    return [Finding(
        rule="line", code="line-picc-kidney", tier=Tier.SOFT if recorded else Tier.INFO,
        title="PICC with low kidney function",
        text=f"{recorded[0] if recorded else f'Clearance below {limit.value} mL/min'}: arm veins are spared for dialysis.",
        do="ask the kidney team; a tunnelled line in the jugular vein",
        evidence=(facts.patient.line_type, recorded[0] if recorded else "low clearance"), source=limit.source,
    )]
