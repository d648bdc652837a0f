# SPDX-License-Identifier: Apache-2.0
"""Claims read from an 837 and paid by the simulated payers: one balanced 835 for each payer."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.simulated.remittance import Answer, answer
from openinfusion.exchange.domain.x12.claim import AddressOut, ClaimOut, LineOut, PayerOut, PersonOut, ProviderOut
from openinfusion.exchange.domain.x12.claim_read import ClaimRead, LineRead
from openinfusion.exchange.domain.x12.writing import GREATEST_CONTROL, Envelope

USUAL_SHARE = Decimal("0.7")
NOWHERE = AddressOut("", "", "", "")


def claim_again(c: ClaimRead) -> ClaimOut:
    """As much of our claim as a payer needs to answer it."""
    return ClaimOut(
        c.patient_control, c.charge, c.place, PersonOut(c.family, c.given, c.born_on or date.min, "U", NOWHERE), c.member_id,
        PayerOut(c.payer_name, c.payer_id, c.filing), ProviderOut(c.billing_name, c.billing_npi), c.diagnoses,
        tuple(_line_again(line) for line in c.lines), frequency=c.frequency,
    )


def _line_again(line: LineRead) -> LineOut:
    first = line.first_on or date.min
    return LineOut(line.control, line.code, line.charge, line.units, first, line.last_on or first, line.modifiers)


def remittances(claims: Sequence[ClaimOut], allowed: Mapping[str, Decimal], e: Envelope) -> Iterator[str]:
    """One 835 for each payer among these claims. Lines without an allowed amount are worth 70 % of their charge."""
    groups: dict[str, list[ClaimOut]] = {}
    for claim in claims:
        groups.setdefault(claim.payer.id, []).append(claim)
    for n, mine in enumerate(groups.values()):
        worth = {line.control: allowed.get(line.control, _usual(line.charge)) for c in mine for line in c.lines}
        control = (e.control + n) % GREATEST_CONTROL or 1
        how = Answer(mine[0].payer, "999000001", f"SIM{control:09d}", e.on, control, worth, {})
        yield answer([replace(c, payer=mine[0].payer) for c in mine], how)


def _usual(charge: Decimal) -> Decimal:
    return (charge * USUAL_SHARE).quantize(Decimal("0.01"))
