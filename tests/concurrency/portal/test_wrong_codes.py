# SPDX-License-Identifier: Apache-2.0
"""Many guesses at one patient's code at the same moment are one guess: the rest are told to wait. So are many right ones and a wrong one."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import connection

from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered
from openinfusion.portal import public as portal
from openinfusion.portal.models import PageSession, PatientLink

GUESSES = 8
BORN = date(1970, 1, 1)


def test_guesses_at_the_same_moment_count_once_and_five_in_a_row_lock(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    with entered(organization_id):
        link_id, patient, code = _link(someone(*Role))
    wrong = "000000" if code != "000000" else "111111"
    for round in range(1, 6):
        results = _at_once(link_id, patient, [wrong] * GUESSES)
        with entered(organization_id):
            row = PatientLink.objects.get(pk=link_id)
            assert row.wrong_tries == round and results.count("wrong") == 1
            refused = "closed" if round == 5 else "wait"
            assert results.count(refused) == GUESSES - 1, results
            PatientLink.objects.filter(pk=link_id).update(next_try_at=now())
    with entered(organization_id):
        assert row.state == "locked" and not PageSession.objects.exists()
        assert set(_at_once(link_id, patient, [code] * 2)) == {"closed"}, "the right code does not open a locked link"


def test_the_right_code_beside_wrong_ones_either_opens_or_waits(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    with entered(organization_id):
        link_id, patient, code = _link(someone(*Role))
    wrong = "000000" if code != "000000" else "111111"
    results = _at_once(link_id, patient, [code] + [wrong] * (GUESSES - 1))
    with entered(organization_id):
        sessions, row = PageSession.objects.count(), PatientLink.objects.get(pk=link_id)
    assert sessions == results.count("in") <= 1
    assert results.count("wrong") == 1 == row.wrong_tries, "one wrong guess was counted, whether before or after"
    assert set(results) <= {"in", "wrong", "wait"}


def _link(by: Actor) -> tuple[UUID, Actor, str]:
    patient_id = patients.register(demographics=Demographics(
        "Race", "Ada", BORN, Sex.FEMALE, Address("1 Sample Way", "", "Springfield", "IL", "62701")), by=by)
    made = portal.give_link(patient_id=patient_id, code_way="phone", by=by)
    return UUID(made["id"]), portal.patient_actor(patient_id), made["code"]


def _at_once(link_id: UUID, patient: Actor, codes: list[str]) -> list[str]:
    results, start = [""] * len(codes), threading.Barrier(len(codes))

    def guess(n: int) -> None:
        try:
            start.wait(timeout=20)
            results[n] = "in" if portal.come_in(link_id=link_id, code=codes[n], born_on=BORN, by=patient) else "wrong"
        except Refused as no:
            results[n] = no.reasons[0].code
        except NotFound:
            results[n] = "closed"
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(len(codes))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    return results
