# SPDX-License-Identifier: Apache-2.0
"""Claims of the pharmacy benefit as NCPDP messages: one B1 a drug line, or the B2 that takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.billing.public import ClaimFact, ClaimLineFact, diagnoses, prescriber
from openinfusion.delivery.public import ticket
from openinfusion.exchange.domain.ncpdp.claim import PharmacyClaim, rx_reference
from openinfusion.exchange.domain.trading_partners import Switch, switch_for
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients.public import PatientFact, patients
from openinfusion.payers.public import PlanFact, plans
from openinfusion.sites.public import PharmacyFact, pharmacies

UNITS = {"UN": "EA", "ML": "ML", "GR": "GM"}
SEX = {"male": "1", "female": "2"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim with the messages that bill it, or what keeps them from being written."""

    claim: ClaimFact
    messages: tuple[PharmacyClaim, ...]
    faults: tuple[Fault, ...] = ()


def pharmacy_claims(claims: Iterable[ClaimFact]) -> list[Asked]:
    """What each claim says to the processor of its plan."""
    found = list(claims)
    who = patients([c.patient_id for c in found])
    known, sites = {p.id: p for p in plans()}, {p.id: p for p in pharmacies()}
    return [_asked(c, who[c.patient_id], known.get(c.plan_id) if c.plan_id else None, sites[c.site_id]) for c in found]


def _asked(c: ClaimFact, who: PatientFact, plan: PlanFact | None, site: PharmacyFact) -> Asked:
    way = switch_for(plan.payer_id) if plan else None
    if way is None:
        return Asked(c, (), (Fault("BIN", "the processor's BIN and PCN of this plan are not on file"),))
    drugs = [x for x in c.lines if x.kind == "drug" and "JW" not in x.modifiers]
    if not drugs:
        return Asked(c, (), (Fault("lines", "the pharmacy benefit pays drugs, and none is on this claim"),))
    if any(x.kind != "drug" for x in c.lines):
        return Asked(c, (), (Fault("lines", "the pharmacy benefit pays drugs only; bill the rest to another payer"),))
    faults = [
        Fault(f"line {x.number}", "the NDC, its quantity or the prescription lacks") for x in drugs if not _is_whole(x)
    ]
    if faults:
        return Asked(c, (), tuple(faults))
    try:
        return Asked(c, tuple(_message(c, x, who, way, site) for x in drugs))
    except Malformed as no:
        return Asked(c, (), no.faults)


def _is_whole(x: ClaimLineFact) -> bool:
    return len(x.ndc) == 11 and bool(x.ndc_amount) and x.ndc_unit in UNITS and bool(x.rx_number) and x.rx_on is not None


def _message(c: ClaimFact, x: ClaimLineFact, who: PatientFact, way: Switch, site: PharmacyFact) -> PharmacyClaim:
    assert x.ndc_amount is not None and x.rx_on is not None
    ordered, charge = prescriber(c), Decimal(x.charge_cents) / 100
    codes = diagnoses(c)
    return PharmacyClaim(
        bin=way.bin,
        processor=way.processor,
        npi=site.npi,
        served_on=x.first_on,
        cardholder_id=c.member_id,
        family=who.family,
        given=who.given,
        born_on=who.born_on,
        sex=SEX.get(who.sex, "0"),
        rx_number=rx_reference(x.rx_number),
        ndc=x.ndc,
        quantity=x.ndc_amount,
        days=_days(x),
        written_on=x.rx_on,
        prescriber_npi=ordered.npi,
        ingredient_cost=charge,
        dispensing_fee=Decimal(0),
        usual_charge=charge,
        gross_due=charge,
        group_id=c.group_number,
        unit=UNITS[x.ndc_unit],
        authorization=x.authorization,
        diagnosis=codes[0] if codes else "",
    )


def _days(x: ClaimLineFact) -> int:
    """The days that the delivery covers; one, where it does not say."""
    if x.source_kind != "ticket":
        return 1
    t = ticket(x.source_id)
    return (t.covers_last_on - t.covers_first_on).days + 1 if t.covers_first_on and t.covers_last_on else 1
