# SPDX-License-Identifier: Apache-2.0
"""How long the course is, against what is usual for the drug."""

from __future__ import annotations

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier


def check_duration(facts: Facts) -> list[Finding]:
    """The days ordered against the rows of this drug."""
    order = facts.order
    rows = cautions_for("durations.toml", terms(order.drug))
    found = [f for row in rows for f in _against(row, facts)]
    told = f"{order.days} days; {len(rows)} row(s) looked at" if rows else f"{order.days} days; no row about this drug is on file"
    return found or [Finding(rule="duration", code="duration-passed", tier=Tier.PASSED, title="Nothing against the duration",
                             text=f"{told}.", evidence=(order.drug.code, str(order.days)))]


def _against(row: Caution, facts: Facts) -> list[Finding]:
    days, soft, hard = facts.order.days, row.whole("soft_days"), row.whole("hard_days")
    stops = hard is not None and days > hard
    if not stops and (soft is None or days <= soft):
        return []
    if on_record(facts.patient.conditions, row.words("unless")):
        return []
    return [Finding(
        rule="duration", code=row.code, tier=Tier.HARD if stops else Tier.SOFT, title="The course is long",
        text=f"{days} days. {row.text}", do=row.do, evidence=(facts.order.drug.code, str(facts.order.dose), str(days)),
        source=row.source,
    )]
