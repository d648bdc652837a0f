# SPDX-License-Identifier: Apache-2.0
"""Registering: the same person gets the same record, a near one is flagged for a human, nobody is merged."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Patient, PossibleMatch
from openinfusion.patients.public import Address, Demographics, Identifier, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import verify

Someone = Callable[..., Actor]
ADA = Demographics(
    "Fictional", "Ada", date(1960, 5, 17), Sex.FEMALE, Address("1 Sample Street", "", "Springfield", "IL", "62701"),
    identifiers=(Identifier("urn:example:mrn", "A1"),),
)


def test_the_same_person_twice_is_one_record(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    first = patients.register(demographics=ADA, by=by)
    assert patients.register(demographics=ADA, by=by) == first
    assert patients.register(demographics=replace(ADA, identifiers=(), given="ADA"), by=by) == first
    assert Patient.objects.count() == 1 and not PossibleMatch.objects.exists()
    assert list(verify()) == []


def test_what_was_blank_is_filled_and_what_was_known_is_not_overwritten(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    id = patients.register(demographics=ADA, by=by)
    patients.register(demographics=replace(ADA, phone="555-0100", address=replace(ADA.address, line1="9 Other Road")), by=by)
    found = patients.patient(id)
    assert (found.phone, found.address.line1) == ("555-0100", "1 Sample Street")


def test_a_near_match_is_a_new_record_and_waits_for_a_human(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    first = patients.register(demographics=ADA, by=by)
    second = patients.register(demographics=replace(ADA, identifiers=(), address=replace(ADA.address, zip="60601")), by=by)
    assert second != first
    waiting = patients.waiting(by).rows
    assert [w.title for w in waiting] == ["same name and birth date"]
    assert "possible duplicate" in patients.banner(second).chips
    patients.decide_match(match_id=waiting[0].id, decision="different", reason="mother and daughter", by=by)
    assert patients.waiting(by).rows == () and "possible duplicate" not in patients.banner(second).chips


def test_an_identifier_alone_does_not_make_two_people_one(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    first = patients.register(demographics=ADA, by=by)
    second = patients.register(demographics=replace(ADA, family="Stranger", given="Bo", born_on=date(1990, 1, 1)), by=by)
    assert second != first and len(patients.waiting(by).rows) == 1
    assert patients.patient(first).identifiers and not patients.patient(second).identifiers


def test_the_time_zone_follows_the_state_and_is_not_guessed_without_one(scope: UUID, someone: Someone) -> None:
    by = someone(Role.INTAKE)
    assert patients.patient(patients.register(demographics=ADA, by=by)).timezone == "America/Chicago"
    bare = Demographics("Nowhere", "Nemo", date(1980, 1, 1), Sex.UNKNOWN)
    assert patients.patient(patients.register(demographics=bare, by=by)).timezone == ""


def test_a_birth_date_in_the_future_saves_nothing(scope: UUID, someone: Someone) -> None:
    with pytest.raises(Malformed, match="lies in the future"):
        patients.register(demographics=replace(ADA, born_on=date(2199, 1, 1)), by=someone(Role.INTAKE))
    assert Patient.objects.count() == 0


def test_a_driver_may_not_register(scope: UUID, someone: Someone) -> None:
    with pytest.raises(Refused, match=r"patients\.patient\.register"):
        patients.register(demographics=ADA, by=someone(Role.DRIVER))
    assert Patient.objects.count() == 0


@pytest.mark.parametrize("text", ["fic", "Fictional, A", "ada fict", "1960-05-17", "FICTIONAL"])
def test_a_patient_is_found_by_name_or_birth_date(scope: UUID, someone: Someone, text: str) -> None:
    by = someone(Role.INTAKE)
    patients.register(demographics=ADA, by=by)
    assert [hit.title for hit in patients.find(text, by)] == ["FICTIONAL, Ada"]
    assert patients.find("zzz", by) == []


def test_another_pharmacy_does_not_see_the_patient(scope: UUID, someone: Someone, other_organization_id: UUID) -> None:
    id = patients.register(demographics=ADA, by=someone(Role.INTAKE))
    from openinfusion.platform.scope import _current, set_local

    token = _current.set(other_organization_id)
    set_local("app.organization", str(other_organization_id))
    try:
        with pytest.raises(NotFound):
            patients.patient(id)
    finally:
        _current.reset(token)
        set_local("app.organization", str(scope))
