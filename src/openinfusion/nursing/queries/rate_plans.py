# SPDX-License-Identifier: Apache-2.0
"""By which rates a visit's infusion may run, and what its record and the last infusion say about the next rate."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from openinfusion.calculations.public import RateRow, planned_rates, rate_rows, restart
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.kernel.quantity import MG
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.nursing.domain.rate_stop import RatePlan, Running
from openinfusion.nursing.models import NurseVisit, Reaction, SectionEntry
from openinfusion.nursing.queries import rates_of, type_of
from openinfusion.nursing.queries.drug import at_the_patient, is_own_label
from openinfusion.nursing.queries.package import packages_at, read_package
from openinfusion.patients.public import banner
from openinfusion.platform.clock import now
from openinfusion.therapy.public import PrescriptionFact, TherapyFact, prescription, therapy

GIVEN = ("documented", "reviewed", "signed", "billable")
LOOKED_AT = 40  # visits back; further back it is longer ago than any infusion may begin where the last was borne
NAMEABLE = ("requested", "offered", "accepted", "confirmed", "en_route", "in_progress")  # the plan may still be named
_NONE = ("", "none")


@dataclass(frozen=True, slots=True)
class LastInfusion:
    """The last infusion of this drug before a visit: when, the highest rate, whether it was borne, whose product it was."""

    at: datetime
    highest_ml_per_h: Decimal
    borne: bool
    labelers: frozenset[str]


def rate_plans(v: NurseVisit) -> tuple[RatePlan, ...]:
    """The plans of rates there may be: the product's rows, as far as product, use and bag say which; else the order's rate."""
    order, drug = prescription(v.prescription_id) if v.prescription_id else None, drug_of(v)
    rows = [r for r in rate_rows() if r.drug == drug]
    if rows:
        return _by_rows(v, therapy(v.therapy_id), rows)
    return _by_order(order, _bag(v)) if order else ()


def drug_of(v: NurseVisit) -> str:
    """The drug that a visit infuses: its order's, since a course may have several; without an order the course's."""
    return prescription(v.prescription_id).order.drug_code if v.prescription_id else therapy(v.therapy_id).drug_code


def running(v: NurseVisit) -> Running:
    """What the record says of this visit's infusion before another rate is written."""
    plans, last, products = rate_plans(v), last_infusion(v), scanned_products(v)
    lowest = lowest_why(v, last, products)
    reactions = list(Reaction.objects.filter(visit=v).order_by("seen_at")) if v.reaction not in _NONE else []
    resumes = [r.resume_ml_per_h for r in reactions]
    named = [r for r in resumes if r is not None]
    return Running(
        plans, v.rate_plan, rates_of(v.id), last.highest_ml_per_h if last and not lowest else None, lowest,
        (reactions[0].seen_at if reactions else v.started_at) if v.reaction not in _NONE else None,
        min(named) if named and len(named) == len(resumes) else None,
        "drug" not in type_of(v).needed(True) or _drug_entries(v).exists(),
    )


def lowest_why(v: NurseVisit, last: LastInfusion | None, products: tuple[catalog.ProductFact, ...]) -> str:
    """Why an infusion that is raised step by step begins at its lowest step; empty where it may begin at what was borne."""
    if last is None:
        return "no earlier infusion of this drug is on record"
    if not last.borne:
        return "there was a reaction at the last infusion"
    weeks = restart().gap_weeks
    if (v.started_at or v.planned_start or v.made_at) - last.at > timedelta(weeks=weeks):
        return f"the last infusion was more than {weeks} weeks ago"
    labelers = frozenset(p.labeler for p in products)
    if not labelers or not last.labelers:
        return "it is not known whether the product is the same as last time"
    return "" if labelers == last.labelers else "the product is another than last time"


def last_infusion(v: NurseVisit) -> LastInfusion | None:
    """The last visit of this patient, of any course, that infused this very drug, with its rates on record."""
    drug = drug_of(v)
    given = NurseVisit.objects.filter(patient_id=v.patient_id, infuses=True, state__in=GIVEN, started_at__isnull=False)
    for one in given.exclude(pk=v.id).order_by("-started_at")[:LOOKED_AT]:
        if drug_of(one) != drug:
            continue
        if ran := [r.rate_ml_per_h for r in rates_of(one.id) if r.rate_ml_per_h]:
            assert one.started_at is not None
            return LastInfusion(one.started_at, max(ran), one.reaction in _NONE,
                                frozenset(p.labeler for p in scanned_products(one)))
    return None


