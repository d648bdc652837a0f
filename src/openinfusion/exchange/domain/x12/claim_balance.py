# SPDX-License-Identifier: Apache-2.0
"""Do the sums of an 837 agree? The claim against its lines, and what each earlier payer paid against its adjustments."""
from __future__ import annotations

from collections.abc import Iterator

from openinfusion.exchange.domain.x12.claim_read import ClaimRead, ClaimSet
from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.values import ZERO


def claim_findings(found: ClaimSet) -> Iterator[Finding]:
    """Sums that do not agree: the claim's charge against its lines, and what each earlier payer paid."""
    for claim in found.claims:
        lines = sum((line.charge for line in claim.lines), ZERO)
        if lines != claim.charge:
            yield Finding(Level.CLAIM, claim.segment, "claim-lines", claim.patient_control,
                          "the claim's charge is not the sum of its lines", claim.charge, lines)
        yield from _other_findings(claim)


def _other_findings(claim: ClaimRead) -> Iterator[Finding]:
    for line in claim.lines:
        for a in line.adjudicated:
            if line.charge != a.paid + a.adjusted:
                text = f"what {a.payer_id} paid is not the line's charge less its adjustments"
                subject = f"{claim.patient_control} {line.code}"
                yield Finding(Level.SERVICE, line.segment, "line-cob", subject, text, a.paid, line.charge - a.adjusted)
    for other in claim.others:
        if other.paid is not None:
            below = sum((a.adjusted for line in claim.lines for a in line.adjudicated if a.payer_id == other.id), ZERO)
            computed = claim.charge - other.adjusted - below
            if computed != other.paid:
                text = f"what {other.name or other.id} paid is not the claim's charge less its adjustments"
                yield Finding(Level.CLAIM, claim.segment, "claim-cob", claim.patient_control, text, other.paid, computed)
