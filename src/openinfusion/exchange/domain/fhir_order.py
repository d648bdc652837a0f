# SPDX-License-Identifier: Apache-2.0
"""MedicationRequests of a bundle as orders: what was said about drug, dose, rate, timing, days; nothing is filled
in.
"""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.fhir_bundle import Bundle
from openinfusion.exchange.domain.fhir_element import Element, coding, said
from openinfusion.exchange.domain.fhir_patient import prescriber
from openinfusion.exchange.domain.fhir_tables import routes, timing_hours
from openinfusion.intake.events import OrderIn

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10")
_STATUSES = ("active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown")
_INTENTS = (
    "proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option",
)
_WANTED = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_HOURS = {"h": Decimal(1), "d": Decimal(24), "wk": Decimal(168), "min": Decimal(1) / 60}
_MINUTES = {"min": Decimal(1), "h": Decimal(60), "d": Decimal(1440), "s": Decimal(1) / 60}
_DAYS = {"d": Decimal(1), "day": Decimal(1), "days": Decimal(1), "wk": Decimal(7), "week": Decimal(7),
    "mo": Decimal(30)}


def orders(bundle: Bundle, patient: Element) -> tuple[OrderIn, ...]:
    """The orders in force for this patient. Those ended, planned or for somebody else are left out."""
    found = []
    for request in bundle.of("MedicationRequest"):
        status = request.code("status", _STATUSES, required=True)
        intent = request.code("intent", _INTENTS, required=True)
        owner = bundle.follow(request.child("subject"))
        if status in ("active", "draft") and intent in _WANTED and owner in (None, patient):
            found.append(_order(bundle, request))
    return tuple(found)


def _order(bundle: Bundle, request: Element) -> OrderIn:
    """One order. Of several dosages (a loading dose, a taper) none is picked: their words come along and a person reads them."""
    text, rxnorm = _medication(bundle, request)
    dosages = request.children("dosageInstruction")
    one = len(dosages) == 1
    dosage = dosages[0] if one else Element({}, f"{request.path}.dosageInstruction[0]", request.faults)
    repeat = dosage.child("timing").child("repeat")
    amount, unit = _dose(dosage)
    start, days = _course(request, repeat)
    name, npi = prescriber(bundle, request)
    icd10, diagnosis = _reason(bundle, request)
    written = "; then: ".join(_in_words(d) for d in dosages)
    return OrderIn(
        drug_text=text, rxnorm=rxnorm, dose_amount=amount, dose_unit=unit, route=_route(dosage),
        interval_hours=_interval(dosage, repeat), infusion_minutes=_minutes(repeat), rate_ml_per_h=_rate(dosage),
        start_on=start, days=days, ordered_on=request.day("authoredOn"), text=f"{text}: {written}" if written else text,
        prescriber_name=name, prescriber_npi=npi, icd10=icd10, diagnosis_text=diagnosis, ref=request.path,
    )


def _in_words(dosage: Element) -> str:
    """A dosage as it was written, else its amount."""
    amount, unit = _dose(dosage)
    return dosage.text("text") or (f"{amount} {unit}".strip() if amount is not None else "a dosage without words")


def _medication(bundle: Bundle, request: Element) -> tuple[str, str]:
    """The drug in words and its RxNorm code, from the concept or the Medication referred to."""
    both = [name for name in ("medicationCodeableConcept", "medicationReference") if request.has(name)]
    if len(both) != 1:
        request.fault("medication[x]", "is required" if not both else "is given twice")
        return "", ""
    if both == ["medicationCodeableConcept"]:
        concept = request.child("medicationCodeableConcept")
        return said(concept), coding(concept, RXNORM)
    reference = request.child("medicationReference")
    found = bundle.follow(reference, inside=request)
    if found is None:
        return reference.text("display"), ""
    concept = found.child("code")
    text, code = said(concept), coding(concept, RXNORM)
    if not text:
        text = _active_ingredient(found)
    return text or reference.text("display"), code


def _active_ingredient(medication: Element) -> str:
    """The first active ingredient of a mixture that has no name of its own."""
    for part in medication.children("ingredient"):
        if not part.has("isActive") or part.flag("isActive"):
            return said(part.child("itemCodeableConcept"))
    return ""


def _dose(dosage: Element) -> tuple[Decimal | None, str]:
    for one in dosage.children("doseAndRate"):
        quantity = one.child("doseQuantity")
        if quantity:
            return quantity.number("value", required=True), quantity.text("code") or quantity.text("unit")
    return None, ""


def _rate(dosage: Element) -> Decimal | None:
    """mL per hour, where the rate is said in those."""
    for one in dosage.children("doseAndRate"):
        rate = one.child("rateQuantity")
        if rate and (rate.text("code") or rate.text("unit")) in ("mL/h", "ml/h", "mL/hr", "ml/hr"):
            return rate.number("value")
        ratio = one.child("rateRatio")
        top, bottom = ratio.child("numerator"), ratio.child("denominator")
        if (top.text("code") or top.text("unit")).lower() == "ml" and (bottom.text("code") or bottom.text("unit")) in (
            "h",
            "hr",
        ):
            over, per = top.number("value"), bottom.number("value")
            return over / per if over is not None and per else None
    return None


def _route(dosage: Element) -> str:
    """The route's name here; otherwise what was written, so that a person sees it."""
    route = dosage.child("route")
    if not route:
        return ""
    for one in route.children("coding"):
        if found := routes().get(one.text("code").upper()):
            return found
    written = said(route)
    first = written.upper().split()[0] if written else ""
    return routes().get(first, written)


def _interval(dosage: Element, repeat: Element) -> int | None:
    """Hours between doses, if they come out whole."""
    frequency, period = repeat.number("frequency"), repeat.number("period")
    hours = _HOURS.get(repeat.text("periodUnit"))
    if period and hours:
        every = period * hours / (frequency or 1)
        return int(every) if every == every.to_integral_value() and every >= 1 else None
    concept = dosage.child("timing").child("code")
    for written in [c.text("code") for c in concept.children("coding")] + [concept.text("text")]:
        if found := timing_hours().get(written.upper()):
            return found
    return None


def _minutes(repeat: Element) -> int | None:
    duration, size = repeat.number("duration"), _MINUTES.get(repeat.text("durationUnit"))
    return int((duration * size).to_integral_value()) if duration and size else None


def _course(request: Element, repeat: Element) -> tuple[date | None, int | None]:
    """First day and days of the course: from its bounds, else the days of supply."""
    period = repeat.child("boundsPeriod")
    start, end = period.day("start"), period.day("end")
    if start and end:
        if end < start:
            period.fault("end", "lies before the start")
            return start, None
        return start, (end - start).days + 1
    for duration in (repeat.child("boundsDuration"), request.child("dispenseRequest").child("expectedSupplyDuration")):
        if duration:
            value, size = duration.number("value"), _DAYS.get(duration.text("code") or duration.text("unit"))
            if value and size and value > 0:
                return start, int((value * size).to_integral_value())
    return start, None


def _reason(bundle: Bundle, request: Element) -> tuple[str, str]:
    """ICD-10 code and words of why it was ordered."""
    for concept in request.children("reasonCode"):
        return coding(concept, *ICD10), said(concept)
    for reference in request.children("reasonReference"):
        found = bundle.follow(reference, inside=request)
        if found is not None and found.value["resourceType"] == "Condition":
            concept = found.child("code")
            return coding(concept, *ICD10), said(concept)
    return "", ""
