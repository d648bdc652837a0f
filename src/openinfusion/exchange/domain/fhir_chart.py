# SPDX-License-Identifier: Apache-2.0
"""Allergies, conditions, observations and coverage of a bundle. What is not active or not certain is left out."""
from __future__ import annotations

from decimal import Decimal

from openinfusion.exchange.domain.fhir_bundle import Bundle
from openinfusion.exchange.domain.fhir_element import Element, coding, said
from openinfusion.exchange.domain.fhir_order import ICD10
from openinfusion.intake.events import AllergyIn, ConditionIn, CoverageIn, LabIn, MeasurementIn

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
NO_KNOWN_ALLERGY = "716186003"
_NOT_ALLERGIES = {NO_KNOWN_ALLERGY, "409137002", "428607008", "716184000", "1003774007"}
_WEIGHT, _HEIGHT = {"29463-7", "3141-9", "8335-2"}, {"8302-2", "3137-7", "8306-3"}
_TO_KG = {"kg": Decimal(1), "g": Decimal("0.001"), "[lb_av]": Decimal("0.45359237")}
_TO_CM = {"cm": Decimal(1), "m": Decimal(100), "mm": Decimal("0.1"), "[in_i]": Decimal("2.54")}
_DONE = ("final", "amended", "corrected")
_THOUSANDTH = Decimal("0.001")  # a gram, where pounds are turned into kilograms: a newborn is dosed by it


def _active(resource: Element, name: str = "clinicalStatus") -> bool:
    """Active, or not said to be anything else; never what was entered in error or refuted."""
    codes = {c.text("code") for c in resource.child(name).children("coding")}
    verified = {c.text("code") for c in resource.child("verificationStatus").children("coding")}
    return (not codes or bool(codes & {"active", "recurrence", "relapse"})) and not verified & {"entered-in-error",
        "refuted"}


def allergies(bundle: Bundle, patient: Element) -> tuple[tuple[AllergyIn, ...], bool]:
    """The allergies, and whether the sender says that none is known."""
    found, none_known = [], False
    for one in bundle.of("AllergyIntolerance"):
        if bundle.follow(one.child("patient")) not in (None, patient) or not _active(one):
            continue
        concept = one.child("code")
        code = coding(concept, SNOMED)
        if code in _NOT_ALLERGIES:
            none_known = none_known or code == NO_KNOWN_ALLERGY
            continue
        substance = said(concept)
        if not substance:
            one.fault("code", "is required: an allergy names its substance")
            continue
        reactions = one.children("reaction")
        words = [said(m) for r in reactions for m in r.children("manifestation")]
        found.append(AllergyIn(
            substance=substance, reaction=", ".join(w for w in words if w), severity=_severity(reactions, words),
            noted_on=None,
        ))
    return tuple(found), none_known and not found


def _severity(reactions: list[Element], words: list[str]) -> str:
    if any("anaphyla" in w.lower() for w in words):
        return "anaphylaxis"
    said_so = {r.code("severity", ("mild", "moderate", "severe")) for r in reactions if r.has("severity")}
    return next((s for s in ("severe", "moderate", "mild") if s in said_so), "unknown")


def conditions(bundle: Bundle, patient: Element) -> tuple[ConditionIn, ...]:
    found: dict[tuple[str, str], ConditionIn] = {}
    for one in bundle.of("Condition"):
        if bundle.follow(one.child("subject")) not in (None, patient) or not _active(one):
            continue
        concept = one.child("code")
        if text := said(concept):
            icd10 = coding(concept, *ICD10)
            found.setdefault((icd10, text), ConditionIn(text=text, icd10=icd10))
    return tuple(found.values())


