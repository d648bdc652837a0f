# SPDX-License-Identifier: Apache-2.0
"""A FHIR R4 bundle as a referral: every fault named by its element, or the whole of what was said."""
from __future__ import annotations

from openinfusion.exchange.domain.fhir_bundle import read_bundle
from openinfusion.exchange.domain.fhir_chart import allergies, conditions, coverages, observations
from openinfusion.exchange.domain.fhir_element import Element
from openinfusion.exchange.domain.fhir_order import orders
from openinfusion.exchange.domain.fhir_patient import patient_of, person
from openinfusion.intake.events import ReferralIn
from openinfusion.kernel.refusal import Fault, Malformed


def read_referral(data: bytes) -> tuple[ReferralIn, str]:
    """The referral and the message's fingerprint; Malformed with every fault, by element path."""
    bundle = read_bundle(data)
    patient = patient_of(bundle)
    if patient is None:
        raise Malformed(*_once(bundle.faults))
    named = person(patient)
    asked = orders(bundle, patient)
    reacted, none_known = allergies(bundle, patient)
    suffered = conditions(bundle, patient)
    measured, labs = observations(bundle, patient)
    covered = coverages(bundle, patient)
    if not asked and not any(True for _ in bundle.of("ServiceRequest")):
        bundle.faults.append(Fault("Bundle.entry", "holds no active order (MedicationRequest or ServiceRequest)"))
    if bundle.faults or named is None:
        raise Malformed(*_once(bundle.faults))
    return ReferralIn(
        person=named, source="FHIR", source_name=_sender([*bundle.of("Organization")],
            asked[0].prescriber_name if asked else ""),
        orders=asked, allergies=reacted, no_known_allergies=none_known, conditions=suffered, measurements=measured,
        labs=labs,
        coverages=covered,
    ), bundle.fingerprint


def _once(faults: list[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))


def _sender(organizations: list[Element], prescriber: str) -> str:
    """Who sent it, as far as the bundle says: a provider's name, else the prescriber."""
    for one in organizations:
        kinds = {c.value.get("code") for t in one.children("type") for c in t.children("coding")}
        if "prov" in kinds and one.has("name"):
            return one.text("name")
    return prescriber
