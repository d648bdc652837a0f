# SPDX-License-Identifier: Apache-2.0
"""What the templates of nursing receive."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from openinfusion.kernel.quantity import Quantity, Rounding, rounded
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.roles import Role
from openinfusion.nursing.actions.schedule import NOT_BEGUN
from openinfusion.nursing.domain.infusion_record import InfusionRecord, infused_volume
from openinfusion.nursing.domain.observation import protocol, unusual
from openinfusion.nursing.domain.titration import Advice, above_plan, advise
from openinfusion.nursing.domain.visit import BY_CODE, VISIT, VisitState
from openinfusion.nursing.models import Miss, NurseVisit, Reaction
from openinfusion.nursing.permissions import HAND_OVER, MAKE, OFFER, RATE_PLAN, REQUEST, TELL
from openinfusion.nursing.queries import (
    VisitFact,
    facts_of,
    fit_reasons,
    record_of,
    record_reasons,
    type_of,
    visit_facts,
    visits_where,
)
from openinfusion.nursing.queries.packet import coming_breaks
from openinfusion.nursing.queries.rate_plans import NAMEABLE, rate_plans, running
from openinfusion.nursing.queries.roster import BreakFact, HandoverFact, MileageFact, handovers_of, mileage_of
from openinfusion.nursing.queries.second import goes_there
from openinfusion.nursing.queries.shelf import PackageOnShelf, shelf_at
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.nursing.web.forms import (
    DaysForm,
    HandoverForm,
    MilesForm,
    MissForm,
    OfferForm,
    RatePlanForm,
    SecondForm,
    ToldForm,
    WishForm,
)
from openinfusion.nursing.web.record_parts import Kept, Part, kept_entries, parts_of
from openinfusion.nursing.web.second_parts import SecondPart, ask_form, second_part
from openinfusion.patients.public import Banner, banner, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.team.public import people
from openinfusion.therapy.public import prescription, therapy

_S = VisitState


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit on the list."""

    id: UUID
    number: str
    patient: str
    address: str
    zone: str
    purpose: str
    state: str
    tone: str
    nurse: str
    start: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class VisitsPage:
    rows: tuple[VisitRow, ...]
    counts: tuple[tuple[str, int], ...]
    state: str
    only_mine: bool
    may_plan: bool
    may_ask: bool
    breaks: tuple[BreakFact, ...] = ()


def visits_page(by: Actor, state: str, only_mine: bool) -> VisitsPage:
    wanted = [state] if state else [s.value for s in _S if VISIT.owner(s)]
    found = visits_where(states=wanted, nurse=by.id if only_mine else None)
    who = patients([v.patient_id for v in found])
    rows = tuple(
        VisitRow(
            v.id, v.number, who[v.patient_id].name, str(who[v.patient_id].address), who[v.patient_id].timezone,
            v.purpose,
            v.state, VISIT.tone(_S(v.state)), v.nurses, v.planned_start,
            by.id in (v.nurse, v.second.nurse if v.second else None),
        ) for v in found if v.patient_id in who
    )
    counts = dict.fromkeys((s.value for s in _S), 0)
    for one in NurseVisit.objects.values_list("state", flat=True):
        counts[one] += 1
    return VisitsPage(rows, tuple(counts.items()), state, only_mine, by.may(OFFER.code),
        by.may(REQUEST.code), tuple(coming_breaks(by)))


@dataclass(frozen=True, slots=True)
class NurseRow:
    """A nurse who could be offered the visit, with the reasons against."""

    id: UUID
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReactionRow:
    """A reaction with what is done at its grade, and the button to say that the prescriber was told."""

    row: Reaction
    protocol: tuple[str, ...]
    form: ToldForm | None


@dataclass(frozen=True, slots=True)
class NextRate:
    """What comes next by one plan of rates: of the product, or of the order."""

    label: str
    source: str
    advice: Advice
    above: bool


