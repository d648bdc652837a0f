# SPDX-License-Identifier: Apache-2.0
"""Allergens and conditions that are no drug class: food and lipid, latex, chlorhexidine, IgA, heparin, polysorbate (6.2)."""

from __future__ import annotations

from functools import lru_cache

from openinfusion.clinical.domain.caution import Caution, cautions
from openinfusion.clinical.domain.condition import on_record, told
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts, KnownAllergy, OrderedDrug
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.side_chain import immediate, severe_delayed

_FILE = "sensitivities.toml"


def check_sensitivity(facts: Facts) -> list[Finding]:
    """What recorded allergens and conditions say against the product, the line or the kit."""
    drug, route = facts.order.drug, facts.order.route.upper()
    rows = [r for r in _rows_of(drug) if route in (r.words("routes") or (route,))]
    found = [f for row in rows for f in _against(row, facts)]
    return found or [Finding(
        rule="sensitivity", code="sensitivity-passed", tier=Tier.PASSED, title="No sensitivity of product, line or kit",
        text=f"{len(rows)} row(s) about this drug looked at.", evidence=(drug.code,),
    )]


@lru_cache(maxsize=4096)
def _rows_of(drug: OrderedDrug) -> tuple[Caution, ...]:
    return tuple(row for row in cautions(_FILE) if _speaks(row, drug))


def _speaks(row: Caution, drug: OrderedDrug) -> bool:
    words = terms(drug)
    meant = bool(row.drugs & words) or bool(drug.allergy_groups.intersection(row.words("groups")))
    return meant and not words.intersection(row.words("unless"))


def covers_allergen(drug: OrderedDrug, allergy: KnownAllergy) -> bool:
    """Whether a row of this check speaks about this allergen and drug, so that the class need not."""
    return any(_means(row, allergy) for row in _rows_of(drug))


def _means(row: Caution, allergy: KnownAllergy) -> bool:
    allergens = row.words("allergens")
    if not (told(allergy.substance, allergens) or allergy.groups.intersection(allergens)):
        return False
    reactions = row.words("reactions")
    return not reactions or told(allergy.reaction, reactions)


def _against(row: Caution, facts: Facts) -> list[Finding]:
    found = [
        _finding(row, facts, f"{a.substance}: {a.reaction or a.severity or 'reaction not recorded'}", _tier(row, a))
        for a in facts.patient.allergies
        if _means(row, a)
    ]
    if not found:
        found = [_finding(row, facts, c, row.tier) for c in on_record(facts.patient.conditions, row.words("conditions"))[:1]]
    return found


def _tier(row: Caution, allergy: KnownAllergy) -> Tier:
    words = f"{allergy.reaction} {allergy.severity}"
    return Tier(row.word("immediate")) if immediate(words) or severe_delayed(words) else row.tier


def _finding(row: Caution, facts: Facts, recorded: str, tier: Tier) -> Finding:
    return Finding(
        rule="sensitivity", code=row.code, tier=tier, title=row.title, text=f"{recorded}. {row.text}", do=row.do,
        evidence=(facts.order.drug.code, row.code, recorded), source=row.source,
    )
