# SPDX-License-Identifier: Apache-2.0
"""Where a home is on the map: said with how it is known, compared with the ZIP code, and gone with the old address."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from openinfusion.kernel.position import read_position
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Patient
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline, verify

Someone = Callable[..., Actor]
ADA = Demographics("Fictional", "Ada", date(1960, 5, 17), Sex.FEMALE, Address("1 Sample Street", "", "Springfield", "IL", "62701"))
HERE = read_position("39.80172, -89.64371")


@pytest.fixture
def ada(scope: UUID, someone: Someone) -> UUID:
    return patients.register(demographics=ADA, by=someone(Role.INTAKE))


def test_a_home_is_put_on_the_map_and_taken_off(ada: UUID, someone: Someone) -> None:
    by = someone(Role.DRIVER)
    patients.locate_home(patient_id=ada, point=HERE, how=" read  from a map ", by=by)
    found = patients.patient(ada).address
    assert (found.point, found.located_how) == (HERE, "read from a map")
    assert any("on the map (read from a map)" in line.sentence for line in timeline(subject_id=ada))
    patients.locate_home(patient_id=ada, point=None, by=by)
    assert patients.patient(ada).address.point is None
    with pytest.raises(Refused, match="no place on the map"):
        patients.locate_home(patient_id=ada, point=None, by=by)
    assert list(verify()) == []


def test_a_slip_of_the_hand_is_asked_about(ada: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    with pytest.raises(Refused, match=r"[0-9],[0-9]{3} km from the middle of ZIP code 62701"):
        patients.locate_home(patient_id=ada, point=read_position("39.80172, 89.64371"), how="typed", by=by)
    with pytest.raises(Malformed, match="how the place is known"):
        patients.locate_home(patient_id=ada, point=HERE, how=" ", by=by)
    with pytest.raises(Refused):
        patients.locate_home(patient_id=ada, point=HERE, how="typed", by=someone(Role.BILLER))
    assert patients.patient(ada).address.point is None
    far = read_position("41.0, -89.6")
    patients.locate_home(patient_id=ada, point=far, how="typed", reason="the ZIP code is that of a post office box", by=by)
    assert patients.patient(ada).address.point == far


def test_without_a_zip_code_nobody_can_compare(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    bare = patients.register(demographics=replace(ADA, address=Address()), by=by)
    with pytest.raises(Refused, match="no ZIP code"):
        patients.locate_home(patient_id=bare, point=HERE, how="typed", reason="sure", by=by)
    unknown = patients.register(demographics=replace(ADA, given="Bea", address=replace(ADA.address, zip="00001")), by=by)
    with pytest.raises(Refused, match="not known"):
        patients.locate_home(patient_id=unknown, point=HERE, how="typed", by=by)
    patients.locate_home(patient_id=unknown, point=HERE, how="typed", reason="a new ZIP code", by=by)


def test_a_new_address_takes_the_place_away_in_the_domain_and_in_the_database(ada: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    patients.locate_home(patient_id=ada, point=HERE, how="typed", by=by)
    patients.change_demographics(patient_id=ada, demographics=replace(ADA, phone="555-0100"), by=by)
    patients.change_demographics(patient_id=ada, demographics=replace(ADA, address=replace(ADA.address, line2="Apt 2")), by=by)
    assert patients.patient(ada).address.point == HERE
    for wrong in ({"line1": "2 Elsewhere"}, {"zip": ""}, {"latitude": None}, {"located_how": ""}, {"latitude": 91}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Patient.objects.filter(pk=ada).update(**wrong)
    patients.change_demographics(patient_id=ada, demographics=replace(ADA, address=replace(ADA.address, line1="2 New Road")), by=by)
    found = patients.patient(ada).address
    assert (found.line1, found.point, found.located_how) == ("2 New Road", None, "")
    assert any("was of the old address" in line.sentence for line in timeline(subject_id=ada))


def test_by_the_page_and_by_the_api(ada: UUID, account: Callable[..., Any]) -> None:
    client, other = Client(), Client()
    client.force_login(account(Role.INTAKE))
    other.force_login(account(Role.BILLER))
    page = client.get(f"/patients/{ada}/").content.decode()
    assert "only the ZIP code" in page and "Put it on the map" in page
    assert "Put it on the map" not in other.get(f"/patients/{ada}/").content.decode()
    assert client.post(f"/patients/{ada}/place/", {"point": "Springfield", "how": "typed"}).status_code == 422
    assert client.post(f"/patients/{ada}/place/", {"point": "39.80172, 89.64371", "how": "typed"}).status_code == 409
    assert client.post(f"/patients/{ada}/place/", {"point": "39.80172, -89.64371", "how": "read from a map"}).status_code == 302
    assert "39.80172, -89.64371" in client.get(f"/patients/{ada}/").content.decode()
    assert client.get(f"/api/patients/{ada}/place").json() == {"latitude": "39.80172", "longitude": "-89.64371", "how": "read from a map"}
    body = {"latitude": "39.8", "longitude": "-89.7", "how": "the nurse"}
    assert other.post(f"/api/patients/{ada}/place", json.dumps(body), content_type="application/json").status_code == 403
    assert client.post(f"/api/patients/{ada}/place", json.dumps(body), content_type="application/json").status_code == 200
    assert client.post(f"/api/patients/{ada}/place", json.dumps({"latitude": "39.8"}), content_type="application/json").status_code == 422
    assert patients.patient(ada).address.located_how == "the nurse"
    assert client.post(f"/patients/{ada}/place/", {"point": ""}).status_code == 302 and patients.patient(ada).address.point is None
