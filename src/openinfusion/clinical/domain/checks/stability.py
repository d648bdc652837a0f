# SPDX-License-Identifier: Apache-2.0
"""Stability against the supply interval: does the preparation keep until its last dose?"""
from __future__ import annotations

from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier


def check_stability(facts: Facts) -> list[Finding]:
    """Whether a supply of the wished length keeps long enough."""
    data, days = facts.stability, min(facts.supply_days, facts.order.days)
    if data.hours is None:
        return [Finding(
            rule="stability", code="stability-unknown", tier=Tier.CANNOT_JUDGE, title="No stability data",
            text=data.why_not or "No row covers this drug, concentration, container and storage.",
            do="name the source you judge it by", evidence=(facts.order.drug.code, data.concentration, data.storage),
        )]
    keeps = f"{data.concentration} keeps {_hours(data.hours)}{' ' + data.storage if data.storage else ''}".strip()
    if data.hours < 24:
        return [Finding(
            rule="stability", code="stability-short", tier=Tier.SOFT, title="Keeps less than a day",
            text=f"{keeps}: it is mixed just before each dose.", do="teach the patient to mix, or send daily",
            evidence=(facts.order.drug.code, str(data.hours), str(days)), source=data.source,
        )]
    if data.hours < days * 24:
        return [Finding(
            rule="stability", code="stability-bounds-supply", tier=Tier.INFO, title="Stability shortens the supply",
            text=f"{keeps}: supplies of {data.hours // 24} days instead of {days}.",
            evidence=(str(data.hours), str(days)), source=data.source,
        )]
    return [Finding(
        rule="stability", code="stability-passed", tier=Tier.PASSED, title="Keeps for the supply interval",
        text=f"{keeps}; supplies of {days} days.", source=data.source,
    )]


def _hours(hours: int) -> str:
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"
