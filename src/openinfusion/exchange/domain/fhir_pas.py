# SPDX-License-Identifier: Apache-2.0
"""A request for authorization as a Da Vinci PAS bundle: the same request a 278 says, in FHIR R4.

Shape after the guide's own home care example (PAS 2.2.1): a collection whose first entry is the Claim with use
preauthorization, then requestor, insurer, coverage and patient. Of the X12 code systems only the few codes used.
"""
from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from openinfusion.exchange.domain.x12.parties import Member, Provider
from openinfusion.exchange.domain.x12.review import ReviewedService, ReviewRequest

_PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
_TEMPORARY: Final = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
_X12: Final = "https://codesystem.x12.org/005010/"
_HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_NDC: Final = "http://hl7.org/fhir/sid/ndc"
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_OURS: Final = "urn:openinfusion:"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_SEX: Final = {"M": "male", "F": "female"}


def pas_bundle(r: ReviewRequest, at: datetime, note: str = "") -> dict[str, Any]:
    """The bundle for ``Claim/$submit``. ``note``: what else the payer should read, such as the criteria with evidence."""
    entries = (
        ("Claim", r.trace, _claim(r, at, note)), ("Organization", f"{r.trace}-requestor", _requestor(r.requester)),
        ("Organization", f"{r.trace}-insurer", _insurer(r)), ("Coverage", f"{r.trace}-coverage", _coverage(r)),
        ("Patient", f"{r.trace}-patient", _patient(r.subscriber if r.dependent is None else r.dependent)),
    )
    return {
        "resourceType": "Bundle", "id": r.trace, "meta": {"profile": [f"{_PAS}profile-pas-request-bundle"]},
        "identifier": {"system": f"{_OURS}submission", "value": r.trace}, "type": "collection", "timestamp": at.isoformat(),
        "entry": [
            {"fullUrl": f"{_OURS}{kind}/{id}", "resource": {"resourceType": kind, "id": id, **body}} for kind, id, body in entries
        ],
    }


def _coding(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _ref(r: ReviewRequest, kind: str, name: str) -> dict[str, str]:
    return {"reference": f"{kind}/{r.trace}-{name}"}


def _claim(r: ReviewRequest, at: datetime, note: str) -> dict[str, Any]:
    claim: dict[str, Any] = {
        "meta": {"profile": [f"{_PAS}profile-claim"]},
        "identifier": [{"system": f"{_OURS}trace", "value": r.trace}], "status": "active",
        "type": _coding(f"{_TERMS}claim-type", "professional"), "use": "preauthorization",
        "patient": _ref(r, "Patient", "patient"), "created": at.isoformat(), "insurer": _ref(r, "Organization", "insurer"),
        "provider": _ref(r, "Organization", "requestor"),
        "priority": _coding(f"{_TERMS}processpriority", "stat" if r.is_urgent else "normal"),
        "diagnosis": [
            {"sequence": n, "diagnosisCodeableConcept": _coding("http://hl7.org/fhir/sid/icd-10-cm", code)}
            for n, code in enumerate(r.diagnoses, 1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": _ref(r, "Coverage", "coverage")}],
        "item": [_item(r, n, s) for n, s in enumerate(r.services, 1)],
    }
    if r.earlier_authorization:
        claim["insurance"][0]["preAuthRef"] = [r.earlier_authorization]
    if note:
        claim["supportingInfo"] = [{
            "sequence": 1, "category": _coding(_TEMPORARY, "freeFormMessage"), "valueString": note,
        }]
    return claim


def _item(r: ReviewRequest, number: int, s: ReviewedService) -> dict[str, Any]:
    item: dict[str, Any] = {
        "extension": [
            {"url": f"{_PAS}extension-serviceItemRequestType", "valueCodeableConcept": _coding(f"{_X12}1525", r.category)},
            {"url": f"{_PAS}extension-certificationType", "valueCodeableConcept": _coding(f"{_X12}1322", r.certification)},
        ],
        "sequence": number, "diagnosisSequence": [1], "category": _coding(f"{_X12}1365", r.service_type),
        "productOrService": _coding(_NDC if s.kind == "N4" else _HCPCS, s.code),
        "servicedPeriod": {"start": (s.first_on or r.first_on).isoformat(), "end": (s.last_on or r.last_on).isoformat()},
        "locationCodeableConcept": _coding(
            "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set", r.place_of_service
        ),
    }
    if s.modifiers:
        item["modifier"] = [_coding(_HCPCS, m) for m in s.modifiers]
    if s.units:
        item["quantity"] = {"value": int(s.units) if s.units == s.units.to_integral_value() else str(s.units)}
    return item


def _requestor(who: Provider) -> dict[str, Any]:
    return {
        "meta": {"profile": [f"{_PAS}profile-requestor"]}, "identifier": [{"system": _NPI, "value": who.npi}], "active": True,
        "name": who.name,
    }


def _insurer(r: ReviewRequest) -> dict[str, Any]:
    return {
        "meta": {"profile": [f"{_PAS}profile-insurer"]}, "identifier": [{"system": f"{_OURS}payer", "value": r.payer.id}],
        "active": True, "name": r.payer.name,
    }


def _coverage(r: ReviewRequest) -> dict[str, Any]:
    relation = "self" if r.dependent is None else "other"
    return {
        "meta": {"profile": [f"{_PAS}profile-coverage"]}, "status": "active", "subscriberId": r.subscriber.member_id,
        "beneficiary": _ref(r, "Patient", "patient"),
        "relationship": _coding(f"{_TERMS}subscriber-relationship", relation), "payor": [_ref(r, "Organization", "insurer")],
    }


def _patient(who: Member) -> dict[str, Any]:
    person: dict[str, Any] = {
        "meta": {"profile": [f"{_PAS}profile-beneficiary"]},
        "identifier": [{"type": _coding(f"{_TERMS}v2-0203", "MB"), "system": f"{_OURS}member", "value": who.member_id}],
        "name": [{"family": who.family, "given": [who.given]}], "gender": _SEX.get(who.sex, "unknown"),
    }
    if who.born_on:
        person["birthDate"] = who.born_on.isoformat()
    return person
