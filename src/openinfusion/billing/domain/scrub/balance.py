# SPDX-License-Identifier: Apache-2.0
"""SNIP 3: the sums of a claim agree, its own and those of the payer before."""

from __future__ import annotations

from collections.abc import Iterator

from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.subject import ScrubClaim
from openinfusion.kernel.money import Money


def balance_findings(c: ScrubClaim) -> Iterator[Finding]:
    total = sum(x.charge_cents for x in c.lines)
    if total != c.charge_cents:
        yield Finding(
            "sum",
            Level.BALANCE,
            f"the lines add up to {Money(total)}, and the claim says {Money(c.charge_cents)}",
            Place.CLAIM,
        )
    if c.earlier is not None and c.earlier.paid_cents + c.earlier.adjusted_cents != c.charge_cents:
        yield Finding(
            "earlier-sum",
            Level.BALANCE,
            f"the payer before paid {Money(c.earlier.paid_cents)} and adjusted {Money(c.earlier.adjusted_cents)}, not the "
            f"{Money(c.charge_cents)} charged",
            Place.CLAIM,
        )
