# SPDX-License-Identifier: Apache-2.0
"""What every test shares; most fixtures stand in openinfusion.platform.testing."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from openinfusion.platform.testing import django_db_setup  # noqa: F401  (stands in for pytest-django's own)

settings.register_profile("ci", max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")

ZONE = ZoneInfo("America/Chicago")


@dataclass(frozen=True)
class Pharmacy:
    """A whole pharmacy, open and staffed: who works there, with which password, and what a package's barcode says."""

    organization_id: UUID
    site_id: UUID
    hood_id: UUID
    actors: dict[str, Any]
    emails: dict[str, str]
    password: str

    @property
    def today(self) -> date:
        """The day at the pharmacy and at its patients'."""
        return datetime.now(ZONE).date()

    def stock(self, *names: str, therapy_class: str = "antibiotic") -> None:
        """Packages of the products whose name contains one of these, and the supplies of the therapy's kit."""
        from openinfusion.catalog import public as catalog
        from openinfusion.platform.scope import entered

        with entered(self.organization_id):
            self._stock(catalog, names, therapy_class)

    def _stock(self, catalog: Any, names: tuple[str, ...], therapy_class: str) -> None:
        wanted = (*names, "sterile water for injection 20 mL", "sterile water for injection 100 mL")  # for powders
        found = [p for kind in ("drug", "diluent", "supply") for p in catalog.products_of(kind=kind)
                 if any(name in p.name for name in wanted)]
        for product in [*found, *(line.product for line in catalog.template(therapy_class).kit)]:
            self.receive(product)

    def receive(self, product: Any, packages: int = 200) -> None:
        """Packages of a product in one lot, on the first shelf."""
        from openinfusion.inventory import public as inventory
        from openinfusion.kernel.money import Money

        inventory.receive_stock(
            product_id=product.id, lot=f"L{product.ndc11[-6:]}", expires_on=self.today + timedelta(days=400),
            quantity=Decimal(packages), location=inventory.locations(self.site_id)[0].id, cost=Money(product.cost.cents),
            supplier="Example Wholesale", by=self.actors["buyer"],
        )


def _open_for_the_day(organization_id: UUID, site_id: UUID, actors: dict[str, Any]) -> None:
    """What a pharmacy does each morning: everybody garbs, everything is cleaned, every room's pressure is read."""
    from openinfusion.platform.clock import now
    from openinfusion.platform.scope import entered
    from openinfusion.sites import public as sites
    from openinfusion.team import public as team

    for key in ("technician", "technician2", "technician4", "pharmacist", "pharmacist3"):
        team.attest_garb(site_id=site_id, hazardous=True, by=actors[key])
    with entered(organization_id):
        hoods, rooms = [h.id for h in sites.hoods(site_id)], sites.rooms(site_id)
    sporicidal, pressure = sites.CleaningKind.SPORICIDAL, sites.Measured.PRESSURE
    sites.record_cleaning(site_id=site_id, agent="sporicidal wipe", kind=sporicidal, by=actors["technician"], hood_ids=hoods,
                          room_ids=[r.id for r in rooms])
    readings = [sites.Given(str(r.id), pressure, Decimal("-0.020" if r.hazardous else "0.030"), now()) for r in rooms]
    sites.record_round(site_id=site_id, by=actors["technician"], readings=readings)


@pytest.fixture
def pharmacy(request: pytest.FixtureRequest, organization_id: UUID) -> Pharmacy:
    """A fresh pharmacy with everybody in it; committed where the test commits."""
    request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")
    from openinfusion.catalog import public as catalog
    from openinfusion.demo.staff import open_house
    from openinfusion.inventory import public as inventory
    from openinfusion.payers import public as payers
    from openinfusion.platform.clock import now
    from openinfusion.platform.permissions import system_actor

    by = system_actor(organization_id)
    house = open_house(organization_id, now() - timedelta(days=30), now(), f"{organization_id.hex}.example")
    catalog.load_catalog(by=by)
    payers.load_payers(by=by)
    site_id = house.sites["north"]
    inventory.open_location(site_id=site_id, code="A1", name="Shelf A1", kind=inventory.PlaceKind.SHELF, by=by)
    _open_for_the_day(organization_id, site_id, house.actors)
    return Pharmacy(organization_id, site_id, house.crews[0].hoods["main"], house.actors, house.emails, house.password)


def _coded(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def _observed(loinc: str, text: str, value: float, unit: str, at: datetime, category: str) -> dict[str, Any]:
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}]}
    return {
        "resourceType": "Observation", "status": "final", "category": [kind], "code": _coded("http://loinc.org", loinc, text),
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": at.isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


def _order(start: date) -> dict[str, Any]:
    timing = {"repeat": {
        "frequency": 1, "period": 24, "periodUnit": "h", "duration": 30, "durationUnit": "min",
        "boundsPeriod": {"start": str(start), "end": str(start + timedelta(days=13))},
    }}
    dosage = {
        "text": "2 g IV every 24 hours over 30 minutes for 14 days", "timing": timing, "route": {"text": "IV"},
        "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}],
    }
    return {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "ceftriaxone"}, "subject": {"reference": "Patient/p1"}, "authoredOn": str(start),
        "requester": {"reference": "Practitioner/d1"}, "dosageInstruction": [dosage],
        "reasonCode": [_coded("http://hl7.org/fhir/sid/icd-10-cm", "M86.172", "Acute osteomyelitis of the left ankle and foot")],
    }


@pytest.fixture
def fictional_bundle() -> Callable[..., bytes]:
    """fictional_bundle(family=..., start=...) → a FHIR R4 bundle of a patient who does not exist, as a hospital would send it."""

    def bundle(family: str = "Sampleton", given: str = "Amara", start: date | None = None) -> bytes:
        at = datetime.now(ZONE) - timedelta(days=1)
        resources = [
            {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "urn:example:hospital", "value": f"H-{family}"}],
             "name": [{"use": "official", "family": family, "given": [given]}], "gender": "female", "birthDate": "1968-07-14",
             "telecom": [{"system": "phone", "value": "2175550123"}],
             "address": [{"use": "home", "line": ["2 Fiction Lane"], "city": "Springfield", "state": "IL", "postalCode": "62701"}]},
            {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Fictional", "given": ["Lena"]}],
             "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}]},
            _order(start or datetime.now(ZONE).date()),
            {"resourceType": "Condition", "subject": {"reference": "Patient/p1"},
             "clinicalStatus": _coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
             "code": _coded("http://hl7.org/fhir/sid/icd-10-cm", "M86.172", "Acute osteomyelitis of the left ankle and foot")},
            {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p1"},
             "code": _coded("http://snomed.info/sct", "716186003", "No known allergy")},
            _observed("29463-7", "Body weight", 71.4, "kg", at, "vital-signs"),
            _observed("8302-2", "Body height", 165, "cm", at, "vital-signs"),
            _observed("2160-0", "Creatinine", 0.9, "mg/dL", at, "laboratory"),
            {"resourceType": "Coverage", "status": "active", "beneficiary": {"reference": "Patient/p1"}, "subscriberId": "DEMO0000001",
             "payor": [{"display": "Meridian Example Health"}], "period": {"start": f"{at.year}-01-01"},
             "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "ppo", "name": "Meridian PPO"}]},
        ]
        entries = [{"fullUrl": f"urn:example:{r['resourceType']}/{r.get('id', n)}", "resource": r} for n, r in enumerate(resources)]
        return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    return bundle


LONGEST = ("test_platform_backup", "test_thread_story", "test_demonstration")  # begun last, one of them runs on alone for minutes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; everything else in its order."""
    places = {name: n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))