@dataclass(frozen=True, slots=True)
class RateTerms:
    """By whose rate steps the infusion runs, empty while nobody said so, out of how many that might apply."""

    named: str
    plans: int
    form: RatePlanForm | None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit, made for a phone."""

    visit: VisitFact
    row: NurseVisit
    type_title: str
    tone: str
    banner: Banner
    therapy: str
    order: str
    record: InfusionRecord
    lacking: tuple[str, ...]
    unusual: tuple[str, ...]
    infused: Quantity | None
    next_rates: tuple[NextRate, ...]
    rate_terms: RateTerms | None
    acts: tuple[Act, ...]
    offer_form: OfferForm | None
    may_ask: bool
    days_form: DaysForm | None
    beside_wish: str
    wish_form: WishForm | None
    nurses: tuple[NurseRow, ...]
    parts: tuple[Part, ...]
    kept: tuple[Kept, ...]
    reactions: tuple[ReactionRow, ...]
    misses: tuple[Miss, ...]
    miles: tuple[MileageFact, ...]
    miles_form: MilesForm | None
    handovers: tuple[HandoverFact, ...]
    handover_form: HandoverForm | None
    reader: UUID
    shelf: tuple[PackageOnShelf, ...]
    second: SecondPart | None
    second_form: SecondForm | None
    lines: list[Line]
    zone: str


def visit_page(visit_id: UUID, by: Actor) -> VisitPage:
    row = fetch(NurseVisit, visit_id)
    v, head, record, second = visit_facts([row])[0], banner(row.patient_id), record_of(row), second_part(row, by)
    zone, mine = head.patient.timezone, row.nurse == by.id and by.may(MAKE.code)
    acts = acts_of(
        VISIT, row.state, facts_of(row, by), by, leave_out=BY_CODE | {"bill"}, forms={"miss": MissForm()},
        url_for=lambda step: reverse("nursing:step", args=[row.id, step]),
    )
    acts = tuple(replace(a, needs_reason=False) if a.name == "miss" else a for a in acts)
    nurses, writes = _nurses(row, by), row.state == _S.IN_PROGRESS.value and mine
    return VisitPage(
        v, row, type_of(row).title, VISIT.tone(_S(v.state)), head, therapy(row.therapy_id).drug_name,
        prescription(row.prescription_id).line if row.prescription_id else "No order is named on this visit", record,
        tuple(r.text for r in record_reasons(row)) if row.state == _S.IN_PROGRESS.value else (), _unusual(record, head.age),
        _infused(record), _next_rates(row, record) if writes and row.infuses else (), _rate_terms(row, by), acts,
        _offer_form(row, nurses, zone) if nurses else None, by.may(REQUEST.code), _days_form(row, by),
        _beside_wish(v, zone), _wish_form(row, v, by),
        nurses,
        parts_of(row, head.age, ZoneInfo(zone)) if writes else (), kept_entries(row, writes), _reactions(row, by),
        tuple(Miss.objects.filter(visit=row).order_by("made_at")), mileage_of(row.id),
        MilesForm() if row.started_at and by.may(MAKE.code) and goes_there(row, by.id) else None,
        tuple(handovers_of(row.patient_id)),
        HandoverForm(nurses=_all_nurses(), auto_id="handover-%s") if by.may(HAND_OVER.code) else None, by.id,
        tuple(shelf_at(row, now())) if writes else (),
        second, ask_form(row, by), timeline(subject_ids=[row.id, *([second.fact.id] if second else [])]), zone,
    )


def _all_nurses() -> list[tuple[str, str]]:
    return [(str(p.id), p.name) for p in people(Role.NURSE)]


def _unusual(record: InfusionRecord, age: int) -> tuple[str, ...]:
    """What the last vital signs say that is unusual at this age."""
    if not record.vitals:
        return ()
    last = record.vitals[-1]
    names = ("temperature_c", "pulse_per_min", "respirations_per_min", "systolic_mmhg", "diastolic_mmhg", "spo2_percent")
    return tuple(unusual({n: getattr(last, n) for n in names}, age))


def _next_rates(row: NurseVisit, record: InfusionRecord) -> tuple[NextRate, ...]:
    """The next step of the plan it runs by, or of each there may be; a reaction holds it unless the prescriber said how far."""
    so_far = running(row)
    held = so_far.reacted_at is not None and so_far.resume_ml_per_h is None
    chosen, last = so_far.by(), record.rates[-1].rate_ml_per_h if record.rates else Decimal(0)
    return tuple(
        NextRate(p.label, p.source, advise(p.rates, p.step_minutes, record.rates, held), above_plan(p.rates, last))
        for p in ([chosen] if chosen else so_far.plans)
    )


def _rate_terms(row: NurseVisit, by: Actor) -> RateTerms | None:
    """By whose rate steps it runs, and the pharmacist's form to say so while several might apply."""
    if not row.infuses or row.state not in NAMEABLE:
        return None
    plans = rate_plans(row)
    labels = {p.code: p.label for p in plans}
    asks = len(plans) > 1 and by.may(RATE_PLAN.code)
    form = RatePlanForm(plans=list(labels.items()), initial={"plan": row.rate_plan}, auto_id="rate-%s") if asks else None
    named = labels.get(row.rate_plan, row.rate_plan)
    return RateTerms(named, len(plans), form) if named or form else None