def scanned_products(v: NurseVisit) -> tuple[catalog.ProductFact, ...]:
    """The products of the drug that was scanned at a visit: those a preparation was made of, or the packages themselves."""
    ids: set[UUID] = set()
    for values in _drug_entries(v).values_list("values", flat=True):
        code = str(values.get("code", ""))
        try:
            if is_own_label(code):
                made, _ = compounding.preparation_by_label(code)
                ids |= {i.product_id for i in compounding.ingredients(made.work_order_id) if i.role == "drug"}
            else:
                ids.add(read_package(code)[1].id)
        except (Malformed, NotFound, Refused):
            continue
    return tuple(catalog.products(ids).values())


def _products_at(v: NurseVisit) -> tuple[catalog.ProductFact, ...]:
    """The products of the drug in what was handed to the patient for this therapy, while nothing is scanned."""
    made = {i.product_id for m, _ in at_the_patient(v) for i in compounding.ingredients(m.work_order_id) if i.role == "drug"}
    packages = tuple(catalog.product_by_gtin(p.gtin) for p in packages_at(v, now()))
    return (*catalog.products(made).values(), *packages)


def _drug_entries(v: NurseVisit):  # type: ignore[no-untyped-def]
    return SectionEntry.objects.filter(visit=v, section="drug", stands=True)


def _bag(v: NurseVisit) -> compounding.WorkOrderFact | None:
    """How the bag of this visit was made: the one scanned, else what is at the patient, where all of it is alike."""
    orders = []
    for code in (str(x.get("code", "")) for x in _drug_entries(v).values_list("values", flat=True)):
        if is_own_label(code):
            try:
                orders.append(compounding.preparation_by_label(code)[0].work_order_id)
            except (Malformed, NotFound):
                continue
    made = [compounding.work_order(id) for id in dict.fromkeys(orders or [m.work_order_id for m, _ in at_the_patient(v)])]
    alike = {(m.final_volume_ml, m.concentration) for m in made}
    return made[0] if len(alike) == 1 else None


def _by_rows(v: NurseVisit, course: TherapyFact, rows: list[RateRow]) -> tuple[RatePlan, ...]:
    known = last_infusion(v)
    infusion = "later" if known and known.borne else "first"
    rows = [r for r in rows if r.infusion in ("any", infusion)]
    rows = _of_brand(rows, scanned_products(v) or _products_at(v))
    for_it = [r for r in rows if any(course.diagnosis.upper().startswith(d) for d in r.diagnoses)]
    rows = [r for r in rows if r in for_it or not r.diagnoses] if for_it else rows
    weight, bag = banner(v.patient_id).weight_kg, _bag(v)
    strength = bag.concentration.to(MG).amount if bag and bag.concentration.unit.dimension is MG.dimension else None
    found = []
    for row in rows:
        try:
            rates = planned_rates(row, weight, strength)
        except Refused:
            continue
        found.append(RatePlan(row.code, row.label, rates, row.step_minutes, str(row.source)))
    return tuple(found)


def _of_brand(rows: list[RateRow], products: tuple[catalog.ProductFact, ...]) -> list[RateRow]:
    """The rows of the product in hand, and those of none, where its name says which product it is."""
    names = " ".join(p.name.lower() for p in products)
    known = {r.brand for r in rows if r.brand and any(word.lower() in names for word in r.brand.split("|"))}
    return [r for r in rows if not r.brand or r.brand in known] if known else rows


def _by_order(order: PrescriptionFact, bag: compounding.WorkOrderFact | None) -> tuple[RatePlan, ...]:
    said, source = order.order, f"order {order.number}"
    if said.rate_ml_per_h:
        return (RatePlan("order", "The order's rate", (said.rate_ml_per_h,), said.infusion_minutes, source),)
    if bag is None or not said.infusion_minutes:
        return ()
    rate = (bag.final_volume_ml * 60 / said.infusion_minutes).to_integral_value(ROUND_CEILING)
    label = f"The order's {said.infusion_minutes} minutes for {bag.final_volume_ml.normalize():f} mL"
    return (RatePlan("order", label, (rate,), said.infusion_minutes, source),)
