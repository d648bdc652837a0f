# SPDX-License-Identifier: Apache-2.0
"""Two people take the same delivery out, or hand it over, at the same moment: one does, the others are told."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from tests.deliveries import a_checked_delivery

from openinfusion.catalog import public as catalog
from openinfusion.delivery import public as delivery
from openinfusion.delivery.queries.road import chain_of
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy

PHARMACY = {"legal_name": "Race Test Pharmacy", "npi": "1", "tax_id": "1", "taxonomy": "x", "street": "1", "city": "1",
            "state_code": "IL", "zip_code": "62701", "phone": "1"}
MANY = 5


def at_once(work: Callable[[], object]) -> list[str]:
    """The same work by many at once; what came of each: won, or the code of its refusal."""
    start, results = threading.Barrier(MANY), [""] * MANY

    def one(n: int) -> None:
        try:
            start.wait(timeout=20)
            work()
            results[n] = "won"
        except Refused as no:
            results[n] = no.reasons[0].code
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(MANY)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    return results


def a_delivery(by: Actor, checker: Actor) -> UUID:
    catalog.load_catalog(by=by)
    site_id = sites.open_site(name="Race", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
    sites.record_site_licence(site_id=site_id, kind=sites.LicenceKind.PHARMACY, state="IL", number="054",
                              expires_on=today("America/Chicago") + timedelta(days=99), by=by)
    patient_id = patients.register(demographics=Demographics(
        "Racer", "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701")), by=by)
    therapy_id = therapy.begin_therapy(
        patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=site_id,
        prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=by)
    return a_checked_delivery(therapy_id, patient_id, site_id, by, checker)


def test_one_takes_it_out_and_one_hands_it_over(committed: None, organization_id: UUID, someone: Callable[..., Actor]) -> None:
    by, checker = someone(*Role), someone(*Role, name="Second Person")
    with entered(organization_id):
        ticket_id = a_delivery(by, checker)
    out = at_once(lambda: delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", by=by))
    assert out.count("won") == 1, out
    over = at_once(lambda: delivery.hand_over(ticket_id=ticket_id, received_by="Amara", relation="self", signature="typed:Amara", by=by))
    assert over.count("won") == 1 and set(out + over) - {"won"} == set(out + over) - {"won", ""}, (out, over)
    assert not [r for r in out + over if ":" in r], (out, over)
    with entered(organization_id):
        assert delivery.ticket(ticket_id).state == "delivered"
        assert [(h.giver, h.taker) for h in chain_of(ticket_id)] == [("Pharmacy", by.name), (by.name, "Amara")]


def test_a_van_asked_for_by_many_at_once_is_given_to_one(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, starts = someone(*Role), now() + timedelta(days=1)
    with entered(organization_id):
        site_id = sites.open_site(name="Vans", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
        van = delivery.keep_vehicle(site_id=site_id, name="Van 1", by=by)
        drivers = iter([team.add_person(email=f"van{n}.{organization_id.hex}@example.org", name=f"Driver {n}",
                                        roles=frozenset({Role.DRIVER}), by=by) for n in range(MANY)])
    found = at_once(lambda: delivery.plan_driver_time(
        driver_id=next(drivers), site_id=site_id, kind="works", starts_at=starts, ends_at=starts + timedelta(hours=8), vehicle_id=van, by=by))
    assert sorted(found) == ["vehicle-taken"] * (MANY - 1) + ["won"]
