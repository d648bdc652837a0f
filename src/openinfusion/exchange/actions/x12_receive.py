# SPDX-License-Identifier: Apache-2.0
"""Remittances in: an 835 file read, kept byte for byte, and every payment in it handed to billing."""
from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import (
    AdjustmentIn,
    ClaimIn,
    LineIn,
    ProviderAdjustmentIn,
    RemittanceIn,
    known_remittance,
    post_remittance,
)
from openinfusion.exchange.domain.x12.balance import PAYMENT, imbalances, signed_amount
from openinfusion.exchange.domain.x12.fingerprint import fingerprint
from openinfusion.exchange.domain.x12.remittance import Adjustment, RemitClaim, RemitLine, Remittance
from openinfusion.exchange.domain.x12.remittance_reader import collector_resting, remittances_in
from openinfusion.exchange.domain.x12.sets import transaction_sets
from openinfusion.exchange.domain.x12.tokens import interchanges_of
from openinfusion.exchange.permissions import RECEIVE
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store

MOST_BYTES = 20_000_000


@action
def receive_remittance(*, name: str, data: bytes, by: Actor) -> list[UUID]:
    """Read an 835 file and post its payments; the remittances' ids, the same again for the same content."""
    by.must(RECEIVE)
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("file", f"the file is larger than {MOST_BYTES // 1_000_000} MB"))
    with collector_resting():
        sets = [one for one in transaction_sets(interchanges_of(data)) if one.kind == "835"]
        found = remittances_in(sets)
        prints = [fingerprint(one) for one in sets]
    file_id = None if all(known_remittance(p) for p in prints) else store(name, data, "text/plain", by)
    with collector_resting():  # what is made while it is posted is kept until the end, too
        return [
            post_remittance(remittance=as_billing_reads(r), fingerprint=p, by=by, file_name=name, file_id=file_id)
            for r, p in zip(found, prints, strict=True)
        ]


def as_billing_reads(r: Remittance) -> RemittanceIn:
    """A remittance in billing's own words, with the reader's findings in words."""
    interest = sum((_interest(c) for c in r.claims), Decimal(0))  # beside the claims: see billing/domain/interest.py
    findings = [
        str(i) for i in imbalances(r)
        if i.code == PAYMENT and (not interest or (i.stated or 0) - (i.computed or 0) != interest)
    ]
    return RemittanceIn(
        payer_name=r.payer_name or "unnamed payer", payer_key=r.payer_tax_id or r.payer_id or r.payer_name,
        trace=r.trace, amount_cents=_cents(signed_amount(r)), paid_on=r.paid_on, method=r.method,
        claims=tuple(_claim(c) for c in r.claims),
        provider_adjustments=tuple(
            ProviderAdjustmentIn(p.reason, p.reference, _cents(p.amount)) for p in r.provider_adjustments
        ),
        findings=(*findings, *r.oddities), payee_npi=r.payee_npi,
    )


def _claim(c: RemitClaim) -> ClaimIn:
    return ClaimIn(
        c.patient_control, c.status, _cents(c.charge), _cents(c.paid), _cents(c.patient_responsibility),
        c.payer_control,
        c.member_id, f"{c.family}, {c.given}".strip(", "), c.first_on, _adjustments(c.adjustments),
        tuple(_line(s) for s in c.lines), c.remarks, _cents(_interest(c)),
    )


def _interest(c: RemitClaim) -> Decimal:
    """What the payer says it adds to this claim for paying late."""
    return sum((amount for kind, amount in c.amounts if kind == "I"), Decimal(0))


def _line(s: RemitLine) -> LineIn:
    return LineIn(
        s.code, s.modifiers, _cents(s.charge), _cents(s.paid), f"{s.paid_units:f}", s.original_code, s.first_on,
        s.control,
        _adjustments(s.adjustments), s.remarks,
    )


def _adjustments(found: Iterable[Adjustment]) -> tuple[AdjustmentIn, ...]:
    return tuple(AdjustmentIn(a.group, a.reason, _cents(a.amount)) for a in found)


def _cents(dollars: Decimal) -> int:
    """Dollars to cents; a fraction of a cent is a fault, not a rounding."""
    cents = dollars * 100
    if cents != cents.to_integral_value():
        raise Malformed(Fault("amount", f"{dollars} has a fraction of a cent"))
    return int(cents)
