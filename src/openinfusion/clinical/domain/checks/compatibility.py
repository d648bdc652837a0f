# SPDX-License-Identifier: Apache-2.0
"""Drugs that meet in one line: only signed observations of the site answer; no data means apart (clinical specification 6.6)."""

from __future__ import annotations

from openinfusion.clinical.domain.compatibility import Mixed, Outcome, verdict
from openinfusion.clinical.domain.facts import Facts, OtherOrder
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.interaction import pair_of
from openinfusion.clinical.domain.purpose import EXEMPT

_DAY = 24 * 60
_WORDS = {
    Outcome.INCOMPATIBLE: "incompatible by a signed observation",
    Outcome.UNCERTAIN: "uncertain: signed observations disagree",
    Outcome.NO_DATA: "no signed data cover these concentrations",
}


def check_compatibility(facts: Facts) -> list[Finding]:
    """This infusion beside every other one that runs on the same days."""
    order = facts.order
    beside = [o for o in facts.others if _meets(o, facts)] if order.intravenous and order.purpose not in EXEMPT else []
    found = [f for other in beside for f in _with(other, facts)]
    return found or [Finding(
        rule="compatibility", code="compatibility-passed", tier=Tier.PASSED, title="Nothing incompatible in the line",
        text=f"{len(beside)} other infusion(s) on the same days.", evidence=(order.drug.code,),
    )]


def _meets(other: OtherOrder, facts: Facts) -> bool:
    return other.intravenous and other.purpose not in EXEMPT and other.overlap_days(facts.order) > 0


def _with(other: OtherOrder, facts: Facts) -> list[Finding]:
    order = facts.order
    said = verdict(
        Mixed(order.drug.code, order.concentration, order.diluent),
        Mixed(other.drug.code, other.concentration, other.diluent),
        facts.observations.get(pair_of(order.drug.code, other.drug.code), ()),
    )
    if said is Outcome.COMPATIBLE:
        return []
    together = order.daily_minutes + other.daily_minutes > _DAY  # the day is too short to keep them apart
    if facts.patient.lumens > 1:
        tier, do = Tier.INFO, "use separate lumens; never through a Y-site"
    elif not together:
        tier, do = Tier.INFO, "one after the other with a flush between; never through a Y-site"
    else:
        tier, do = (Tier.HARD if said is Outcome.INCOMPATIBLE else Tier.SOFT), "a second line or lumen, or other times"
    return [Finding(
        rule="compatibility", code=f"compatibility-{said.name.lower().replace('_', '-')}", tier=tier,
        title=f"{order.drug.name} and {other.drug.name} in one line" if facts.patient.lumens == 1 else
        f"{order.drug.name} and {other.drug.name}",
        text=f"{_WORDS[said][:1].upper()}{_WORDS[said][1:]}."
             + (" Together they run longer than a day has." if together else ""),
        do=do, evidence=(order.drug.code, str(order.concentration), str(order.daily_minutes), other.drug.code,
                         str(other.concentration), str(other.daily_minutes), str(facts.patient.lumens), said.value),
    )]