def observations(bundle: Bundle, patient: Element) -> tuple[tuple[MeasurementIn, ...], tuple[LabIn, ...]]:
    """The latest weight and height and the latest value of each laboratory test."""
    measured: dict[str, MeasurementIn] = {}
    labs: dict[str, LabIn] = {}
    for one in bundle.of("Observation"):
        if bundle.follow(one.child("subject")) not in (None, patient) or one.value.get("status") not in _DONE:
            continue
        loinc = coding(one.child("code"), LOINC)
        if not loinc or not one.has("valueQuantity"):
            continue
        if loinc in _WEIGHT | _HEIGHT:
            _measurement(one, loinc, measured)
        elif _is_laboratory(one):
            _lab(one, loinc, labs)
    return tuple(measured.values()), tuple(labs.values())


def _measurement(one: Element, loinc: str, kept: dict[str, MeasurementIn]) -> None:
    quantity, at = one.child("valueQuantity"), one.moment("effectiveDateTime")
    kind, factors = ("weight_kg", _TO_KG) if loinc in _WEIGHT else ("height_cm", _TO_CM)
    value, unit = quantity.measured("value"), quantity.text("code") or quantity.text("unit")
    if value is None or at is None:
        return
    if unit not in factors:
        quantity.fault("code", f"the unit “{unit}” is not one of {', '.join(factors)}")
        return
    found = MeasurementIn(kind=kind, value=(value * factors[unit]).quantize(_THOUSANDTH).normalize(), taken_at=at,
                          day_only=one.is_day("effectiveDateTime"))
    if kind not in kept or kept[kind].taken_at < at:
        kept[kind] = found


def _is_laboratory(one: Element) -> bool:
    return any(c.text("code") == "laboratory" for k in one.children("category") for c in k.children("coding"))


def _lab(one: Element, loinc: str, kept: dict[str, LabIn]) -> None:
    quantity, at = one.child("valueQuantity"), one.moment("effectiveDateTime")
    value = quantity.measured("value")
    if value is None or at is None or (loinc in kept and kept[loinc].taken_at >= at):
        return
    kept[loinc] = LabIn(
        loinc=loinc, name=said(one.child("code")), value=value.normalize(),
        unit=quantity.text("code") or quantity.text("unit"), taken_at=at,
        day_only=one.is_day("effectiveDateTime"),
    )


def coverages(bundle: Bundle, patient: Element) -> tuple[CoverageIn, ...]:
    """Coverage in force, in order of rank."""
    found: list[tuple[Decimal, Element]] = []
    for one in bundle.of("Coverage"):
        status = one.code("status", ("active", "cancelled", "draft", "entered-in-error"), required=True)
        if status != "active" or bundle.follow(one.child("beneficiary")) not in (None, patient):
            continue
        found.append((one.number("order") or Decimal(len(found) + 1), one))
    return tuple(_coverage(bundle, one, rank) for rank, (_, one) in enumerate(sorted(found, key=lambda f: f[0]), 1))


def _coverage(bundle: Bundle, one: Element, rank: int) -> CoverageIn:
    payers = one.children("payor")
    payer = payers[0] if payers else Element({}, f"{one.path}.payor", one.faults)
    organization = bundle.follow(payer, inside=one)
    classes = {c.text("code"): k for k in one.children("class") for c in k.child("type").children("coding")}
    plan, group = classes.get("plan"), classes.get("group")
    period = one.child("period")
    relations = {c.text("code") for c in one.child("relationship").children("coding")}
    return CoverageIn(
        payer=(organization.text("name") if organization else "") or payer.text("display"),
        plan=(plan.text("name") or plan.text("value")) if plan else "", payer_id=_payer_id(organization, payer),
        member_id=one.text("subscriberId") or _member(one), group_number=group.text("value") if group else "",
        relationship=next((r for r in ("self", "spouse", "child") if r in relations), "other" if relations else "self"),
        subscriber=one.child("subscriber").text("display"), rank=rank, first=period.day("start"),
        last=period.day("end"),
    )


def _payer_id(organization: Element | None, payer: Element) -> str:
    holders = organization.children("identifier") if organization else [payer.child("identifier")]
    return next((v for i in holders if i and (v := i.text("value"))), "")


def _member(one: Element) -> str:
    for number in one.children("identifier"):
        if any(c.value.get("code") == "MB" for c in number.child("type").children("coding")):
            return number.text("value")
    return ""
