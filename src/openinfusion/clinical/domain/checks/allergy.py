# SPDX-License-Identifier: Apache-2.0
"""Allergy: the same ingredient, then the same class, then a beta-lactam's side chain (clinical specification 6.2)."""
from __future__ import annotations

from openinfusion.clinical.domain.checks.sensitivity import covers_allergen
from openinfusion.clinical.domain.facts import Facts, KnownAllergy, OrderedDrug
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.side_chain import (
    Kinship,
    Rows,
    beta_lactam_in,
    immediate,
    kinship,
    severe_delayed,
    side_chain_source,
)

_ASK = "choose another drug, or correct the allergy record with the patient"


def check_allergy(facts: Facts) -> list[Finding]:
    """What the recorded allergies say against the ordered drug."""
    if facts.patient.allergy_state == "not_recorded":
        return [Finding(
            rule="allergy", code="allergy-not-recorded", tier=Tier.HARD, title="Allergies are not recorded",
            text="Nobody has asked this patient about allergies.", do="record them, or record that none are known",
        )]
    found = [f for a in facts.patient.allergies if (f := _against(facts.order.drug, a, facts.side_chains)) is not None]
    return found or [Finding(
        rule="allergy", code="allergy-passed", tier=Tier.PASSED, title="No allergy against this drug",
        text=_read(facts.patient.allergies), evidence=(facts.order.drug.code,),
    )]


def _read(allergies: tuple[KnownAllergy, ...]) -> str:
    if not allergies:
        return "No known allergies."
    return f"{len(allergies)} recorded: {', '.join(a.substance for a in allergies)}."


def _against(drug: OrderedDrug, allergy: KnownAllergy, rows: Rows) -> Finding | None:
    names = {n.replace("_", " ").lower() for n in (drug.code, drug.name, *drug.ingredients)}
    substance = allergy.substance.lower()
    coded = allergy.drug_code.replace("_", " ").lower()
    if (coded and coded in names) or any(n and n in substance for n in names):
        return _same_ingredient(drug, allergy)
    ordered = beta_lactam_in(f"{drug.name} {drug.code} {' '.join(sorted(drug.ingredients))}", rows)
    recorded = beta_lactam_in(f"{allergy.substance} {allergy.drug_code}", rows)
    if ordered and severe_delayed(_words(allergy)) and (recorded or _penicillin_label(allergy)):
        return _severe(drug, allergy)
    if ordered and recorded and (found := _by_side_chain(drug, allergy, kinship(ordered, recorded, rows))):
        return found
    if ordered and _penicillin_label(allergy):
        return _same_class(drug, allergy, "penicillin") if _is_penicillin(drug, ordered) else None
    shared = drug.allergy_groups & allergy.groups - {"beta_lactam"}
    if covers_allergen(drug, allergy):
        return None  # the sensitivity check has a row of its own for it
    return _same_class(drug, allergy, min(shared)) if shared else None


def _penicillin_label(allergy: KnownAllergy) -> bool:
    substance = allergy.substance.lower()
    return "cillin" in substance or "cillin" in allergy.drug_code or "penicillin" in allergy.groups


def _words(allergy: KnownAllergy) -> str:
    return " ".join((allergy.reaction, allergy.severity))


def _finding(code: str, tier: Tier, drug: OrderedDrug, allergy: KnownAllergy, title: str, text: str) -> Finding:
    return Finding(
        rule="allergy", code=code, tier=tier, title=title, text=text, do=_ASK,
        evidence=(drug.code, allergy.substance, allergy.reaction, allergy.severity), source=side_chain_source(),
    )


def _same_ingredient(drug: OrderedDrug, allergy: KnownAllergy) -> Finding:
    mild = allergy.severity.lower() in ("intolerance", "mild")
    return _finding(
        "allergy-same-drug", Tier.SOFT if mild else Tier.HARD, drug, allergy, f"Allergy to {allergy.substance}",
        f"{_reaction(allergy)} to the drug that is ordered.",
    )


def _severe(drug: OrderedDrug, allergy: KnownAllergy) -> Finding:
    return _finding(
        "allergy-severe-delayed", Tier.HARD, drug, allergy, "Avoid every beta-lactam",
        f"{_reaction(allergy)} to {allergy.substance}: a severe delayed reaction.",
    )


def _by_side_chain(drug: OrderedDrug, allergy: KnownAllergy, related: Kinship) -> Finding | None:
    if related is Kinship.DISSIMILAR:
        return None
    hard = related is Kinship.IDENTICAL and immediate(_words(allergy))
    same = related is Kinship.IDENTICAL
    word, likeness = ("Same", "the identical") if same else ("Similar", "a similar")
    return _finding(
        f"allergy-{word.lower()}-side-chain", Tier.HARD if hard else Tier.SOFT, drug, allergy,
        f"{word} side chain as {allergy.substance}",
        f"{_reaction(allergy)} to {allergy.substance}; {drug.name} has {likeness} R1 side chain.",
    )


def _is_penicillin(drug: OrderedDrug, ordered: str) -> bool:
    """A bare “penicillin” label covers the penicillins; cephalosporins with another side chain are not alerted."""
    return "penicillin" in drug.allergy_groups or ordered.endswith("cillin") or ordered.startswith("penicillin")


def _same_class(drug: OrderedDrug, allergy: KnownAllergy, group: str) -> Finding | None:
    if group in ("beta_lactam", "cephalosporin", "carbapenem"):
        return None  # the side chain decides, not the class
    tier = Tier.HARD if immediate(_words(allergy)) or severe_delayed(_words(allergy)) else Tier.SOFT
    return _finding(
        "allergy-same-class", tier, drug, allergy, f"Allergy to {allergy.substance}",
        f"{_reaction(allergy)} to {allergy.substance}; {drug.name} is of the same class ({group.replace('_', ' ')}).",
    )


def _reaction(allergy: KnownAllergy) -> str:
    return (allergy.reaction or allergy.severity or "reaction not recorded").capitalize()
