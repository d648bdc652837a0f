# SPDX-License-Identifier: Apache-2.0
"""Reads of intake: referrals with what they lack, authorizations, the expected margin."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.adapters import item_rules
from openinfusion.intake.domain.authorization import GRANTED
from openinfusion.intake.domain.item import Item, OnFile, is_npi, judge, missing
from openinfusion.intake.domain.referral import REFERRAL, ReferralFacts, ReferralState
from openinfusion.intake.queries.records import AuthorizationFact, authorization_fact
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import Malformed, NotFound
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_day_of, house_today
from openinfusion.platform.rows import row_by_id, rows_by

_FEW_PLANS = 3


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """A referral as other rooms and pages see it."""

    id: UUID
    number: str
    state: str
    version: int
    patient: patients.PatientFact
    site_id: UUID | None
    source: str
    source_name: str
    received_at: datetime
    since: datetime
    needed_by: date | None
    note: str
    file_id: UUID | None
    drug_text: str
    drug_code: str
    therapy_class: str
    dose: Quantity | None
    route: str
    interval_hours: int | None
    infusion_minutes: int | None
    rate_ml_per_h: Decimal | None
    start_on: date | None
    days: int | None
    doses: int | None
    ordered_on: date | None
    order_text: str
    other_orders: tuple[str, ...]
    prescriber_name: str
    prescriber_npi: str
    icd10: str
    diagnosis_text: str
    said_coverage: tuple[str, ...]
    coverage: patients.CoverageFact | None
    items: tuple[Item, ...]
    facts: ReferralFacts
    authorizations: tuple[AuthorizationFact, ...]
    turn_away: str
    referred_to: str
    therapy_id: UUID | None
    prescription_id: UUID | None

    @property
    def missing(self) -> tuple[str, ...]:
        return self.facts.missing

    @property
    def title(self) -> str:
        """What it is about, without the patient's name."""
        return self.drug_text or "drug not named"


def referral_row(id: UUID) -> models.Referral:
    row = row_by_id(models.Referral, id)
    if row is None:
        raise NotFound(f"referral {id}")
    return row


def referral_facts(rows: Sequence[models.Referral]) -> list[ReferralFact]:
    """Many referrals with what they lack, in one query a table."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    ready = patients.readiness([row.patient_id for row in rows])
    today = house_today()
    covers = {row.id: _cover_of(row, ready[row.patient_id], today) for row in rows}
    rules = _rules_of({c.plan_id for c in covers.values() if c}, today)
    received: dict[UUID, set[str]] = {}
    for item in rows_by(models.ItemReceived, "referral", ids):
        if not item.taken_back:
            received.setdefault(item.referral_id, set()).add(item.code)
    benefits = {b.referral_id: b.authorization_wanted for b in rows_by(models.Benefits, "referral", ids, order=("made_at",))}
    assessed = {a.referral_id for a in rows_by(models.Assessment, "referral", ids)}
    asked: dict[UUID, list[AuthorizationFact]] = {}
    for auth in rows_by(models.Authorization, "referral", ids, order=("made_at",)):
        asked.setdefault(auth.referral_id, []).append(authorization_fact(auth))
    found = []
    for row in rows:
        known, cover = ready[row.patient_id], covers[row.id]
        payer = rules.get(cover.plan_id) if cover else None
        wanted = benefits.get(row.id)
        needed = bool(payer and payer.authorization_needed(row.therapy_class)) if wanted is None else wanted
        auths = asked.get(row.id, [])
        granted = any(a.state in GRANTED for a in auths)
        file = _on_file(
            row,
            known,
            covered=cover is not None,
            benefits=row.id in benefits,
            assessed=row.id in assessed,
            authorized=granted,
            received=received.get(row.id, set()),
        )
        codes = row.required_items or _codes(row, payer.extra_items if payer else (), needed, today)
        items = judge(codes, item_rules(), file)
        facts = ReferralFacts(
            missing=missing(items), missing_clinical=missing(items, clinical_only=True), coverage=cover is not None,
            benefits=row.id in benefits, authorization_needed=needed, authorized=granted, start_on=row.start_on,
            turn_away=row.turn_away, referred_to=row.referred_to,
        )
        found.append(_fact(row, known, cover, items, facts, auths))
    return found


def _cover_of(row: models.Referral, known: patients.Readiness, today: date) -> patients.CoverageFact | None:
    return next((c for c in known.coverage if c.covers(row.start_on or today)), None)


def _rules_of(plan_ids: set[UUID], on: date) -> dict[UUID, payers.PayerRules]:
    """What these plans want: of a few each by itself, of many all that there are at once."""
    if len(plan_ids) > _FEW_PLANS:
        return payers.rules_of_plans(on)
    return {id: payers.rules(id, on) for id in plan_ids}


def _codes(row: models.Referral, extra: Iterable[str], asks_payer: bool, today: date) -> list[str]:
    """What is required: by the template's version of today (of its last day, once it has ended), the payer and the case."""
    on = house_day_of(row.state_since) if ReferralState(row.state) in REFERRAL.terminal else today
    codes = catalog.required_items(on).get(row.therapy_class, ("prescription",))
    return [*codes, *extra, *(["authorization"] if asks_payer else [])]


