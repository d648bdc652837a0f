# SPDX-License-Identifier: Apache-2.0
"""Reads of exchange: a claim of ours as an 837P says it, and the files that went out."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import ClaimFact, ClaimLineFact, diagnoses, prescriber
from openinfusion.exchange.domain.institutional import BILL_TYPE, PATIENT_STATUS, REVENUE, institutional_code
from openinfusion.exchange.domain.x12.claim import (
    NOT_OTHERWISE_CLASSIFIED,
    AddressOut,
    ClaimOut,
    InstitutionalOut,
    LineOut,
    PayerOut,
    PersonOut,
    ProviderOut,
)
from openinfusion.exchange.models import ClaimFileSent
from openinfusion.exchange.queries.earlier_payer import Before, cob
from openinfusion.patients.public import PatientFact, patients
from openinfusion.payers.public import HOME, SUITE, PlanFact, plans
from openinfusion.platform.action import fetch
from openinfusion.sites.public import PharmacyFact, pharmacies

INSTITUTIONAL = "837I"


@dataclass(frozen=True, slots=True)
class ClaimFileFact:
    """A file that went out."""

    id: UUID
    control: int
    receiver: str
    file_id: UUID
    claims: int
    charge_cents: int
    left_out: tuple[str, ...]
    sent_at: datetime
    sender_name: str


def claim_file_of(claim_file_id: UUID) -> ClaimFileFact:
    return _file_fact(fetch(ClaimFileSent, claim_file_id))


def claim_files(limit: int = 200) -> list[ClaimFileFact]:
    return [_file_fact(r) for r in ClaimFileSent.objects.order_by("-made_at")[:limit]]


def _file_fact(r: ClaimFileSent) -> ClaimFileFact:
    return ClaimFileFact(
        r.id, r.control, r.receiver, r.file_id, r.claims, r.charge_cents, tuple(r.left_out), r.made_at, r.sender_name,
    )


def claims_out(claims: Iterable[ClaimFact]) -> list[ClaimOut]:
    """Our claims as the writer wants them; people, payers and pharmacies are asked once for all."""
    found = list(claims)
    who = patients([c.patient_id for c in found])
    payers, sites = {p.id: p for p in plans()}, {p.id: p for p in pharmacies()}
    return [
        _claim_out(c, who[c.patient_id], payers.get(c.plan_id) if c.plan_id else None, sites[c.site_id], payers)
        for c in found
    ]


def _claim_out(
    c: ClaimFact, who: PatientFact, plan: PlanFact | None, site: PharmacyFact, payers: Mapping[UUID, PlanFact],
) -> ClaimOut:
    ordered_by = _prescriber(c)
    before = cob(c, who, payers)
    place = SUITE if site.kind == "suite" else HOME
    return ClaimOut(
        patient_control=c.control, charge=_dollars(c.charge_cents),
        place_of_service=place,
        patient=PersonOut(who.family, who.given, who.born_on, _sex(who.sex), _home(who)), member_id=c.member_id,
        payer=PayerOut(plan.payer_name, plan.payer_id, plan.filing_indicator) if plan else PayerOut("", "", "ZZ"),
        billing=ProviderOut(
            site.legal_name, site.npi, tax_id=site.tax_id, taxonomy=site.taxonomy, phone=site.phone,
            address=AddressOut(site.street, site.city, site.state_code, _zip9(site.zip_code)),
        ),
        diagnoses=diagnoses(c), lines=tuple(_line_out(line, ordered_by, before, c.form, place) for line in c.lines), rank=c.rank,
        group_number=c.group_number, frequency=c.frequency, payer_control=c.payer_control,
        authorization=c.authorization,
        record_number=who.mrn, referring=ordered_by, others=before.others,
        institutional=_institutional(c, ordered_by) if c.form == INSTITUTIONAL else None,
    )


def _institutional(c: ClaimFact, attending: ProviderOut | None) -> InstitutionalOut:
    """What an 837I says besides: the type of bill and the patient's status in force on its first day, its days."""
    assert c.first_on is not None and c.last_on is not None
    bill_type, status = (institutional_code(kind, c.first_on) for kind in (BILL_TYPE, PATIENT_STATUS))
    return InstitutionalOut(bill_type, c.first_on, c.last_on, status, attending)


def _line_out(line: ClaimLineFact, ordered_by: ProviderOut | None, before: Before, form: str, place: str) -> LineOut:
    is_drug = line.kind == "drug"
    return LineOut(
        line.control, line.code, _dollars(line.charge_cents), Decimal(line.units), line.first_on, line.last_on,
        line.modifiers,
        description=(line.description or line.evidence) if line.code in NOT_OTHERWISE_CLASSIFIED else "",
        ndc=line.ndc, ndc_quantity=line.ndc_amount or Decimal(0), ndc_unit=line.ndc_unit, rx_number=line.rx_number,
        rx_on=line.rx_on if is_drug else None, authorization="", ordering=ordered_by if is_drug else None,
        adjudications=before.lines.get(line.source_id, ()),
        place_of_service=line.place if line.place and line.place != place else "",
        revenue=institutional_code(REVENUE, line.first_on, line.kind) if form == INSTITUTIONAL else "",
    )


def _prescriber(c: ClaimFact) -> ProviderOut | None:
    """The prescriber as a person; absent where no number is known (the claim is held before that)."""
    who = prescriber(c)
    if not who.npi:
        return None
    given, _, family = who.name.removeprefix("Dr. ").removeprefix("Dr ").split(",")[0].strip().rpartition(" ")
    return ProviderOut(family, who.npi, given=given or "NOT GIVEN")


def _dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _sex(sex: str) -> str:
    return {"male": "M", "female": "F"}.get(sex, "U")


def _home(who: PatientFact) -> AddressOut:
    a = who.address
    street = " ".join(part for part in (a.line1, a.line2) if part)
    return AddressOut(street, a.city, a.state, a.zip)


def _zip9(code: str) -> str:
    """A billing provider's ZIP code has nine digits."""
    digits = "".join(d for d in code if d.isdigit())
    return digits if len(digits) == 9 else f"{digits[:5]}9998"
