# SPDX-License-Identifier: Apache-2.0
"""The Patient of a bundle, and names and numbers of people in it."""
from __future__ import annotations

from openinfusion.exchange.domain.fhir_bundle import Bundle
from openinfusion.exchange.domain.fhir_element import Element
from openinfusion.intake.events import PersonIn, SexIn
from openinfusion.kernel.refusal import Fault

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"


def patient_of(bundle: Bundle) -> Element | None:
    """The one patient: the only one, or the only one that orders are for. Otherwise a fault."""
    found = list(bundle.of("Patient"))
    if len(found) > 1:
        meant = {
            id(p): p for m in bundle.of("MedicationRequest") if (p := bundle.follow(m.child("subject"))) is not None
        }
        found = list(meant.values()) if len(meant) == 1 else found
    if len(found) == 1:
        return found[0]
    text = "holds several patients; send one bundle a patient" if found else "holds no Patient"
    bundle.faults.append(Fault("Bundle.entry", text))
    return None


def person(patient: Element) -> PersonIn | None:
    """The patient as named; None where what is required is missing (the faults say what)."""
    family, given = name_of(patient, required=True)
    born_on = patient.day("birthDate", required=True)
    gender = patient.code("gender", tuple(SexIn))
    places = patient.children("address")
    home = next((p for p in places if p.value.get("use") == "home"), places[0] if places else None)
    lines = home.texts("line") if home else []
    identifiers = tuple(
        (i.text("system"), i.text("value"))
        for i in patient.children("identifier")
        if i.has("system") and i.has("value")
    )
    if not family or not given or born_on is None:
        return None
    return PersonIn(
        family=family, given=given, born_on=born_on, sex=SexIn(gender) if gender else SexIn.UNKNOWN,
        line1=lines[0] if lines else "", line2=", ".join(lines[1:]), city=home.text("city") if home else "",
        state=_state(home), zip=_zip(home), phone=telecom(patient, "phone"), email=telecom(patient, "email"),
        language=_language(patient), identifiers=identifiers,
    )


def _state(home: Element | None) -> str:
    """The two letters of a state; anything longer is left to a person."""
    found = home.text("state") if home else ""
    return found.upper() if len(found) == 2 else ""


def _zip(home: Element | None) -> str:
    found = home.text("postalCode") if home else ""
    digits = found.replace("-", "")
    if found and not (digits.isascii() and digits.isdigit() and len(digits) in (5, 9)):
        return ""
    return found


def name_of(holder: Element, *, required: bool = False) -> tuple[str, str]:
    """Family and given name: the official one, else the first that has a family name."""
    names = holder.children("name")
    ranked = sorted(names, key=lambda n: (n.value.get("use") != "official", "family" not in n.value))
    if not ranked:
        if required:
            holder.fault("name", "is required")
        return "", ""
    best = ranked[0]
    family, given = best.text("family", required=required), best.texts("given")
    if required and not given:
        best.fault("given", "is required")
    return family, given[0] if given else ""


def telecom(holder: Element, system: str) -> str:
    for one in holder.children("telecom"):
        if one.value.get("system") == system and one.value.get("use") != "old":
            return one.text("value")
    return ""


def _language(patient: Element) -> str:
    for one in patient.children("communication"):
        for spoken in one.child("language").children("coding"):
            return spoken.text("display") or spoken.text("code")
    return ""


def prescriber(bundle: Bundle, request: Element) -> tuple[str, str]:
    """Name and NPI of the one who ordered, as far as the bundle says."""
    reference = request.child("requester")
    found = bundle.follow(reference, inside=request)
    if found is not None and found.value["resourceType"] == "PractitionerRole":
        found = bundle.follow(found.child("practitioner"), inside=found) or found
    shown = reference.text("display")
    if found is None:
        return shown, ""
    family, given = name_of(found) if found.value["resourceType"] in ("Practitioner", "Patient") else ("", "")
    prefix = f"{given} {family}".strip()
    return prefix or shown, npi_of(found)


def npi_of(holder: Element) -> str:
    for one in holder.children("identifier"):
        if one.value.get("system") == NPI_SYSTEM:
            return one.text("value")
    return ""