def _reactions(row: NurseVisit, by: Actor) -> tuple[ReactionRow, ...]:
    def asks(one: Reaction) -> bool:
        """Whether the prescriber is still to be told, or may still be asked how far it may be raised again."""
        runs = row.state == _S.IN_PROGRESS.value and one.resume_ml_per_h is None
        return by.may(TELL.code) and (one.prescriber_told_at is None or runs)

    return tuple(
        ReactionRow(r, protocol(r.grade), ToldForm(auto_id=f"told-{r.id}-%s") if asks(r) else None)
        for r in Reaction.objects.filter(visit=row).order_by("seen_at")
    )


def _infused(record: InfusionRecord) -> Quantity | None:
    """The volume by the rate steps; None where fewer than two are written or they are out of order."""
    if len(record.rates) < 2:
        return None
    try:
        volume = infused_volume(record.rates)
    except Malformed:
        return None
    return Quantity(rounded(volume.amount, volume.unit.factor / 10, Rounding.HALF_UP), volume.unit)


def _nurses(row: NurseVisit, by: Actor) -> tuple[NurseRow, ...]:
    """The nurses with the reasons against each on the day of the visit, the fit ones first."""
    if row.state not in {_S.REQUESTED.value, _S.REFUSED.value} or not by.may(OFFER.code):
        return ()
    on: date = (row.planned_start or now()).astimezone(zone_at(row.site_id)).date()
    found = [
        NurseRow(p.id, p.name, tuple(str(r) for r in fit_reasons(row, p.id, on))) for p in people(Role.NURSE)
    ]
    return tuple(sorted(found, key=lambda n: (len(n.reasons), n.name)))


def _offer_form(row: NurseVisit, nurses: tuple[NurseRow, ...], zone: str) -> OfferForm:
    initial: dict[str, Any] = {"planned_start": _local(row.planned_start, zone),
        "planned_end": _local(row.planned_end, zone)}
    return OfferForm(initial=initial, nurses=[
        (str(n.id), n.name if not n.reasons else f"{n.name} (may not: {n.reasons[0]})") for n in nurses
    ])


def _days_form(row: NurseVisit, by: Actor) -> DaysForm | None:
    """Which days will do, while nobody is offered the visit."""
    if row.state not in {_S.REQUESTED.value, _S.REFUSED.value} or row.in_suite or not by.may(REQUEST.code):
        return None
    return DaysForm(initial={"earliest_on": row.earliest_on, "latest_on": row.latest_on}, auto_id="days-%s")


def _beside_wish(v: VisitFact, zone: str) -> str:
    """Whether its time is before or after what the patient wished."""
    return v.wish.missed_by(v.planned_start, ZoneInfo(zone)) if v.planned_start is not None else ""


def _wish_form(row: NurseVisit, v: VisitFact, by: Actor) -> WishForm | None:
    """When the patient would like it, until it begins."""
    if row.state not in NOT_BEGUN or row.in_suite or not by.may(REQUEST.code):
        return None
    return WishForm(initial={"wished_from": v.wish.earliest, "wished_by": v.wish.by}, auto_id="wish-%s")


def _local(at: datetime | None, zone: str) -> datetime | None:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at else None