def referral_fact(row: models.Referral) -> ReferralFact:
    return referral_facts([row])[0]


def facts_with(row: models.Referral, **changes: object) -> ReferralFacts:
    """What the guards look at, with the fields as the step would set them."""
    return replace(referral_fact(row).facts, **changes)  # type: ignore[arg-type]


def dose_of(row: models.Referral) -> Quantity | None:
    if row.dose_amount is None or not row.dose_unit:
        return None
    try:
        return Quantity(row.dose_amount, unit(row.dose_unit))
    except Malformed:
        return None


def _on_file(
    row: models.Referral, known: patients.Readiness, *, covered: bool, benefits: bool, assessed: bool, authorized: bool,
    received: set[str],
) -> OnFile:
    order = (
        row.drug_code,
        dose_of(row),
        row.route,
        row.interval_hours,
        row.infusion_minutes is not None,
        row.days,
        row.start_on,
        row.prescriber_name,
    )
    return OnFile(
        order_complete=all(order),
        diagnosis=bool(row.icd10),
        prescriber_npi=is_npi(row.prescriber_npi),
        allergies=known.allergy_state is not patients.AllergyState.NOT_RECORDED,
        address=known.patient.address.whole,
        phone=bool(known.patient.phone),
        coverage=covered,
        benefits=benefits,
        home=known.home,
        assessment=assessed,
        authorized=authorized,
        measurements=known.measurements,
        labs=known.labs,
        lines=known.lines,
        consents=known.consents,
        received=frozenset(received),
    )


def _fact(
    row: models.Referral, known: patients.Readiness, cover: patients.CoverageFact | None, items: tuple[Item, ...],
    facts: ReferralFacts, auths: Iterable[AuthorizationFact],
) -> ReferralFact:
    return ReferralFact(
        id=row.id,
        number=row.number,
        state=row.state,
        version=row.version,
        patient=known.patient,
        site_id=row.site_id,
        source=row.source,
        source_name=row.source_name,
        received_at=row.made_at,
        since=row.state_since,
        needed_by=row.needed_by,
        note=row.note,
        file_id=row.file_id,
        drug_text=row.drug_text,
        drug_code=row.drug_code,
        therapy_class=row.therapy_class,
        dose=dose_of(row),
        route=row.route,
        interval_hours=row.interval_hours,
        infusion_minutes=row.infusion_minutes,
        rate_ml_per_h=row.rate_ml_per_h,
        start_on=row.start_on,
        days=row.days,
        doses=row.doses,
        ordered_on=row.ordered_on,
        order_text=row.order_text,
        other_orders=tuple(row.other_orders),
        prescriber_name=row.prescriber_name,
        prescriber_npi=row.prescriber_npi,
        icd10=row.icd10,
        diagnosis_text=row.diagnosis_text,
        said_coverage=tuple(row.said_coverage),
        coverage=cover,
        items=items,
        facts=facts,
        authorizations=tuple(auths),
        turn_away=row.turn_away,
        referred_to=row.referred_to,
        therapy_id=row.therapy_id,
        prescription_id=row.prescription_id,
    )


def board_rows(state: str = "", text: str = "", limit: int = 300) -> list[models.Referral]:
    """Referrals for the board: open ones unless a state is asked for; text is a patient's or drug's beginning."""
    rows = models.Referral.objects.select_related("patient").order_by("made_at")
    ends = ["declined", "cancelled", "referred_out", "no_response", "start_of_care"]
    rows = rows.filter(state=state) if state else rows.exclude(state__in=ends)
    if text.strip():
        found = {hit.id for hit in patients.search(text)}
        rows = (rows.filter(patient_id__in=found) | rows.filter(drug_text__icontains=text.strip())
                | rows.filter(number=text.strip().upper()))
    return list(rows[:limit])


def counts_by_state() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in models.Referral.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
