# SPDX-License-Identifier: Apache-2.0
"""Home inotropes and heart pumps: what drug and conditions together ask for (clinical specification 6.10)."""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import medication_terms, terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier


def check_device(facts: Facts) -> list[Finding]:
    """The rows about inotropes, prostacyclins and heart pumps."""
    words = terms(facts.order.drug)
    found = [_finding(row, facts) for row in cautions("devices.toml") if row.drugs & words and _asked(row, facts)]
    return found or [Finding(rule="device", code="device-passed", tier=Tier.PASSED, title="No heart pump or inotrope",
                             text="Nothing on record asks for more.", evidence=(facts.order.drug.code,))]


def _asked(row: Caution, facts: Facts) -> bool:
    names = row.words("conditions")
    if not names:
        return True
    if not on_record(facts.patient.conditions, names):
        return False
    return row.code != "device-lvad-inr" or not _told_by_interaction(facts)


def _told_by_interaction(facts: Facts) -> bool:
    """Warfarin on the home list: the interaction check says the same about this very drug."""
    own = terms(facts.order.drug)
    return "inr_raising_antibiotic" in own and any("warfarin" in medication_terms(m) for m in facts.patient.medications)


def _finding(row: Caution, facts: Facts) -> Finding:
    return Finding(
        rule="device", code=row.code, tier=row.tier, title=row.title, text=row.text, do=row.do,
        evidence=(facts.order.drug.code, str(facts.order.dose), row.code), source=row.source,
    )
